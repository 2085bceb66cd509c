"""Takes a place before it waits for what it needs.

check: comes back with results
mistake: deadlock
"""

async def dispatch(calls, needs, verdicts, run, record, done, limit):
    places = asyncio.Semaphore(limit)
    earlier = {result.id: result for result in done}
    causes = {result.id: result.id for result in done if result.is_error}

    async def answer(call):
        await places.acquire()
        before = [await tasks[other] for other in needs[call.id]]
        blamed = [causes[other] for other in needs[call.id] if other in causes]
        if blamed:
            causes[call.id] = blamed[0]
            return ToolResult(call.id, f"skipped, for {blamed[0]} failed", is_error=True)
        if verdicts[call.id] == "denied":
            return ToolResult(call.id, "denied by the operator", is_error=True)
        if verdicts[call.id] == "held" or None in before:
            return None
        if True:
            try:
                return await run(call)
            except Exception as error:
                return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)

    async def one(call):
        if call.id in earlier:
            return earlier[call.id]
        result = await answer(call)
        if result is not None:
            record(result)
            if result.is_error:
                causes.setdefault(call.id, call.id)
        return result

    async with asyncio.TaskGroup() as group:
        tasks = {call.id: group.create_task(one(call)) for call in calls}
    return [found for task in tasks.values() if (found := task.result()) is not None]
