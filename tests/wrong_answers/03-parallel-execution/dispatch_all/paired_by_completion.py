"""Pairs calls in their order with contents in the order of completion.

check: answers every call once
mistake: mixed-up
"""

async def dispatch_all(calls, registry):
    async def one(call):
        try:
            return await registry[call.name](**call.arguments), False
        except Exception as error:
            return repr(error), True

    done = []

    async def collect(call):
        done.append(await one(call))

    await asyncio.gather(*map(collect, calls))
    return [ToolResult(call.id, *answer) for call, answer in zip(calls, done)]
