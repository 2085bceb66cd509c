"""Keeps a future for each call and gathers the coroutines."""

async def dispatch(calls, needs, verdicts, run, record, done, limit):
    loop = asyncio.get_running_loop()
    answers = {call.id: loop.create_future() for call in calls}
    free = asyncio.Semaphore(limit)
    old = {result.id: result for result in done}

    async def settle(call):
        if call.id in old:
            return old[call.id], (call.id if old[call.id].is_error else None)
        found = [await answers[before] for before in needs[call.id]]
        cause = next((cause for _, cause in found if cause), None)
        if cause:
            return ToolResult(call.id, f"skipped because of {cause}", True), cause
        if verdicts[call.id] == "denied":
            return ToolResult(call.id, "denied", True), call.id
        if verdicts[call.id] == "held" or any(result is None for result, _ in found):
            return None, None
        async with free:
            try:
                result = await run(call)
            except Exception as error:
                result = ToolResult(call.id, repr(error), True)
        return result, (call.id if result.is_error else None)

    async def one(call):
        result, cause = await settle(call)
        if result is not None and call.id not in old:
            record(result)
        answers[call.id].set_result((result, cause))
        return result

    results = await asyncio.gather(*map(one, calls))
    return [result for result in results if result is not None]
