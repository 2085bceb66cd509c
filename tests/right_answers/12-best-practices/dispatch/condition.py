"""Lets each call wait on one condition until it may go."""

async def dispatch(calls, needs, verdicts, run, record, done, limit):
    state = {result.id: result for result in done}
    cause = {result.id: result.id for result in done if result.is_error}
    changed = asyncio.Condition()
    flying = 0

    async def one(call):
        nonlocal flying
        if call.id in state:
            return
        async with changed:
            await changed.wait_for(lambda: all(b in state for b in needs[call.id]))
            blamed = [cause[b] for b in needs[call.id] if b in cause]
            verdict = verdicts[call.id]
            if blamed:
                result = ToolResult(call.id, f"skipped: {blamed[0]}", True)
            elif verdict == "denied":
                result = ToolResult(call.id, "denied", True)
            elif verdict == "held" or any(state[b] is None for b in needs[call.id]):
                result = None
            else:
                await changed.wait_for(lambda: flying < limit)
                flying += 1
                changed.release()
                try:
                    result = await run(call)
                except Exception as error:
                    result = ToolResult(call.id, f"{type(error).__name__}: {error}", True)
                finally:
                    flying -= 1
                    await changed.acquire()
            state[call.id] = result
            if result is not None:
                record(result)
                if result.is_error:
                    cause[call.id] = blamed[0] if blamed else call.id
            changed.notify_all()

    async with asyncio.TaskGroup() as group:
        for call in calls:
            group.create_task(one(call))
    return [state[call.id] for call in calls if state[call.id] is not None]
