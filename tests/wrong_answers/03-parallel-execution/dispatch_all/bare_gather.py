"""Lets the first error out of gather, and every result with it.

check: a failing call harms only itself
mistake: raises
points: 6
"""

async def dispatch_all(calls, registry):
    contents = await asyncio.gather(*[registry[call.name](**call.arguments) for call in calls])
    return [ToolResult(call.id, content) for call, content in zip(calls, contents)]
