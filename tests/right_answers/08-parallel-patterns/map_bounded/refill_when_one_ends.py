"""A set of tasks that is filled up whenever one of them ends."""

async def map_bounded(next_item, work, limit):
    tasks, waiting, more = [], set(), True
    try:
        while True:
            while more and len(waiting) < limit:
                item = next_item()
                more = item is not None
                if more:
                    tasks.append(asyncio.create_task(work(item)))
                    waiting.add(tasks[-1])
            if not waiting:
                return [task.result() for task in tasks]
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
