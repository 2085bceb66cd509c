"""An inner coroutine turns its error into a result; gather keeps the order."""

async def dispatch_all(calls, registry):
    async def one(call):
        try:
            content = await registry[call.name](**call.arguments)
        except Exception as error:
            return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)
        return ToolResult(call.id, content)

    return list(await asyncio.gather(*(one(call) for call in calls)))
