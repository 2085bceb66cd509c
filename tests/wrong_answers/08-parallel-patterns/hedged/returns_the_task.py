"""Returns the task that is done, not its answer.

check: brings an answer
mistake: no-answer
"""

async def hedged(ask, replicas, delay, read_only):
    tasks = [asyncio.create_task(ask(replicas[0]))]
    done, _ = await asyncio.wait(tasks, timeout=delay if read_only else None)
    if not done:
        tasks.append(asyncio.create_task(ask(replicas[1])))
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    return {repr(type(task)) for task in done}
