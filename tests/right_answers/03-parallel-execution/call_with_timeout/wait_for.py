"""wait_for around the coroutine, or around to_thread."""

def started(call, tool):
    if inspect.iscoroutinefunction(tool):
        return tool(**call.arguments)
    return asyncio.to_thread(tool, **call.arguments)


async def call_with_timeout(call, tool, seconds, *, side_effects=False):
    try:
        return ToolResult(call.id, await asyncio.wait_for(started(call, tool), seconds))
    except TimeoutError:
        text = f"timed out after {seconds} s" + (", outcome unknown" if side_effects else "")
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
    return ToolResult(call.id, text, is_error=True)
