"""Makes a task for each call, but awaits it before it makes the next.

check: calls overlap
mistake: serial
points: 6
"""

async def dispatch_all(calls, registry):
    async def one(call):
        try:
            return ToolResult(call.id, await registry[call.name](**call.arguments))
        except Exception as error:
            return ToolResult(call.id, repr(error), is_error=True)

    return [await asyncio.create_task(one(call)) for call in calls]
