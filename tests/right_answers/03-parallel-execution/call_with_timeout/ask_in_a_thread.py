"""Starts every tool in a thread, and awaits what comes back if it is a coroutine."""

async def call_with_timeout(call, tool, seconds, *, side_effects=False):
    async def work():
        answer = await asyncio.to_thread(tool, **call.arguments)
        return await answer if inspect.isawaitable(answer) else answer

    try:
        return ToolResult(call.id, await asyncio.wait_for(work(), seconds))
    except TimeoutError:
        text = "timed out" + ("; outcome unknown" if side_effects else "")
    except Exception as error:
        text = repr(error)
    return ToolResult(call.id, text, is_error=True)
