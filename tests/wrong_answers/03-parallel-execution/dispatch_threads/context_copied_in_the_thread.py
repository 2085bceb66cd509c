"""Copies the context inside the worker, where it is already empty.

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
    def inside(call):
        return contextvars.copy_context().run(run, call, registry)

    with ThreadPoolExecutor(max_workers) as pool:
        return list(pool.map(inside, calls))
