"""Turns a failure into its text, and counts that as an answer.

check: the first good answers, as they came in
mistake: failure-counted
"""

async def first_k(reads, k):
    async def one(read):
        try:
            return await read()
        except Exception as error:
            return f"error: {error}"

    tasks = [asyncio.create_task(one(read)) for read in reads]
    try:
        answers = []
        for next_done in asyncio.as_completed(tasks):
            answers.append(await next_done)
            if len(answers) == k:
                return answers
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
