"""Lets the failing call end everything.

check: nothing starts after a failure
mistake: failure-escapes
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
        work = [registry[call.name](**call.arguments) for call in segment]
        answers = await asyncio.gather(*work)
        results += [ToolResult(c.id, a) for c, a in zip(segment, answers)]
    return results
