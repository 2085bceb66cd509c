"""Cancels the first request when the delay is over.

check: then the first answer counts, whoever gives it
mistake: drops-first
points: 5
"""

async def hedged(ask, replicas, delay, read_only):
    if not read_only:
        return await ask(replicas[0])
    try:
        return await asyncio.wait_for(ask(replicas[0]), delay)
    except Exception:
        return await ask(replicas[1])
