"""Notes answers as they come in, and lets every loser finish.

check: the losers are stopped
mistake: losers-finish
"""

async def first_k(reads, k):
    answers = []

    async def one(read):
        try:
            answers.append(await read())
        except Exception:
            pass

    async with asyncio.TaskGroup() as group:
        for read in reads:
            group.create_task(one(read))
    if len(answers) < k:
        raise LookupError("too few")
    return answers[:k]
