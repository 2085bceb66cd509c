"""Lets the tool finish and then looks how long it took.

check: a late answer becomes an error result, on time
mistake: waits-anyway
points: 4
"""

def started(call, tool):
    if inspect.iscoroutinefunction(tool):
        return tool(**call.arguments)
    return asyncio.to_thread(tool, **call.arguments)


async def call_with_timeout(call, tool, seconds, *, side_effects=False):
    start = asyncio.get_running_loop().time()
    try:
        content = await started(call, tool)
    except Exception as error:
        return ToolResult(call.id, repr(error), is_error=True)
    if asyncio.get_running_loop().time() - start > seconds:
        text = "timed out" + (", outcome unknown" if side_effects else "")
        return ToolResult(call.id, text, is_error=True)
    return ToolResult(call.id, content)
