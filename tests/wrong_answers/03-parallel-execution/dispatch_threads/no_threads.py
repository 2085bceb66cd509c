"""Calls the tools one after another in its own thread.

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
    return [run(call, registry) for call in calls]
