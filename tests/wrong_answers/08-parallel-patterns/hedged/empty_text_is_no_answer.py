"""Asks the second replica when the first has answered with an empty text.

check: a quick answer costs one request
mistake: empty-is-none
points: 8
"""

async def hedged(ask, replicas, delay, read_only):
    if not read_only:
        return await ask(replicas[0])
    tasks = [asyncio.create_task(ask(replicas[0]))]
    try:
        done, _ = await asyncio.wait(tasks, timeout=delay)
        answer = tasks[0].result() if done and tasks[0].exception() is None else None
        if answer:
            return answer
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
