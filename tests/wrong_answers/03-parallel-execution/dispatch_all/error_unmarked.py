"""Passes the error's text on as if it were the tool's answer.

check: an error result says what failed
mistake: error-unmarked
points: 7
"""

async def dispatch_all(calls, registry):
    contents = await asyncio.gather(
        *[registry[call.name](**call.arguments) for call in calls], return_exceptions=True
    )
    return [
        ToolResult(call.id, repr(content) if isinstance(content, Exception) else content)
        for call, content in zip(calls, contents)
    ]
