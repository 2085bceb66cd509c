"""Workers share one generator of numbered items."""

async def map_bounded(next_item, work, limit):
    numbered = enumerate(iter(next_item, None))
    found = []

    async def worker():
        for place, item in numbered:
            found.append((place, await work(item)))

    tasks = [asyncio.ensure_future(worker()) for _ in range(limit)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return [text for _, text in sorted(found)]
