"""Cancels all that is in flight and skips all the rest when a call fails.

check: and nothing else is
mistake: stops-others
points: 7
"""

async def run_dag(needs, tool):
    failed = []
    results = {}

    async def one(call_id):
        inputs = {before: await tasks[before] for before in needs[call_id]}
        try:
            text = await tool(call_id, inputs)
        except Exception as error:
            failed.append(call_id)
            results[call_id] = ToolResult(call_id, f"{type(error).__name__}: {error}", is_error=True)
            raise
        results[call_id] = ToolResult(call_id, text)
        return text

    try:
        async with asyncio.TaskGroup() as group:
            tasks = {call_id: group.create_task(one(call_id)) for call_id in needs}
    except* Exception:
        pass
    for call_id in needs:
        if call_id not in results:
            results[call_id] = ToolResult(call_id, f"skipped, {failed[0]} failed", is_error=True)
    return [results[call_id] for call_id in needs]
