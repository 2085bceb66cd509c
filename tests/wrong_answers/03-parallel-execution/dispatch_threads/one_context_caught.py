"""Lets all threads into one context, and takes the RuntimeError for a tool's.

check: returns a list of results
mistake: shared-context
"""

def dispatch_threads(calls, registry, max_workers):
    context = contextvars.copy_context()

    def run(call):
        try:
            content = context.run(registry[call.name], **call.arguments)
        except Exception as error:
            return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)
        return ToolResult(call.id, content)

    with ThreadPoolExecutor(max_workers) as pool:
        return list(pool.map(run, calls))
