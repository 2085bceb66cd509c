"""Uses a TaskGroup without catching, so a failure cancels its neighbours.

check: nothing starts after a failure
mistake: siblings-stopped
"""

async def one(call, registry):
    try:
        return ToolResult(call.id, await registry[call.name](**call.arguments))
    except Exception as error:
        return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)


def cut(calls, barriers):
    segments, current = [], []
    for call in calls:
        if call.name in barriers:
            segments += [current, [call]]
            current = []
        else:
            current.append(call)
    return [segment for segment in [*segments, current] if segment]


async def run_ordered(calls, registry, barriers):
    results = []
    for segment in cut(calls, barriers):
        tasks = []
        try:
            async with asyncio.TaskGroup() as group:
                for call in segment:
                    tasks.append(group.create_task(registry[call.name](**call.arguments)))
        except* Exception as errors:
            pass
        for call, task in zip(segment, tasks):
            if task.cancelled():
                results.append(ToolResult(call.id, "cancelled", True))
            elif task.exception():
                error = task.exception()
                results.append(ToolResult(call.id, f"{type(error).__name__}: {error}", True))
            else:
                results.append(ToolResult(call.id, task.result()))
        if any(result.is_error for result in results):
            return results + [ToolResult(c.id, "not run", True) for c in calls[len(results):]]
    return results
