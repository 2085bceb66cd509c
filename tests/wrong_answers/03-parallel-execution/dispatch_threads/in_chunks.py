"""Waits for a whole chunk of calls before it starts the next chunk.

check: max_workers calls run at once
mistake: too-slow
points: 6
"""

def run(call, registry):
    try:
        return ToolResult(call.id, registry[call.name](**call.arguments))
    except Exception as error:
        return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)


def dispatch_threads(calls, registry, max_workers):
    results = []
    for start in range(0, len(calls), max_workers):
        with ThreadPoolExecutor(max_workers) as pool:
            futures = [
                pool.submit(contextvars.copy_context().run, run, call, registry)
                for call in calls[start : start + max_workers]
            ]
        results += [future.result() for future in futures]
    return results
