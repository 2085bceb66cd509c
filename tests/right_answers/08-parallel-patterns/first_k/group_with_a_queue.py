"""Tasks of a group report to a queue; leaving the group cancels the rest."""

class Over(Exception):
    pass


async def first_k(reads, k):
    queue = asyncio.Queue()

    async def one(read):
        try:
            queue.put_nowait((True, await read()))
        except Exception as error:
            queue.put_nowait((False, error))

    answers, left = [], len(reads)
    try:
        async with asyncio.TaskGroup() as group:
            for read in reads:
                group.create_task(one(read))
            while len(answers) < k <= len(answers) + left:
                good, said = await queue.get()
                left -= 1
                if good:
                    answers.append(said)
            raise Over
    except* Over:
        pass
    if len(answers) < k:
        raise LookupError("too few")
    return answers
