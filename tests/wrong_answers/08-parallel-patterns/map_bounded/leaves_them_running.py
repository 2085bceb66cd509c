"""Raises at once, and leaves what is in flight behind.

check: a failure stops the rest
mistake: left-running
"""

async def map_bounded(next_item, work, limit):
    tasks, waiting = [], set()
    item = next_item()
    while item is not None or waiting:
        while item is not None and len(waiting) < limit:
            tasks.append(asyncio.create_task(work(item)))
            waiting.add(tasks[-1])
            item = next_item() if len(waiting) < limit else ...
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        if item is ...:
            item = next_item()
    return [task.result() for task in tasks]
