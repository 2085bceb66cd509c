"""Sorts the results by their ids, as if ids were numbers.

check: results stand in call order
mistake: sorted-ids
points: 7
"""

async def dispatch_all(calls, registry):
    async def one(call):
        try:
            return ToolResult(call.id, await registry[call.name](**call.arguments))
        except Exception as error:
            return ToolResult(call.id, repr(error), is_error=True)

    results = await asyncio.gather(*map(one, calls))
    return sorted(results, key=lambda result: result.id)
