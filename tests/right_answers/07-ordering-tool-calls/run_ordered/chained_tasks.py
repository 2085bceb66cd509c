"""Starts a task for every call; each waits for the segment before it."""

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
    results = {}

    async def after(previous, call):
        if previous:
            await asyncio.wait(previous)
        if any(results[p].is_error for p in results if p in earlier[call.id]):
            results[call.id] = ToolResult(call.id, "not run", True)
        else:
            results[call.id] = await one(call, registry)

    previous, earlier, seen = [], {}, []
    for segment in cut(calls, barriers):
        for call in segment:
            earlier[call.id] = set(seen)
        previous = [asyncio.create_task(after(previous, call)) for call in segment]
        seen += [call.id for call in segment]
    if previous:
        await asyncio.wait(previous)
    return [results[call.id] for call in calls]
