"""Does not try again after a timeout.

check: passing trouble is tried again, after the pause
mistake: too-few-attempts
"""

async def call_safely(call, tool, effect, turn, timeout, pauses):
    arguments = dict(call.arguments)
    if effect == "keyed":
        arguments["idempotency_key"] = f"{turn}/{call.id}"
    waits = [] if effect == "once" else list(pauses)
    while True:
        try:
            async with asyncio.timeout(timeout):
                return ToolResult(call.id, await tool(**arguments))
        except ConnectionError as error:
            told = f"{type(error).__name__}: {error}"
        except Exception as error:
            return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)
        if not waits:
            break
        await asyncio.sleep(waits.pop(0))
    if effect != "none":
        told += ", outcome unknown"
    return ToolResult(call.id, told, is_error=True)
