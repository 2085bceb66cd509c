"""Reads pool.map's results, which end with the first error.

check: a failing call harms only itself
mistake: raises
points: 6
"""

def dispatch_threads(calls, registry, max_workers):
    contexts = [contextvars.copy_context() for _ in calls]

    def work(call, context):
        return context.run(registry[call.name], **call.arguments)

    with ThreadPoolExecutor(max_workers) as pool:
        contents = list(pool.map(work, calls, contexts))
    return [ToolResult(call.id, content) for call, content in zip(calls, contents)]
