"""A task group of anyio whose scope is cancelled when it is decided."""

import anyio


async def first_k(reads, k):
    answers, failures = [], []

    async with anyio.create_task_group() as group:

        async def one(read):
            try:
                text = await read()
            except Exception as error:
                failures.append(error)
            else:
                if len(answers) < k:
                    answers.append(text)
            if len(answers) == k or len(reads) - len(failures) < k:
                group.cancel_scope.cancel()

        for read in reads:
            group.start_soon(one, read)
    if len(answers) < k:
        raise LookupError("too few")
    return answers
