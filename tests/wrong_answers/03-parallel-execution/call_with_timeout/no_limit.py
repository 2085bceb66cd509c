"""Forgets the time limit.

check: a late answer becomes an error result, on time
mistake: waits-anyway
points: 4
"""

def started(call, tool):
    if inspect.iscoroutinefunction(tool):
        return tool(**call.arguments)
    return asyncio.to_thread(tool, **call.arguments)


async def call_with_timeout(call, tool, seconds, *, side_effects=False):
    try:
        return ToolResult(call.id, await started(call, tool))
    except Exception as error:
        return ToolResult(call.id, repr(error), is_error=True)
