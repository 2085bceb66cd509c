"""An event loop in a thread of its own, to_thread, and a semaphore for the limit."""

def run(call, registry):
    try:
        return ToolResult(call.id, registry[call.name](**call.arguments))
    except Exception as error:
        return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)


def dispatch_threads(calls, registry, max_workers):
    async def all_of_them():
        gate = asyncio.Semaphore(max_workers)

        async def one(call):
            async with gate:
                return await asyncio.to_thread(run, call, registry)

        return await asyncio.gather(*(one(call) for call in calls))

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(contextvars.copy_context().run, asyncio.run, all_of_them()).result()
