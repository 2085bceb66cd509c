"""Sorts the results by the text of their items.

check: one result for each item, in their order
mistake: other-order
"""

async def map_bounded(next_item, work, limit):
    results = {}

    async def slot():
        while (item := next_item()) is not None:
            results[item] = await work(item)

    async with asyncio.TaskGroup() as group:
        for _ in range(limit):
            group.create_task(slot())
    return [results[item] for item in sorted(results)]
