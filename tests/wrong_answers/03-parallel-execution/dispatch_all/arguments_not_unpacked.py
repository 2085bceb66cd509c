"""Hands the arguments over as one dict, and reports its own TypeError.

check: answers every call once
mistake: own-error
"""

async def dispatch_all(calls, registry):
    async def one(call):
        try:
            return ToolResult(call.id, await registry[call.name](call.arguments))
        except Exception as error:
            return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)

    return await asyncio.gather(*map(one, calls))
