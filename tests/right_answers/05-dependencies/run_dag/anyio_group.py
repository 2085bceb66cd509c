"""A task group of anyio, with an event for each call."""

import anyio


async def run_dag(needs, tool):
    answered = {call_id: anyio.Event() for call_id in needs}
    results, blame = {}, {}

    async def one(call_id):
        for before in needs[call_id]:
            await answered[before].wait()
        causes = sorted({blame[before] for before in needs[call_id] if before in blame})
        try:
            if causes:
                blame[call_id] = causes[0]
                results[call_id] = ToolResult(call_id, f"skipped for {causes}", is_error=True)
            else:
                inputs = {before: results[before].content for before in needs[call_id]}
                results[call_id] = ToolResult(call_id, await tool(call_id, inputs))
        except Exception as error:
            blame[call_id] = call_id
            results[call_id] = ToolResult(call_id, f"{type(error).__name__} {error}", is_error=True)
        answered[call_id].set()

    async with anyio.create_task_group() as group:
        for call_id in needs:
            group.start_soon(one, call_id)
    return [results[call_id] for call_id in needs]
