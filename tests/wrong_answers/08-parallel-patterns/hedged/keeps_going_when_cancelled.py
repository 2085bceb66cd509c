"""Shields the requests from the order to stop.

check: the loser is stopped
mistake: left-running
"""

async def hedged(ask, replicas, delay, read_only):
    if not read_only:
        return await ask(replicas[0])
    tasks = [asyncio.create_task(ask(replicas[0]))]
    done, _ = await asyncio.wait(tasks, timeout=delay)
    if not done or tasks[0].exception():
        tasks.append(asyncio.create_task(ask(replicas[1])))
    for next_done in asyncio.as_completed(tasks):
        try:
            text = await next_done
        except Exception as raised:
            error = raised
        else:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            return text
    raise error
