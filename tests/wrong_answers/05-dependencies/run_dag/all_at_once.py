"""Starts every call at once, as if nothing needed anything.

check: a call waits for what it needs, and gets it
mistake: order-broken
"""

async def run_dag(needs, tool):
    async def one(call_id):
        try:
            return ToolResult(call_id, await tool(call_id, {}))
        except Exception as error:
            return ToolResult(call_id, f"{type(error).__name__}: {error}", is_error=True)

    return await asyncio.gather(*map(one, needs))
