"""Says that a late call was stopped, whatever it was.

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
        return ToolResult(call.id, f"stopped after {seconds} s, nothing was done", is_error=True)
    except Exception as error:
        return ToolResult(call.id, repr(error), is_error=True)
