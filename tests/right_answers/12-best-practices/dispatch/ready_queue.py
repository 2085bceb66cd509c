"""Keeps a set of tasks in flight, and looks after each one that ends."""

async def dispatch(calls, needs, verdicts, run, record, done, limit):
    results = {result.id: result for result in done}
    cause = {result.id: result.id for result in done if result.is_error}
    waiting = {call.id: call for call in calls if call.id not in results}
    flying = {}

    def note(result, blame=None):
        results[result.id] = result
        record(result)
        if result.is_error:
            cause[result.id] = blame or result.id

    def settle():
        changed = True
        while changed:
            changed = False
            for call_id in list(waiting):
                blamed = next((cause[b] for b in needs[call_id] if b in cause), None)
                known = all(b in results for b in needs[call_id])
                if blamed:
                    note(ToolResult(call_id, f"skipped, {blamed} failed", True), blamed)
                elif known and verdicts[call_id] == "denied":
                    note(ToolResult(call_id, "denied", True))
                elif known and verdicts[call_id] == "run" and len(flying) < limit:
                    flying[asyncio.create_task(guarded(waiting[call_id]))] = call_id
                else:
                    continue
                del waiting[call_id]
                changed = True

    async def guarded(call):
        try:
            return await run(call)
        except Exception as error:
            return ToolResult(call.id, f"{type(error).__name__}: {error}", True)

    try:
        settle()
        while flying:
            ended, _ = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                del flying[task]
                note(task.result())
            settle()
    finally:
        for task in flying:
            task.cancel()
        if flying:
            await asyncio.wait(flying)
    return [results[call.id] for call in calls if call.id in results]
