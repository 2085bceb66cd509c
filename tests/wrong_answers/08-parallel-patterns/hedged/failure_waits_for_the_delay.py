"""Asks the second only after the delay, though the first has failed.

check: a failure is no answer
mistake: waits-after-failure
"""

async def hedged(ask, replicas, delay, read_only):
    if not read_only:
        return await ask(replicas[0])
    begun = asyncio.get_running_loop().time()
    tasks = [asyncio.create_task(ask(replicas[0]))]
    try:
        done, _ = await asyncio.wait(tasks, timeout=delay)
        if done and not tasks[0].exception():
            return tasks[0].result()
        await asyncio.sleep(begun + delay - asyncio.get_running_loop().time())
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
