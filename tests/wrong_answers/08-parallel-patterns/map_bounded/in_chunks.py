"""Takes limit items, waits for all of them, takes the next ones.

check: a free slot is filled at once
mistake: chunks
"""

async def map_bounded(next_item, work, limit):
    results = []
    while True:
        chunk = []
        while len(chunk) < limit and (item := next_item()) is not None:
            chunk.append(item)
        if not chunk:
            return results
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work(item)) for item in chunk]
        results += [task.result() for task in tasks]
