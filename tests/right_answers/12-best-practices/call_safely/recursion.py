"""Tries again by calling itself with the pauses that are left."""

async def call_safely(call, tool, effect, turn, timeout, pauses):
    key = {"idempotency_key": turn + "|" + call.id}
    given = {**call.arguments, **(key if effect == "keyed" else {})}

    async def attempt(left):
        try:
            async with asyncio.timeout(timeout):
                return ToolResult(call.id, await tool(**given), False)
        except Exception as error:
            passes = isinstance(error, (TimeoutError, ConnectionError))
            text = f"{type(error).__name__}: {error}"
        if not passes:
            return ToolResult(call.id, text, True)
        if effect == "once" or not left:
            return ToolResult(call.id, text + "; outcome unknown" * (effect != "none"), True)
        await asyncio.sleep(left[0])
        return await attempt(left[1:])

    return await attempt(pauses)
