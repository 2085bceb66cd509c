"""Takes what it needs from as_completed and leaves the rest running.

check: the losers are stopped
mistake: left-running
"""

async def first_k(reads, k):
    answers, left = [], len(reads)
    for next_done in asyncio.as_completed([asyncio.create_task(read()) for read in reads]):
        try:
            answers.append(await next_done)
        except Exception:
            pass
        left -= 1
        if len(answers) == k:
            return answers
        if len(answers) + left < k:
            raise LookupError("too few")
