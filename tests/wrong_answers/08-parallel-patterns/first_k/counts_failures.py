"""Takes the first k that are done, failed or not.

check: the first good answers, as they came in
mistake: failure-counted
"""

async def first_k(reads, k):
    tasks = [asyncio.create_task(read()) for read in reads]
    answers, waiting = [], set(tasks)
    while len(answers) < k:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        answers += [task.exception() or task.result() for task in done]
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    return answers[:k]
