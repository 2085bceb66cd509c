"""Returns before the calls have run.

check: returns a list of results
mistake: raises
points: 0
"""

async def run_dag(needs, tool):
    causes = {}

    async def one(call_id):
        inputs = {before: (await tasks[before]).content for before in needs[call_id]}
        cause = next((causes[before] for before in inputs if before in causes), None)
        if cause:
            causes[call_id] = cause
            return ToolResult(call_id, f"skipped, {cause} failed", is_error=True)
        try:
            return ToolResult(call_id, await tool(call_id, inputs))
        except Exception as error:
            causes[call_id] = call_id
            return ToolResult(call_id, f"{type(error).__name__}: {error}", is_error=True)

    tasks = {call_id: asyncio.create_task(one(call_id)) for call_id in needs}
    return [task.result() for task in tasks.values()]
