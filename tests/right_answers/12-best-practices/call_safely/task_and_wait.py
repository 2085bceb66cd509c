"""Runs each attempt as a task and waits for it with a limit."""

async def call_safely(call, tool, effect, turn, timeout, pauses):
    given = dict(call.arguments)
    if effect == "keyed":
        given["idempotency_key"] = str((turn, call.id))
    for pause in [*(pauses if effect != "once" else ()), None]:
        task = asyncio.create_task(tool(**given))
        try:
            await asyncio.wait([task], timeout=timeout)
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait([task])
        if task.cancelled():
            text = f"no answer within {timeout} s"
        elif task.exception() is None:
            return ToolResult(call.id, task.result())
        else:
            text = f"{type(task.exception()).__name__}: {task.exception()}"
            if not isinstance(task.exception(), (TimeoutError, ConnectionError)):
                return ToolResult(call.id, text, is_error=True)
        if pause is not None:
            await asyncio.sleep(pause)
    end = "" if effect == "none" else ", outcome unknown"
    return ToolResult(call.id, text + end, is_error=True)
