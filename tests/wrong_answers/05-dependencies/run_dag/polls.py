"""Looks every 10 ms whether a call has become ready.

check: and waits for nothing else
mistake: polls
"""

async def run_dag(needs, tool):
    results, tasks = {}, {}

    async def one(call_id):
        failed = [b for b in needs[call_id] if results[b].is_error]
        if failed:
            cause = results[failed[0]].content.partition("skipped, ")[2] or failed[0]
            results[call_id] = ToolResult(call_id, f"skipped, {cause}", is_error=True)
            return
        try:
            text = await tool(call_id, {b: results[b].content for b in needs[call_id]})
            results[call_id] = ToolResult(call_id, text)
        except Exception as error:
            results[call_id] = ToolResult(call_id, f"{type(error).__name__}: {error}", is_error=True)

    async with asyncio.TaskGroup() as group:
        while len(results) < len(needs):
            for call_id in needs:
                if call_id not in tasks and all(b in results for b in needs[call_id]):
                    tasks[call_id] = group.create_task(one(call_id))
            await asyncio.sleep(0.01)
    return [results[call_id] for call_id in needs]
