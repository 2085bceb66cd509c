"""Sleeps the whole delay, then looks: a quick answer waits as well.

check: a quick answer costs one request
mistake: too-slow
"""

async def hedged(ask, replicas, delay, read_only):
    if not read_only:
        return await ask(replicas[0])
    tasks = [asyncio.create_task(ask(replicas[0]))]
    try:
        await asyncio.sleep(delay)
        if tasks[0].done() and tasks[0].exception() is None:
            return tasks[0].result()
        tasks.append(asyncio.create_task(ask(replicas[1])))
        for next_done in asyncio.as_completed(tasks):
            try:
                return await next_done
            except Exception as raised:
                error = raised
        raise error
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
