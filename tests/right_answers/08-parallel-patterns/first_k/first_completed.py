"""asyncio.wait with FIRST_COMPLETED in a loop."""

async def first_k(reads, k):
    tasks = [asyncio.create_task(read()) for read in reads]
    answers, waiting = [], set(tasks)
    try:
        while len(answers) < k:
            if len(answers) + len(waiting) < k:
                raise LookupError(f"only {len(answers)} good answers of {k}")
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            answers += [task.result() for task in done if task.exception() is None]
        return answers[:k]
    finally:
        for task in waiting:
            task.cancel()
        if waiting:
            await asyncio.wait(waiting)
