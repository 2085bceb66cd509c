"""Returns the tasks that are done, not what they brought.

check: returns a list of k texts
mistake: not-k-texts
"""

async def first_k(reads, k):
    tasks = [asyncio.create_task(read()) for read in reads]
    good, waiting = [], set(tasks)
    while len(good) < k and waiting:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        good += [str(task) and task for task in done if task.exception() is None]
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    return good[:k]
