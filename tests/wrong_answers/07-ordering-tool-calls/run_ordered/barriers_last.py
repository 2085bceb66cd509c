"""Runs all free calls together and the barriers after them.

check: a barrier runs alone
mistake: barrier-crossed
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
    results = {}
    free = [call for call in calls if call.name not in barriers]
    for result in await asyncio.gather(*(one(call, registry) for call in free)):
        results[result.id] = result
    for call in calls:
        if call.id not in results:
            results[call.id] = await one(call, registry)
    return [results[call.id] for call in calls]
