"""Runs at most two calls of a segment at once.

check: calls between barriers overlap
mistake: half-parallel
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
    gate = asyncio.Semaphore(2)

    async def gated(call):
        async with gate:
            return await one(call, registry)

    results = []
    for segment in cut(calls, barriers):
        results += await asyncio.gather(*(gated(call) for call in segment))
        if any(result.is_error for result in results):
            return results + [ToolResult(c.id, "not run", True) for c in calls[len(results):]]
    return results
