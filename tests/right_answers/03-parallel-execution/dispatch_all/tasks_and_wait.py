"""Bare tasks, asyncio.wait, and a finally that cancels what is left."""

async def dispatch_all(calls, registry):
    tasks = {call.id: asyncio.create_task(registry[call.name](**call.arguments)) for call in calls}
    try:
        if tasks:
            await asyncio.wait(tasks.values())
    finally:
        for task in tasks.values():
            task.cancel()
    results = []
    for call in calls:
        error = tasks[call.id].exception()
        if error is None:
            results.append(ToolResult(call.id, tasks[call.id].result()))
        else:
            text = f"{type(error).__name__}: {error}"
            results.append(ToolResult(id=call.id, content=text, is_error=True))
    return results
