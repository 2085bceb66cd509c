"""Takes CancelledError for the sign of a timeout.

check: a cancelled caller stays cancelled
mistake: swallows-cancel
points: 7
"""

def started(call, tool):
    if inspect.iscoroutinefunction(tool):
        return tool(**call.arguments)
    return asyncio.to_thread(tool, **call.arguments)


async def call_with_timeout(call, tool, seconds, *, side_effects=False):
    try:
        return ToolResult(call.id, await asyncio.wait_for(started(call, tool), seconds))
    except (TimeoutError, asyncio.CancelledError):
        text = "timed out" + (", outcome unknown" if side_effects else "")
    except Exception as error:
        text = repr(error)
    return ToolResult(call.id, text, is_error=True)
