"""Runs the tool in a pool whose `with` waits for the thread after all.

check: a late answer becomes an error result, on time
mistake: waits-anyway
"""

from functools import partial


async def call_with_timeout(call, tool, seconds, *, side_effects=False):
    try:
        if inspect.iscoroutinefunction(tool):
            return ToolResult(call.id, await asyncio.wait_for(tool(**call.arguments), seconds))
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor() as pool:
            late = loop.run_in_executor(pool, partial(tool, **call.arguments))
            return ToolResult(call.id, await asyncio.wait_for(late, seconds))
    except TimeoutError:
        text = "timed out" + (", outcome unknown" if side_effects else "")
    except Exception as error:
        text = repr(error)
    return ToolResult(call.id, text, is_error=True)
