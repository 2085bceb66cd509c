"""Returns the tool's text instead of a result.

check: an answer in time is passed on
mistake: not-a-result
points: 1
"""

def started(call, tool):
    if inspect.iscoroutinefunction(tool):
        return tool(**call.arguments)
    return asyncio.to_thread(tool, **call.arguments)


async def call_with_timeout(call, tool, seconds, *, side_effects=False):
    try:
        return await asyncio.wait_for(started(call, tool), seconds)
    except TimeoutError:
        return "timed out" + (", outcome unknown" if side_effects else "")
    except Exception as error:
        return repr(error)
