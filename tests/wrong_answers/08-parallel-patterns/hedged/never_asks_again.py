"""Waits for the first replica, however long it takes.

check: a slow read is asked again elsewhere
mistake: never-hedges
"""

async def hedged(ask, replicas, delay, read_only):
    try:
        return await ask(replicas[0])
    except Exception:
        if not read_only:
            raise
        return await ask(replicas[1])
