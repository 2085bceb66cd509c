"""Collects results as they come in, in the order of completion.

check: results stand in call order
mistake: completion-order
points: 7
"""

async def dispatch_all(calls, registry):
    async def one(call):
        try:
            return ToolResult(call.id, await registry[call.name](**call.arguments))
        except Exception as error:
            return ToolResult(call.id, repr(error), is_error=True)

    results = []

    async def collect(call):
        results.append(await one(call))

    async with asyncio.TaskGroup() as group:
        for call in calls:
            group.create_task(collect(call))
    return results
