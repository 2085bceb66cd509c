"""Threads of its own that take calls off a queue."""

import queue
import threading


def run(call, registry):
    try:
        return ToolResult(call.id, registry[call.name](**call.arguments))
    except Exception as error:
        return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)


def dispatch_threads(calls, registry, max_workers):
    waiting = queue.SimpleQueue()
    results = [None] * len(calls)
    for position, call in enumerate(calls):
        waiting.put((position, call))

    def work():
        while True:
            try:
                position, call = waiting.get_nowait()
            except queue.Empty:
                return
            results[position] = run(call, registry)

    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=(work,))
        for _ in range(max_workers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
