"""Notes answers as they come in, but comes back only when all have.

check: all start at once, and the last answer needed ends the wait
mistake: waits-for-all
"""

async def first_k(reads, k):
    answers = []

    async def one(read):
        try:
            answers.append(await read())
        except Exception:
            pass

    await asyncio.gather(*(one(read) for read in reads))
    if len(answers) < k:
        raise LookupError("too few")
    return answers[:k]
