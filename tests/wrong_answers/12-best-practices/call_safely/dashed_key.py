"""Joins turn and id by a dash, which both may hold.

check: one call, one key
mistake: shared-key
"""

async def call_safely(call, tool, effect, turn, timeout, pauses):
    arguments = dict(call.arguments)
    if effect == "keyed":
        arguments["idempotency_key"] = f"{turn}-{call.id}"
    waits = [] if effect == "once" else list(pauses)
    while True:
        try:
            async with asyncio.timeout(timeout):
                return ToolResult(call.id, await tool(**arguments))
        except (TimeoutError, ConnectionError) as error:
            told = f"{type(error).__name__}: {error}"
        except Exception as error:
            return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)
        if not waits:
            break
        await asyncio.sleep(waits.pop(0))
    if effect != "none":
        told += ", outcome unknown"
    return ToolResult(call.id, told, is_error=True)
