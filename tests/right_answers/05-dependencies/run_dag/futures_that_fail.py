"""Exceptions go from task to task; a class of its own tells skipped from failed."""

class Skipped(Exception):
    pass


async def run_dag(needs, tool):
    async def one(call_id):
        inputs = {}
        for before in needs[call_id]:
            try:
                inputs[before] = await tasks[before]
            except Skipped:
                raise
            except Exception:
                raise Skipped(f"skipped, {before} failed") from None
        return await tool(call_id, inputs)

    tasks = {call_id: asyncio.ensure_future(one(call_id)) for call_id in needs}
    found = await asyncio.gather(*tasks.values(), return_exceptions=True)
    results = []
    for call_id, value in zip(needs, found, strict=True):
        if isinstance(value, Skipped):
            results.append(ToolResult(call_id, str(value), is_error=True))
        elif isinstance(value, Exception):
            results.append(ToolResult(call_id, f"{type(value).__name__}: {value}", is_error=True))
        else:
            results.append(ToolResult(call_id, value))
    return results
