"""Puts what return_exceptions hands out straight into the results.

check: a failing call harms only itself
mistake: exception-as-result
points: 6
"""

async def dispatch_all(calls, registry):
    async def one(call):
        return ToolResult(call.id, await registry[call.name](**call.arguments))

    return await asyncio.gather(*map(one, calls), return_exceptions=True)
