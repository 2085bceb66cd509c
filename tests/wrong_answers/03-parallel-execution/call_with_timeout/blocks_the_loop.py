"""Calls a plain function inside the coroutine, which stops the loop.

check: a blocking tool leaves the loop free
mistake: blocks-loop
points: 3
"""

async def call_with_timeout(call, tool, seconds, *, side_effects=False):
    async def work():
        answer = tool(**call.arguments)
        return await answer if inspect.isawaitable(answer) else answer

    try:
        return ToolResult(call.id, await asyncio.wait_for(work(), seconds))
    except TimeoutError:
        text = f"timed out after {seconds} s" + (": outcome unknown" if side_effects else "")
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
    return ToolResult(call.id, text, is_error=True)
