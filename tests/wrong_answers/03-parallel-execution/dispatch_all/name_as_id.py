"""Gives each result the tool's name for an id.

check: answers every call once
mistake: keyed-by-name
"""

async def dispatch_all(calls, registry):
    async def one(call):
        try:
            return ToolResult(call.name, await registry[call.name](**call.arguments))
        except Exception as error:
            return ToolResult(call.name, repr(error), is_error=True)

    return await asyncio.gather(*map(one, calls))
