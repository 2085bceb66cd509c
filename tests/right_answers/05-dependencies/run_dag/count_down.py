"""Each call counts down those that it holds up, and starts one that reaches zero."""

async def run_dag(needs, tool):
    open_needs = {call_id: len(set(befores)) for call_id, befores in needs.items()}
    held_up = {call_id: [c for c in needs if call_id in needs[c]] for call_id in needs}
    results, causes = {}, {}

    async with asyncio.TaskGroup() as group:

        async def one(call_id):
            blame = next((causes[b] for b in needs[call_id] if b in causes), None)
            if blame is not None:
                causes[call_id] = blame
                results[call_id] = ToolResult(call_id, f"skipped; {blame} failed", is_error=True)
            else:
                try:
                    inputs = {b: results[b].content for b in needs[call_id]}
                    results[call_id] = ToolResult(call_id, await tool(call_id, inputs))
                except Exception as error:
                    causes[call_id] = call_id
                    text = f"{type(error).__name__}: {error}"
                    results[call_id] = ToolResult(call_id, text, is_error=True)
            for freed in held_up[call_id]:
                open_needs[freed] -= 1
                if not open_needs[freed]:
                    group.create_task(one(freed))

        for call_id, count in open_needs.items():
            if not count:
                group.create_task(one(call_id))
    return [results[call_id] for call_id in needs]
