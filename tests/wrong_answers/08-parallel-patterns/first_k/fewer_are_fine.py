"""Returns what there is when too few reads succeed.

check: says at once that there will not be enough
mistake: too-few-unsaid
"""

async def first_k(reads, k):
    tasks = [asyncio.create_task(read()) for read in reads]
    answers = []
    try:
        for next_done in asyncio.as_completed(tasks):
            try:
                answers.append(await next_done)
            except Exception:
                continue
            if len(answers) == k:
                break
        return answers
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
