"""A task group of anyio; a scope that ends after the delay starts the second."""

import anyio


async def hedged(ask, replicas, delay, read_only):
    if not read_only:
        return await ask(replicas[0])
    answers, errors, failed = [], [], anyio.Event()

    async with anyio.create_task_group() as group:

        async def one(replica):
            try:
                text = await ask(replica)
            except Exception as error:
                errors.append(error)
                failed.set()
            else:
                answers.append(text)
                group.cancel_scope.cancel()

        group.start_soon(one, replicas[0])
        with anyio.move_on_after(delay):
            await failed.wait()
        group.start_soon(one, replicas[1])
    if answers:
        return answers[0]
    raise errors[0]
