"""Waits twice as long as it should before it asks the second.

check: a slow read is asked again elsewhere
mistake: hedges-late
"""

async def hedged(ask, replicas, delay, read_only):
    if not read_only:
        return await ask(replicas[0])
    tasks = [asyncio.create_task(ask(replicas[0]))]
    try:
        for _ in range(2):
            done, _waiting = await asyncio.wait(tasks, timeout=delay)
            if done:
                break
        if not done or tasks[0].exception():
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
