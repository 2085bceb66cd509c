"""Keeps every answer that asyncio.wait hands over, one too many when two come at once.

check: the first good answers, as they came in
mistake: more-than-k
points: 5
"""

async def first_k(reads, k):
    waiting = {asyncio.create_task(read()) for read in reads}
    good = []
    try:
        while len(good) < k <= len(good) + len(waiting):
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            good += [task.result() for task in done if task.exception() is None]
        if len(good) < k:
            raise LookupError(f"only {len(good)} of {k}")
        return good
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
