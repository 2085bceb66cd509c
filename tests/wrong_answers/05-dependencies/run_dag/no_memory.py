"""Runs the calls that a call needs anew for each call that needs them.

check: answers every call once, in the order given
mistake: ran-twice
"""

async def run_dag(needs, tool):
    async def one(call_id):
        befores = await asyncio.gather(*map(one, needs[call_id]))
        for before in befores:
            if before.is_error:
                cause = before.content.partition("skipped, ")[2] or before.id
                return ToolResult(call_id, f"skipped, {cause}", is_error=True)
        try:
            text = await tool(call_id, {before.id: before.content for before in befores})
            return ToolResult(call_id, text)
        except Exception as error:
            return ToolResult(call_id, f"{type(error).__name__}: {error}", is_error=True)

    return await asyncio.gather(*map(one, needs))
