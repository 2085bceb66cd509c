"""Returns the results in the order in which the calls ended.

check: answers every call once, in the order given
mistake: completion-order
"""

async def run_dag(needs, tool):
    causes, done = {}, []

    async def one(call_id):
        inputs = {before: (await tasks[before]).content for before in needs[call_id]}
        cause = next((causes[before] for before in inputs if before in causes), None)
        if cause:
            causes[call_id] = cause
            done.append(ToolResult(call_id, f"skipped, {cause} failed", is_error=True))
            return done[-1]
        try:
            done.append(ToolResult(call_id, await tool(call_id, inputs)))
        except Exception as error:
            causes[call_id] = call_id
            done.append(ToolResult(call_id, f"{type(error).__name__}: {error}", is_error=True))
        return next(result for result in done if result.id == call_id)

    async with asyncio.TaskGroup() as group:
        tasks = {call_id: group.create_task(one(call_id)) for call_id in needs}
    return done
