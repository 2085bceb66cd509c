"""Takes the next item and then waits for a slot.

check: takes an item only when a slot is free
mistake: takes-ahead
"""

async def map_bounded(next_item, work, limit):
    slots = asyncio.Semaphore(limit)

    async def one(item):
        try:
            return await work(item)
        finally:
            slots.release()

    tasks = []
    async with asyncio.TaskGroup() as group:
        while (item := next_item()) is not None:
            await slots.acquire()
            tasks.append(group.create_task(one(item)))
    return [task.result() for task in tasks]
