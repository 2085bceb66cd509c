"""Stops at the end of the source, without what is still in flight.

check: one result for each item, in their order
mistake: result-lost
"""

async def map_bounded(next_item, work, limit):
    results, waiting = [], set()
    while True:
        while len(waiting) < limit:
            item = next_item()
            if item is None:
                for task in waiting:
                    task.cancel()
                await asyncio.gather(*waiting, return_exceptions=True)
                return results
            waiting.add(asyncio.create_task(work(item)))
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        results += [task.result() for task in done]
