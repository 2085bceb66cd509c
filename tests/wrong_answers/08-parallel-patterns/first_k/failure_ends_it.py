"""Asks every task that is done for its result, which raises if it failed.

check: the first good answers, as they came in
mistake: failure-escapes
points: 4
"""

async def first_k(reads, k):
    tasks = [asyncio.create_task(read()) for read in reads]
    answers = []
    try:
        for next_done in asyncio.as_completed(tasks):
            answers.append(await next_done)
            if len(answers) == k:
                return answers
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
