"""Puts the text of an error in the place of the result and goes on.

check: a failure stops the rest
mistake: failure-hidden
"""

async def map_bounded(next_item, work, limit):
    results = []

    async def slot():
        while (item := next_item()) is not None:
            place = len(results)
            results.append("")
            try:
                results[place] = await work(item)
            except Exception as error:
                results[place] = f"error: {error}"

    async with asyncio.TaskGroup() as group:
        for _ in range(limit):
            group.create_task(slot())
    return results
