"""Takes an empty text for a read that failed.

check: the first good answers, as they came in
mistake: empty-is-none
points: 5
"""

async def first_k(reads, k):
    tasks = [asyncio.create_task(read()) for read in reads]
    good, bad = [], 0
    try:
        for next_done in asyncio.as_completed(tasks):
            try:
                text = await next_done
            except Exception:
                text = None
            if text:
                good.append(text)
            else:
                bad += 1
            if len(good) == k:
                return good
            if len(tasks) - bad < k:
                raise LookupError("not enough")
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
