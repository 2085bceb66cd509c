"""Runs all calls that are ready, waits for all of them, and goes on with the next level.

check: and waits for nothing else
mistake: level-by-level
"""

async def run_dag(needs, tool):
    results = {}

    async def one(call_id):
        failed = [b for b in needs[call_id] if results[b].is_error]
        if failed:
            cause = results[failed[0]].content.partition("skipped, ")[2] or failed[0]
            return ToolResult(call_id, f"skipped, {cause}", is_error=True)
        try:
            text = await tool(call_id, {b: results[b].content for b in needs[call_id]})
            return ToolResult(call_id, text)
        except Exception as error:
            return ToolResult(call_id, f"{type(error).__name__}: {error}", is_error=True)

    while len(results) < len(needs):
        ready = [c for c in needs if c not in results and all(b in results for b in needs[c])]
        for result in await asyncio.gather(*map(one, ready)):
            results[result.id] = result
    return [results[call_id] for call_id in needs]
