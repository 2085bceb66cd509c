"""Asks a result for a field it does not have; the task group hands that on.

check: returns a list of results
mistake: raises
points: 0
"""

async def run_dag(needs, tool):
    tasks = {}

    async def one(call_id):
        before = [await tasks[need] for need in needs[call_id]]
        inputs = {result.call_id: result.content for result in before}
        try:
            return ToolResult(call_id, await tool(call_id, inputs))
        except Exception as error:
            return ToolResult(call_id, f"{type(error).__name__}: {error}", is_error=True)

    async with asyncio.TaskGroup() as group:
        tasks |= {call_id: group.create_task(one(call_id)) for call_id in needs}
    return [task.result() for task in tasks.values()]
