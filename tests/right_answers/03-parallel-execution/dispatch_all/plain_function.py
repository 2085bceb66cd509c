"""A plain function that returns an awaitable: gather's own future."""

def dispatch_all(calls, registry):
    async def one(call):
        try:
            return ToolResult(call.id, await registry[call.name](**call.arguments))
        except Exception as error:
            return ToolResult(call.id, repr(error), is_error=True)

    return asyncio.gather(*map(one, calls))
