"""Awaits bare tasks one by one: a cancellation reaches only the one it waits for.

check: no call outlives its batch
mistake: left-running
points: 7
"""

async def dispatch_all(calls, registry):
    async def one(call):
        try:
            return ToolResult(call.id, await registry[call.name](**call.arguments))
        except Exception as error:
            return ToolResult(call.id, repr(error), is_error=True)

    tasks = [asyncio.create_task(one(call)) for call in calls]
    return [await task for task in tasks]
