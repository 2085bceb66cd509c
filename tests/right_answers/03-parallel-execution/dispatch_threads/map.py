"""pool.map over calls and as many copies of the context."""

def run(call, registry):
    try:
        return ToolResult(call.id, registry[call.name](**call.arguments))
    except Exception as error:
        return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)


def dispatch_threads(calls, registry, max_workers):
    contexts = [contextvars.copy_context() for _ in calls]

    def inside(context, call):
        return context.run(run, call, registry)

    with ThreadPoolExecutor(max_workers) as pool:
        return list(pool.map(inside, contexts, calls))
