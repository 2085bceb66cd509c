"""Takes an empty text for the end of the source.

check: one result for each item, in their order
mistake: falsy-end
points: 8
"""

async def map_bounded(next_item, work, limit):
    results = []

    async def slot():
        while item := next_item():
            place = len(results)
            results.append("")
            results[place] = await work(item)

    async with asyncio.TaskGroup() as group:
        for _ in range(limit):
            group.create_task(slot())
    return results
