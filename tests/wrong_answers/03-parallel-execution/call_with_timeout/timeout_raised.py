"""Lets TimeoutError out to the caller.

check: a late answer becomes an error result, on time
mistake: timeout-raised
points: 4
"""

def started(call, tool):
    if inspect.iscoroutinefunction(tool):
        return tool(**call.arguments)
    return asyncio.to_thread(tool, **call.arguments)


async def call_with_timeout(call, tool, seconds, *, side_effects=False):
    try:
        content = await asyncio.wait_for(started(call, tool), seconds)
    except TimeoutError:
        raise
    except Exception as error:
        return ToolResult(call.id, repr(error), is_error=True)
    return ToolResult(call.id, content)
