"""Awaits each call before it starts the next.

check: calls overlap
mistake: serial
points: 6
"""

async def dispatch_all(calls, registry):
    results = []
    for call in calls:
        try:
            content = await registry[call.name](**call.arguments)
            results.append(ToolResult(call.id, content))
        except Exception as error:
            results.append(ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True))
    return results
