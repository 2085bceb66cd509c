"""Submits a lambda that looks at the loop's variable only when it runs.

check: answers every call once, in call order
mistake: call-not-run
"""

def run(call, registry):
    try:
        return ToolResult(call.id, registry[call.name](**call.arguments))
    except Exception as error:
        return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)


def dispatch_threads(calls, registry, max_workers):
    futures = {}
    with ThreadPoolExecutor(max_workers) as pool:
        for call in calls:
            context = contextvars.copy_context()
            futures[call.id] = pool.submit(context.run, lambda: run(call, registry).content)
    return [ToolResult(i, future.result()) for i, future in futures.items()]
