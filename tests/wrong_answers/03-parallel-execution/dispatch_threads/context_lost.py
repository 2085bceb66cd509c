"""Submits calls without the caller's context.

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
    with ThreadPoolExecutor(max_workers) as pool:
        return list(pool.map(lambda call: run(call, registry), calls))
