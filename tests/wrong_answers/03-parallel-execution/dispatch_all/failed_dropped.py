"""Leaves failed calls out of the results.

check: a failing call harms only itself
mistake: call-unanswered
points: 6
"""

async def dispatch_all(calls, registry):
    contents = await asyncio.gather(
        *[registry[call.name](**call.arguments) for call in calls], return_exceptions=True
    )
    return [
        ToolResult(call.id, content)
        for call, content in zip(calls, contents)
        if not isinstance(content, Exception)
    ]
