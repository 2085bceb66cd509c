"""Callbacks of the tasks settle one future."""

async def first_k(reads, k):
    decided = asyncio.get_running_loop().create_future()
    answers, failures = [], []

    def note(task):
        if task.cancelled() or decided.done():
            return
        (failures if task.exception() else answers).append(task)
        if len(answers) == k:
            decided.set_result([each.result() for each in answers])
        elif len(reads) - len(failures) < k:
            decided.set_exception(LookupError("too few"))

    tasks = []
    for read in reads:
        task = asyncio.ensure_future(read())
        task.add_done_callback(note)
        tasks.append(task)
    try:
        return await decided
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
