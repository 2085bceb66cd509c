"""Runs the tools themselves in a TaskGroup, which cancels all when one fails.

check: a failing call harms only itself
mistake: group-escapes
points: 6
"""

async def dispatch_all(calls, registry):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(registry[call.name](**call.arguments)) for call in calls]
    return [ToolResult(call.id, task.result()) for call, task in zip(calls, tasks)]
