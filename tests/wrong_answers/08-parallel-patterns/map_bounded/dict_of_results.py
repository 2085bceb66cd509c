"""Returns a dict from items to results.

check: returns a list
mistake: not-a-list
"""

async def map_bounded(next_item, work, limit):
    results = {}

    async def slot():
        while (item := next_item()) is not None:
            results[item] = await work(item)

    async with asyncio.TaskGroup() as group:
        for _ in range(limit):
            group.create_task(slot())
    return results
