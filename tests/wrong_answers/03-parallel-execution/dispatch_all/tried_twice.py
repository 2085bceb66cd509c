"""Runs a failed call a second time.

check: a failing call harms only itself
mistake: ran-twice
points: 6
"""

async def dispatch_all(calls, registry):
    async def one(call):
        for attempt in (1, 2):
            try:
                return ToolResult(call.id, await registry[call.name](**call.arguments))
            except Exception as error:
                last = error
        return ToolResult(call.id, repr(last), is_error=True)

    return await asyncio.gather(*map(one, calls))
