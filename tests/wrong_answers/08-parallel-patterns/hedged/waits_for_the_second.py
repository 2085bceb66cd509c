"""Once the second is asked, listens only to that one.

check: then the first answer counts, whoever gives it
mistake: waits-for-the-wrong-one
"""

async def hedged(ask, replicas, delay, read_only):
    if not read_only:
        return await ask(replicas[0])
    tasks = [asyncio.create_task(ask(replicas[0]))]
    try:
        done, _ = await asyncio.wait(tasks, timeout=delay)
        if done and not tasks[0].exception():
            return tasks[0].result()
        return await ask(replicas[1])
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
