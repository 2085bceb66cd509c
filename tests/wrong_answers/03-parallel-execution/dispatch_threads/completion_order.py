"""Collects results in the order in which threads finish.

check: answers every call once, in call order
mistake: completion-order
points: 7
"""

def run(call, registry):
    try:
        return ToolResult(call.id, registry[call.name](**call.arguments))
    except Exception as error:
        return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)


def dispatch_threads(calls, registry, max_workers):
    results = []

    def work(call):
        results.append(run(call, registry))

    with ThreadPoolExecutor(max_workers) as pool:
        for call in calls:
            pool.submit(contextvars.copy_context().run, work, call)
    return results
