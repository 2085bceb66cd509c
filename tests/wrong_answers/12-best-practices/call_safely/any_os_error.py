"""Takes every OSError for passing trouble, a refused permission among them.

check: a refusal is final
mistake: retries-refusal
points: 9
"""

async def call_safely(call, tool, effect, turn, limit, pauses):
    arguments = dict(call.arguments)
    if effect == "keyed":
        arguments["idempotency_key"] = f"{turn}/{call.id}"
    for pause in [0.0, *([] if effect == "once" else pauses)]:
        await asyncio.sleep(pause)
        try:
            async with asyncio.timeout(limit):
                return ToolResult(call.id, await tool(**arguments))
        except OSError as error:
            told = f"{type(error).__name__}: {error}"
        except Exception as error:
            return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)
    unknown = ", outcome unknown" if effect != "none" else ""
    return ToolResult(call.id, told + unknown, is_error=True)
