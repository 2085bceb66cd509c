"""Does not look whether the request may be sent twice.

check: what may not be done twice is sent once
mistake: hedges-writes
"""

async def hedged(ask, replicas, delay, read_only):
    tasks = [asyncio.create_task(ask(replicas[0]))]
    try:
        done, _ = await asyncio.wait(tasks, timeout=delay)
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
