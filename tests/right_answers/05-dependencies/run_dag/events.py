"""An event for each call, set in a finally: also when the call fails."""

async def run_dag(needs, tool):
    answered = {call_id: asyncio.Event() for call_id in needs}
    results = {}

    async def one(call_id):
        try:
            for before in needs[call_id]:
                await answered[before].wait()
            for before in needs[call_id]:
                if results[before].is_error:
                    _, skipped, why = results[before].content.partition("skipped ")
                    why = why if skipped else f"(needs {before})"
                    results[call_id] = ToolResult(call_id, f"skipped {why}", is_error=True)
                    return
            text = await tool(call_id, {b: results[b].content for b in needs[call_id]})
            results[call_id] = ToolResult(call_id, text)
        except Exception as error:
            results[call_id] = ToolResult(call_id, f"{type(error).__name__}, {error}", is_error=True)
        finally:
            answered[call_id].set()

    await asyncio.gather(*map(one, needs))
    return [results[call_id] for call_id in needs]
