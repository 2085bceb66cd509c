"""Takes futures as they complete, keyed by id, and answers in call order."""

from concurrent.futures import as_completed
from functools import partial


def dispatch_threads(calls, registry, max_workers):
    answers = {}
    with ThreadPoolExecutor(max_workers) as pool:
        ids = {}
        for call in calls:
            work = partial(registry[call.name], **call.arguments)
            ids[pool.submit(contextvars.copy_context().run, work)] = call.id
        for future in as_completed(ids):
            error = future.exception()
            answers[ids[future]] = (
                ToolResult(ids[future], future.result())
                if error is None
                else ToolResult(ids[future], repr(error), is_error=True)
            )
    return [answers[call.id] for call in calls]
