"""asyncio.wait with a timeout, and a finally that cancels the task in every case."""

from functools import partial


async def call_with_timeout(call, tool, seconds, *, side_effects=False):
    if inspect.iscoroutinefunction(tool):
        work = asyncio.ensure_future(tool(**call.arguments))
    else:
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(None, partial(tool, **call.arguments))
    try:
        await asyncio.wait({work}, timeout=seconds)
        if not work.done():
            text = "too slow" + (": outcome unknown" if side_effects else "")
            return ToolResult(call.id, text, is_error=True)
        if error := work.exception():
            return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)
        return ToolResult(call.id, work.result())
    finally:
        work.cancel()
