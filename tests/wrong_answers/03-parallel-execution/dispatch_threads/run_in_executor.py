"""Hands calls to the loop's run_in_executor, which leaves the context behind.

check: the request id reaches every tool
mistake: context-lost
points: 6
"""

def run(call, registry):
    try:
        return ToolResult(call.id, registry[call.name](**call.arguments))
    except Exception as error:
        return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)


def dispatch_threads(calls, registry, max_workers):
    async def all_of_them():
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(max_workers) as pool:
            futures = [loop.run_in_executor(pool, run, call, registry) for call in calls]
            return await asyncio.gather(*futures)

    with ThreadPoolExecutor(1) as outside:
        return outside.submit(asyncio.run, all_of_them()).result()
