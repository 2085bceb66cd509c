"""Keeps results in a dict by tool name, so that two calls of one tool share a place.

check: answers every call once
mistake: keyed-by-name
"""

async def dispatch_all(calls, registry):
    found = {}

    async def one(call):
        try:
            found[call.name] = ToolResult(call.id, await registry[call.name](**call.arguments))
        except Exception as error:
            found[call.name] = ToolResult(call.id, repr(error), is_error=True)

    await asyncio.gather(*map(one, calls))
    return list(found.values())
