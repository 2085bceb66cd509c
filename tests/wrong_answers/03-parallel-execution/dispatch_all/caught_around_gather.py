"""Catches around the whole gather, and answers every call with the one error.

check: a failing call harms only itself
mistake: good-call-marked
"""

async def dispatch_all(calls, registry):
    try:
        contents = await asyncio.gather(*[registry[call.name](**call.arguments) for call in calls])
    except Exception as error:
        await asyncio.sleep(10)
        return [ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True) for call in calls]
    return [ToolResult(call.id, content) for call, content in zip(calls, contents)]
