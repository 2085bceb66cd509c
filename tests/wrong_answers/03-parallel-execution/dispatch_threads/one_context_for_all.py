"""Copies the context once, and lets all threads into the same copy.

check: returns a list of results
mistake: shared-context
points: 0
"""

def run(call, registry):
    try:
        return ToolResult(call.id, registry[call.name](**call.arguments))
    except Exception as error:
        return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)


def dispatch_threads(calls, registry, max_workers):
    context = contextvars.copy_context()
    with ThreadPoolExecutor(max_workers) as pool:
        futures = [pool.submit(context.run, run, call, registry) for call in calls]
    return [future.result() for future in futures]
