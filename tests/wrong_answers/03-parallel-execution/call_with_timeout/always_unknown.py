"""Calls the outcome of a mere lookup unknown too.

check: a late side effect is called unknown
mistake: cries-wolf
points: 6
"""

def started(call, tool):
    if inspect.iscoroutinefunction(tool):
        return tool(**call.arguments)
    return asyncio.to_thread(tool, **call.arguments)


async def call_with_timeout(call, tool, seconds, *, side_effects=False):
    try:
        return ToolResult(call.id, await asyncio.wait_for(started(call, tool), seconds))
    except TimeoutError:
        return ToolResult(call.id, "timed out, outcome unknown", is_error=True)
    except Exception as error:
        return ToolResult(call.id, repr(error), is_error=True)
