"""Asks both replicas at once.

check: a quick answer costs one request
mistake: asks-both
"""

async def hedged(ask, replicas, delay, read_only):
    if not read_only:
        return await ask(replicas[0])
    tasks = [asyncio.create_task(ask(replica)) for replica in replicas]
    try:
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
