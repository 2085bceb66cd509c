"""Returns the right answers in the order of the reads.

check: the first good answers, as they came in
mistake: order-of-reads
"""

async def first_k(reads, k):
    tasks = [asyncio.create_task(read()) for read in reads]
    waiting = set(tasks)
    try:
        while True:
            _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            good = [t.result() for t in tasks if t.done() and t.exception() is None]
            if len(good) == k:
                return good
            if len(good) + len(waiting) < k:
                raise LookupError("too few")
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
