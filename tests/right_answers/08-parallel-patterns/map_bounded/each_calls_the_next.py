"""Each task starts its successor in the same slot."""

async def map_bounded(next_item, work, limit):
    results = []

    async with asyncio.TaskGroup() as group:

        def fill():
            item = next_item()
            if item is not None:
                results.append(None)
                group.create_task(one(len(results) - 1, item))

        async def one(place, item):
            results[place] = await work(item)
            fill()

        for _ in range(limit):
            fill()
    return results
