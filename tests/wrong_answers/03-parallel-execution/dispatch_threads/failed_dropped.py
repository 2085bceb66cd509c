"""Keeps only the futures that have a result.

check: a failing call harms only itself
mistake: call-unanswered
points: 6
"""

from functools import partial


def dispatch_threads(calls, registry, max_workers):
    with ThreadPoolExecutor(max_workers) as pool:
        futures = {
            call.id: pool.submit(
                contextvars.copy_context().run, partial(registry[call.name], **call.arguments)
            )
            for call in calls
        }
    return [ToolResult(i, f.result()) for i, f in futures.items() if f.exception() is None]
