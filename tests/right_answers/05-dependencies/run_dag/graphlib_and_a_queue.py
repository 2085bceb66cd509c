"""The standard library's topological sorter says what is ready; a queue says what has ended."""

import graphlib


async def run_dag(needs, tool):
    sorter = graphlib.TopologicalSorter(needs)
    sorter.prepare()
    ended, results, to_blame = asyncio.Queue(), {}, {}

    async def one(call_id, inputs):
        try:
            result = ToolResult(call_id, await tool(call_id, inputs))
        except Exception as error:
            to_blame[call_id] = call_id
            result = ToolResult(call_id, repr(error), is_error=True)
        ended.put_nowait(result)

    async with asyncio.TaskGroup() as group:
        while sorter.is_active():
            for call_id in sorter.get_ready():
                blame = {to_blame[before] for before in needs[call_id] if before in to_blame}
                if blame:
                    to_blame[call_id] = min(blame)
                    text = f"skipped because of {', '.join(sorted(blame))}"
                    ended.put_nowait(ToolResult(call_id, text, is_error=True))
                else:
                    inputs = {before: results[before].content for before in needs[call_id]}
                    group.create_task(one(call_id, inputs))
            if not sorter.is_active():
                break
            result = await ended.get()
            results[result.id] = result
            sorter.done(result.id)
    return [results[call_id] for call_id in needs]
