"""Says str(error), which can be empty.

check: a failing call harms only itself
mistake: empty-error
points: 6
"""

def dispatch_threads(calls, registry, max_workers):
    def run(call):
        try:
            return ToolResult(call.id, registry[call.name](**call.arguments))
        except Exception as error:
            return ToolResult(call.id, str(error), is_error=True)

    with ThreadPoolExecutor(max_workers) as pool:
        futures = [pool.submit(contextvars.copy_context().run, run, call) for call in calls]
    return [future.result() for future in futures]
