"""Submits each call in its own copy of the context; futures stand in call order."""

def run(call, registry):
    try:
        return ToolResult(call.id, registry[call.name](**call.arguments))
    except Exception as error:
        return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)


def dispatch_threads(calls, registry, max_workers):
    with ThreadPoolExecutor(max_workers=max_workers) as pool:
        futures = [
            pool.submit(contextvars.copy_context().run, run, call, registry) for call in calls
        ]
        return [future.result() for future in futures]
