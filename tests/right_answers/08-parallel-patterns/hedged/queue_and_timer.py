"""A timer and the requests report to one queue."""

async def hedged(ask, replicas, delay, read_only):
    one, other = replicas
    if not read_only:
        return await ask(one)
    news = asyncio.Queue()

    async def send(replica):
        try:
            news.put_nowait(("answer", await ask(replica)))
        except Exception as error:
            news.put_nowait(("failure", error))

    tasks = [asyncio.create_task(send(one))]
    timer = asyncio.get_running_loop().call_later(delay, news.put_nowait, ("slow", None))
    failures = []
    try:
        while len(failures) < 2:
            kind, said = await news.get()
            if kind == "answer":
                return said
            if kind == "failure":
                failures.append(said)
            if len(tasks) == 1:
                tasks.append(asyncio.create_task(send(other)))
        raise failures[0]
    finally:
        timer.cancel()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
