"""Names the error's type and keeps its message to itself.

check: an error result says what failed
mistake: message-lost
points: 7
"""

async def dispatch_all(calls, registry):
    async def one(call):
        try:
            return ToolResult(call.id, await registry[call.name](**call.arguments))
        except Exception as error:
            return ToolResult(call.id, f"The tool failed: {type(error).__name__}", is_error=True)

    return await asyncio.gather(*map(one, calls))
