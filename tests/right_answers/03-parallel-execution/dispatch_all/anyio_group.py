"""anyio's task group, with results put into a dict by id."""

import anyio


async def dispatch_all(calls, registry):
    found = {}

    async def one(call):
        try:
            found[call.id] = ToolResult(call.id, await registry[call.name](**call.arguments))
        except Exception as error:
            found[call.id] = ToolResult(call.id, f"{type(error).__name__}: {error}", True)

    async with anyio.create_task_group() as group:
        for call in calls:
            group.start_soon(one, call)
    return [found[call.id] for call in calls]
