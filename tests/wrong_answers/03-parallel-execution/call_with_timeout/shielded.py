"""Shields the coroutine, so that it goes on after the timeout.

check: a late answer becomes an error result, on time
mistake: left-running
"""

def started(call, tool):
    if inspect.iscoroutinefunction(tool):
        return tool(**call.arguments)
    return asyncio.to_thread(tool, **call.arguments)


async def call_with_timeout(call, tool, seconds, *, side_effects=False):
    try:
        late = asyncio.shield(started(call, tool))
        return ToolResult(call.id, await asyncio.wait_for(late, seconds))
    except TimeoutError:
        text = "timed out" + (", outcome unknown" if side_effects else "")
    except Exception as error:
        text = repr(error)
    return ToolResult(call.id, text, is_error=True)
