"""Believes that a cancelled coroutine cannot have had an effect.

check: a late side effect is called unknown
mistake: outcome-claimed
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
        text = f"timed out after {seconds} s"
        if side_effects and not inspect.iscoroutinefunction(tool):
            text += ", outcome unknown"
        return ToolResult(call.id, text, is_error=True)
    except Exception as error:
        return ToolResult(call.id, repr(error), is_error=True)
