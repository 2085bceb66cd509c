"""A timeout around a shield leaves the first request in flight."""

async def hedged(ask, replicas, delay, read_only):
    one, other = replicas
    if not read_only:
        return await ask(one)
    first = asyncio.ensure_future(ask(one))
    second = None
    try:
        try:
            async with asyncio.timeout(delay):
                return await asyncio.shield(first)
        except Exception:
            pass
        second = asyncio.ensure_future(ask(other))
        waiting = {first, second}
        while waiting:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if task.exception() is None:
                    return task.result()
        return second.result()
    finally:
        for task in filter(None, (first, second)):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
