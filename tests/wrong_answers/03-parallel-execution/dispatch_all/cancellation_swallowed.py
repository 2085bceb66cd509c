"""Takes the order to stop for one more error to report.

check: no call outlives its batch
mistake: swallows-cancel
points: 7
"""

async def dispatch_all(calls, registry):
    tasks = [asyncio.create_task(registry[call.name](**call.arguments)) for call in calls]
    results = []
    for call, task in zip(calls, tasks):
        try:
            results.append(ToolResult(call.id, await task))
        except BaseException as error:
            results.append(ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True))
    return results
