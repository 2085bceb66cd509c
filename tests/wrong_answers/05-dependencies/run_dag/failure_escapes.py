"""Lets a tool's exception out of its task.

check: what needs a failed call is skipped
mistake: group-escapes
"""

async def run_dag(needs, tool):
    async def one(call_id):
        inputs = {before: await tasks[before] for before in needs[call_id]}
        return await tool(call_id, inputs)

    async with asyncio.TaskGroup() as group:
        tasks = {call_id: group.create_task(one(call_id)) for call_id in needs}
    return [ToolResult(call_id, task.result()) for call_id, task in tasks.items()]
