"""Takes answers as they complete, keyed by id, and puts them in order at the end."""

async def dispatch_all(calls, registry):
    async def one(call):
        try:
            return ToolResult(call.id, await registry[call.name](**call.arguments))
        except Exception as error:
            return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)

    tasks = [asyncio.create_task(one(call)) for call in calls]
    by_id = {}
    try:
        for earliest in asyncio.as_completed(tasks):
            result = await earliest
            by_id[result.id] = result
    finally:
        for task in tasks:
            task.cancel()
    return [by_id[call.id] for call in calls]
