"""Asks the losers to stop and does not wait until they have.

check: the losers are stopped
mistake: left-running
"""

async def first_k(reads, k):
    tasks = [asyncio.create_task(read()) for read in reads]
    answers, left = [], len(tasks)
    try:
        for next_done in asyncio.as_completed(tasks):
            try:
                answers.append(await next_done)
            except Exception:
                pass
            left -= 1
            if len(answers) == k:
                return answers
            if len(answers) + left < k:
                raise LookupError("too few")
    finally:
        for task in tasks:
            task.cancel()
