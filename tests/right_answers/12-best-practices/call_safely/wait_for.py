"""Gives each attempt its limit with wait_for, in a loop over numbers."""

async def call_safely(call, tool, effect, turn, timeout, pauses):
    extra = {"idempotency_key": f"{len(turn)}:{turn}:{call.id}"} if effect == "keyed" else {}
    attempts = 1 if effect == "once" else len(pauses) + 1
    for number in range(attempts):
        try:
            text = await asyncio.wait_for(tool(**call.arguments, **extra), timeout)
        except (TimeoutError, ConnectionError) as error:
            last = repr(error)
            if number + 1 < attempts:
                await asyncio.sleep(pauses[number])
        except Exception as error:
            return ToolResult(call.id, repr(error), is_error=True)
        else:
            return ToolResult(call.id, text)
    doubt = "" if effect == "none" else " (outcome unknown)"
    return ToolResult(call.id, f"gave up after {attempts}: {last}{doubt}", is_error=True)
