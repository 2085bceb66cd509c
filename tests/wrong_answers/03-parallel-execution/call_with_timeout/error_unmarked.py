"""Reports a timeout as if it were the tool's answer.

check: a late answer becomes an error result, on time
mistake: error-unmarked
points: 4
"""

def started(call, tool):
    if inspect.iscoroutinefunction(tool):
        return tool(**call.arguments)
    return asyncio.to_thread(tool, **call.arguments)


async def call_with_timeout(call, tool, seconds, *, side_effects=False):
    try:
        return ToolResult(call.id, await asyncio.wait_for(started(call, tool), seconds))
    except TimeoutError:
        return ToolResult(call.id, "timed out" + (", outcome unknown" if side_effects else ""))
    except Exception as error:
        return ToolResult(call.id, repr(error), is_error=True)
