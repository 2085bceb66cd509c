"""Returns results in the order in which work ends.

check: one result for each item, in their order
mistake: completion-order
"""

async def map_bounded(next_item, work, limit):
    results = []

    async def slot():
        while (item := next_item()) is not None:
            results.append(await work(item))

    async with asyncio.TaskGroup() as group:
        for _ in range(limit):
            group.create_task(slot())
    return results
