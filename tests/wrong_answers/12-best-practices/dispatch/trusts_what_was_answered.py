"""Takes every earlier result for a good one.

check: denied, failed and skipped calls are answered
mistake: ran-skipped
points: 10
"""

async def dispatch(calls, needs, verdicts, run, record, done, limit):
    earlier = {result.id: result for result in done}
    places, causes, tasks = asyncio.Semaphore(limit), {}, {}

    async def one(call):
        if call.id in earlier:
            return earlier[call.id]
        before = [await tasks[other] for other in needs[call.id]]
        blamed = [causes[other] for other in needs[call.id] if other in causes]
        if blamed:
            causes[call.id] = blamed[0]
            result = ToolResult(call.id, f"skipped, for {blamed[0]} failed", is_error=True)
        elif verdicts[call.id] == "denied":
            result = ToolResult(call.id, "denied", is_error=True)
        elif verdicts[call.id] == "held" or None in before:
            return None
        else:
            async with places:
                try:
                    result = await run(call)
                except Exception as error:
                    result = ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)
        record(result)
        if result.is_error:
            causes.setdefault(call.id, call.id)
        return result

    async with asyncio.TaskGroup() as group:
        for call in calls:
            tasks[call.id] = group.create_task(one(call))
    return [task.result() for task in tasks.values() if task.result() is not None]
