"""Awaits a failed task and hands on its exception, so that children fail with their parent's error.

check: what needs a failed call is skipped
mistake: skip-untold
"""

async def run_dag(needs, tool):
    async def one(call_id):
        inputs = {before: await tasks[before] for before in needs[call_id]}
        return await tool(call_id, inputs)

    tasks = {call_id: asyncio.create_task(one(call_id)) for call_id in needs}
    results = await asyncio.gather(*tasks.values(), return_exceptions=True)
    return [
        ToolResult(c, f"{type(r).__name__}: {r}", is_error=True) if isinstance(r, Exception) else ToolResult(c, r)
        for c, r in zip(needs, results, strict=True)
    ]
