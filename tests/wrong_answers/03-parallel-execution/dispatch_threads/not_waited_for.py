"""Leaves the pool without waiting, and returns what happens to be there.

check: answers every call once, in call order
mistake: call-unanswered
"""

def run(call, registry):
    try:
        return ToolResult(call.id, registry[call.name](**call.arguments))
    except Exception as error:
        return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)


def dispatch_threads(calls, registry, max_workers):
    pool = ThreadPoolExecutor(max_workers)
    futures = [pool.submit(contextvars.copy_context().run, run, call, registry) for call in calls]
    pool.shutdown(wait=False)
    return [future.result() for future in futures if future.done()]
