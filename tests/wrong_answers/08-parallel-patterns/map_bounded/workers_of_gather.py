"""Runs the workers with gather, which lets the others go on after a failure.

check: a failure stops the rest
mistake: goes-on
"""

async def map_bounded(next_item, work, limit):
    results = []

    async def slot():
        while (item := next_item()) is not None:
            place = len(results)
            results.append("")
            results[place] = await work(item)

    await asyncio.gather(*(slot() for _ in range(limit)))
    return results
