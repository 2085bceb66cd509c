"""Uses a TaskGroup for each segment and a flag."""

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
    done, failed = {}, False
    for segment in cut(calls, barriers):
        if failed:
            done |= {c.id: ToolResult(c.id, "this call was not run", True) for c in segment}
            continue
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(call, registry)) for call in segment]
        done |= {task.result().id: task.result() for task in tasks}
        failed = any(task.result().is_error for task in tasks)
    return [done[call.id] for call in calls]
