"""Returns coroutines instead of what they come to.

check: returns a list of results
mistake: not-a-result
points: 0
"""

async def dispatch_all(calls, registry):
    async def one(call):
        try:
            return ToolResult(call.id, await registry[call.name](**call.arguments))
        except Exception as error:
            return ToolResult(call.id, repr(error), is_error=True)

    return [one(call) for call in calls]
