"""Workers in a task group of anyio, results in a dict by place."""

from itertools import count

import anyio


async def map_bounded(next_item, work, limit):
    places, results = count(), {}

    async def worker():
        for item in iter(next_item, None):
            place = next(places)
            results[place] = await work(item)

    async with anyio.create_task_group() as group:
        for _ in range(limit):
            group.start_soon(worker)
    return [results[place] for place in sorted(results)]
