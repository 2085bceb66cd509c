"""Takes its own cancellation for one more failed read.

check: the losers are stopped
mistake: swallows-cancel
"""

async def first_k(reads, k):
    tasks = [asyncio.create_task(read()) for read in reads]
    answers, failures = [], 0
    try:
        for next_done in asyncio.as_completed(tasks):
            try:
                answers.append(await next_done)
            except BaseException:
                failures += 1
            if len(answers) == k:
                break
            if len(tasks) - failures < k:
                raise LookupError("too few")
        return answers
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
