"""Two tasks of a group; the second waits for an event, at most the delay."""

class Answered(Exception):
    pass


async def hedged(ask, replicas, delay, read_only):
    if not read_only:
        return await ask(replicas[0])
    failed, good, errors = asyncio.Event(), [], []

    async def one(replica):
        try:
            good.append(await ask(replica))
        except Exception as error:
            errors.append(error)
            failed.set()
        else:
            raise Answered

    async def backup():
        try:
            await asyncio.wait_for(failed.wait(), delay)
        except TimeoutError:
            pass
        await one(replicas[1])

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(one(replicas[0]))
            group.create_task(backup())
    except* Answered:
        pass
    if not good:
        raise errors[-1]
    return good[0]
