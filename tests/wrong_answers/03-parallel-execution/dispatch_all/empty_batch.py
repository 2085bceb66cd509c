"""Waits for the tasks of a batch that may have none.

check: returns a list of results
mistake: raises
points: 0
"""

async def dispatch_all(calls, registry):
    tasks = [asyncio.create_task(registry[call.name](**call.arguments)) for call in calls]
    try:
        await asyncio.wait(tasks)
    finally:
        for task in tasks:
            task.cancel()
    return [
        ToolResult(call.id, repr(task.exception()), is_error=True)
        if task.exception()
        else ToolResult(call.id, task.result())
        for call, task in zip(calls, tasks)
    ]
