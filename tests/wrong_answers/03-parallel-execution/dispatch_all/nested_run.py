"""Starts an event loop inside the one that is running.

check: returns a list of results
mistake: nested-run
points: 0
"""

def dispatch_all(calls, registry):
    async def one(call):
        try:
            return ToolResult(call.id, await registry[call.name](**call.arguments))
        except Exception as error:
            return ToolResult(call.id, repr(error), is_error=True)

    async def all_of_them():
        return await asyncio.gather(*map(one, calls))

    return asyncio.run(all_of_them())
