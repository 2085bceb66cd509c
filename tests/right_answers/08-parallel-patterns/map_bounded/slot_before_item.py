"""A semaphore that is taken before the item, in a loop that hands items out."""

async def map_bounded(next_item, work, limit):
    slots, tasks = asyncio.Semaphore(limit), []

    async def one(item):
        text = await work(item)
        slots.release()
        return text

    async with asyncio.TaskGroup() as group:
        while True:
            await slots.acquire()
            item = next_item()
            if item is None:
                break
            tasks.append(group.create_task(one(item)))
    return [task.result() for task in tasks]
