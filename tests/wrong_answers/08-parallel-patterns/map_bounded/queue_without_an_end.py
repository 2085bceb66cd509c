"""Pours the whole source into a queue, from which workers take.

check: takes an item only when a slot is free
mistake: reads-all
"""

async def map_bounded(next_item, work, limit):
    queue, results = asyncio.Queue(), {}
    for place, item in enumerate(iter(next_item, None)):
        queue.put_nowait((place, item))

    async def slot():
        while not queue.empty():
            place, item = queue.get_nowait()
            results[place] = await work(item)

    async with asyncio.TaskGroup() as group:
        for _ in range(limit):
            group.create_task(slot())
    return [results[place] for place in sorted(results)]
