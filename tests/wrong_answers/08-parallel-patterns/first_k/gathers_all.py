"""Waits for all reads and returns the first k good ones of the list.

check: the first good answers, as they came in
mistake: not-the-first
"""

async def first_k(reads, k):
    found = await asyncio.gather(*(read() for read in reads), return_exceptions=True)
    good = [text for text in found if not isinstance(text, Exception)]
    if len(good) < k:
        raise LookupError("too few")
    return good[:k]
