"""Says str(error), which can be empty.

check: an error result says what failed
mistake: empty-error
points: 7
"""

async def dispatch_all(calls, registry):
    async def one(call):
        try:
            return ToolResult(call.id, await registry[call.name](**call.arguments))
        except Exception as error:
            return ToolResult(call.id, str(error), is_error=True)

    return await asyncio.gather(*map(one, calls))
