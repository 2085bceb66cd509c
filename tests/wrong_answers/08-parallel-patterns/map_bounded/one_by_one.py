"""Works on one item at a time.

check: exactly limit in flight
mistake: serial
"""

async def map_bounded(next_item, work, limit):
    return [await work(item) for item in iter(next_item, None)]
