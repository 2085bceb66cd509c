"""Gathers blocking tools on an event loop, where they run one after another.

check: max_workers calls run at once
mistake: serial
points: 6
"""

def run(call, registry):
    try:
        return ToolResult(call.id, registry[call.name](**call.arguments))
    except Exception as error:
        return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)


def dispatch_threads(calls, registry, max_workers):
    async def one(call):
        return run(call, registry)

    async def all_of_them():
        return await asyncio.gather(*(one(call) for call in calls))

    context = contextvars.copy_context()
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(context.run, asyncio.run, all_of_them()).result()
