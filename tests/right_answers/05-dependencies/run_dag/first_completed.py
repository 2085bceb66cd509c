"""A loop that waits for the first task to end, and starts what has become ready."""

async def run_dag(needs, tool):
    results, causes, flying = {}, {}, {}
    try:
        while len(results) < len(needs):
            moved = True
            while moved:
                moved = False
                for call_id, befores in needs.items():
                    if call_id in results or call_id in flying.values():
                        continue
                    if not all(before in results for before in befores):
                        continue
                    blame = [causes[before] for before in befores if before in causes]
                    if blame:
                        causes[call_id] = blame[0]
                        results[call_id] = ToolResult(call_id, f"skipped: {blame[0]} failed", True)
                        moved = True
                        continue
                    inputs = {before: results[before].content for before in befores}
                    flying[asyncio.ensure_future(tool(call_id, inputs))] = call_id
            if not flying:
                break
            done, _ = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                call_id = flying.pop(task)
                error = task.exception()
                if error is None:
                    results[call_id] = ToolResult(call_id, task.result())
                else:
                    causes[call_id] = call_id
                    results[call_id] = ToolResult(call_id, f"{type(error).__name__}: {error}", True)
    finally:
        for task in flying:
            task.cancel()
        await asyncio.gather(*flying, return_exceptions=True)
    return [results[call_id] for call_id in needs]
