"""A task for every item, held back by a semaphore.

check: takes an item only when a slot is free
mistake: reads-all
"""

async def map_bounded(next_item, work, limit):
    slots = asyncio.Semaphore(limit)

    async def one(item):
        async with slots:
            return await work(item)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(item)) for item in iter(next_item, None)]
    return [task.result() for task in tasks]
