"""Runs one call after another.

check: calls between barriers overlap
mistake: serial
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
    for call in calls:
        results.append(await one(call, registry))
        if results[-1].is_error:
            break
    left = calls[len(results):]
    return results + [ToolResult(c.id, "not run: a call failed", True) for c in left]
