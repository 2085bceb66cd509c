"""anyio's cancel scope, and a thread that may be abandoned."""

from functools import partial

import anyio


async def call_with_timeout(call, tool, seconds, *, side_effects=False):
    try:
        with anyio.move_on_after(seconds):
            if inspect.iscoroutinefunction(tool):
                return ToolResult(call.id, await tool(**call.arguments))
            work = partial(tool, **call.arguments)
            content = await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
            return ToolResult(call.id, content)
    except Exception as error:
        return ToolResult(call.id, repr(error), is_error=True)
    text = "timed out" + (", outcome unknown" if side_effects else "")
    return ToolResult(call.id, text, is_error=True)
