"""Holds calls back behind a semaphore that nobody asked for.

check: calls overlap
mistake: half-parallel
points: 6
"""

async def dispatch_all(calls, registry):
    gate = asyncio.Semaphore(3)

    async def one(call):
        async with gate:
            try:
                return ToolResult(call.id, await registry[call.name](**call.arguments))
            except Exception as error:
                return ToolResult(call.id, repr(error), is_error=True)

    return await asyncio.gather(*(one(call) for call in calls))
