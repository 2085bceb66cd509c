"""Sets a call's event only when its tool has answered, so that a failure keeps others waiting for ever.

check: what needs a failed call is skipped
mistake: deadlock
points: 6
"""

async def run_dag(needs, tool):
    done = {call_id: asyncio.Event() for call_id in needs}
    contents = {}

    async def one(call_id):
        for before in needs[call_id]:
            await done[before].wait()
        contents[call_id] = await tool(call_id, {b: contents[b] for b in needs[call_id]})
        done[call_id].set()
        return ToolResult(call_id, contents[call_id])

    results = await asyncio.gather(*map(one, needs), return_exceptions=True)
    return [
        ToolResult(c, f"{type(r).__name__}: {r}", is_error=True) if isinstance(r, Exception) else r
        for c, r in zip(needs, results, strict=True)
    ]
