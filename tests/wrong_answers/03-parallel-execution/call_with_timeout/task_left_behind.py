"""Waits with asyncio.wait, and cancels its task only after a timeout.

check: a cancelled caller stays cancelled
mistake: left-running
points: 7
"""

def started(call, tool):
    if inspect.iscoroutinefunction(tool):
        return tool(**call.arguments)
    return asyncio.to_thread(tool, **call.arguments)


async def call_with_timeout(call, tool, seconds, *, side_effects=False):
    task = asyncio.ensure_future(started(call, tool))
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        task.cancel()
        text = "timed out" + (", outcome unknown" if side_effects else "")
        return ToolResult(call.id, text, is_error=True)
    if task.exception() is not None:
        return ToolResult(call.id, repr(task.exception()), is_error=True)
    return ToolResult(call.id, task.result())
