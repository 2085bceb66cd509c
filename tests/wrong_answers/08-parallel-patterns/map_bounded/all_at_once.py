"""Ignores the limit.

check: exactly limit in flight
mistake: over-limit
"""

async def map_bounded(next_item, work, limit):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work(item)) for item in iter(next_item, None)]
    return [task.result() for task in tasks]
