"""Expects each call to stand behind those it needs.

check: returns a list of results
mistake: order-assumed
"""

async def run_dag(needs, tool):
    causes, tasks = {}, {}

    async def one(call_id, befores):
        inputs = {before: (await task).content for before, task in befores.items()}
        cause = next((causes[before] for before in inputs if before in causes), None)
        if cause:
            causes[call_id] = cause
            return ToolResult(call_id, f"skipped, {cause} failed", is_error=True)
        try:
            return ToolResult(call_id, await tool(call_id, inputs))
        except Exception as error:
            causes[call_id] = call_id
            return ToolResult(call_id, f"{type(error).__name__}: {error}", is_error=True)

    async with asyncio.TaskGroup() as group:
        for call_id in needs:
            befores = {before: tasks[before] for before in needs[call_id]}
            tasks[call_id] = group.create_task(one(call_id, befores))
    return [task.result() for task in tasks.values()]
