"""Starts one worker fewer than there are slots, but at least one.

check: exactly limit in flight
mistake: serial
"""

async def map_bounded(next_item, work, limit):
    results = []

    async def slot():
        while (item := next_item()) is not None:
            place = len(results)
            results.append("")
            results[place] = await work(item)

    async with asyncio.TaskGroup() as group:
        for _ in range(max(1, limit - 1)):
            group.create_task(slot())
    return results
