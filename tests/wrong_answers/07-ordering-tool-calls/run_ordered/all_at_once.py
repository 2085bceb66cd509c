"""Ignores the barriers.

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
    return await asyncio.gather(*(one(call, registry) for call in calls))
