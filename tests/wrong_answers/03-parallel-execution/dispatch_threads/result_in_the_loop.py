"""Asks each future for its result before it submits the next.

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
    results = []
    with ThreadPoolExecutor(max_workers) as pool:
        for call in calls:
            context = contextvars.copy_context()
            results.append(pool.submit(context.run, run, call, registry).result())
    return results
