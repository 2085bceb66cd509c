"""Names the error's type and keeps its message to itself.

check: a failing tool becomes an error result
mistake: message-lost
points: 7
"""

def started(call, tool):
    if inspect.iscoroutinefunction(tool):
        return tool(**call.arguments)
    return asyncio.to_thread(tool, **call.arguments)


async def call_with_timeout(call, tool, seconds, *, side_effects=False):
    try:
        return ToolResult(call.id, await asyncio.wait_for(started(call, tool), seconds))
    except TimeoutError:
        text = "timed out" + (", outcome unknown" if side_effects else "")
    except Exception as error:
        text = type(error).__name__
    return ToolResult(call.id, text, is_error=True)
