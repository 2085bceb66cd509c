"""Finishes what is in flight before it lets the error go on.

check: a failure stops the rest
mistake: fails-late
"""

async def map_bounded(next_item, work, limit):
    results, errors = [], []

    async def slot():
        while not errors and (item := next_item()) is not None:
            place = len(results)
            results.append("")
            try:
                results[place] = await work(item)
            except Exception as error:
                errors.append(error)

    async with asyncio.TaskGroup() as group:
        for _ in range(limit):
            group.create_task(slot())
    if errors:
        raise errors[0]
    return results
