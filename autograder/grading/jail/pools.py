"""Thread pools in a copy of a process: a copy has the pools, but none of their workers."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import thread as _pools
from typing import Any, cast

__all__ = ("all_idle", "busy_threads", "living_pools", "revive")


def living_pools() -> dict[ThreadPoolExecutor, list[threading.Thread]]:
    """Return the thread pools that are alive, each with its workers."""
    found: dict[ThreadPoolExecutor, list[threading.Thread]] = {}
    for worker in list(_pools._threads_queues):  # noqa: SLF001 - the one list of them
        args = getattr(worker, "_args", ())
        pool = args[0]() if args else None
        if pool is not None:
            found.setdefault(pool, []).append(worker)
    return found


def all_idle() -> bool:
    """Tell whether every other thread is a worker of a pool that has nothing to do.

    A pool counts its idle workers, so one that is about to begin is not taken for idle.
    """
    if threading.active_count() == 1:
        return True
    idle: set[Any] = {threading.current_thread()}
    for pool in living_pools():
        if pool._idle_semaphore._value >= len(pool._threads):  # noqa: SLF001
            idle |= pool._threads  # noqa: SLF001
    return idle.issuperset(threading.enumerate())


def busy_threads(pools: Mapping[ThreadPoolExecutor, list[threading.Thread]]) -> list[str]:
    """Name the threads that a copy of this process would lack; idle workers are no loss."""
    idle: set[threading.Thread] = set()
    frames = sys._current_frames()  # noqa: SLF001 - where a worker waits tells that it is idle
    for pool, workers in pools.items():
        if not pool._work_queue.empty():  # noqa: SLF001
            continue
        for worker in workers:
            frame = frames.get(worker.ident or 0)
            if frame is not None and frame.f_code is _pools._worker.__code__:  # noqa: SLF001
                idle.add(worker)
    me = threading.current_thread()
    return [t.name for t in threading.enumerate() if t is not me and t not in idle]


def revive(pools: Mapping[ThreadPoolExecutor, Any]) -> None:
    """Let pools start new workers, in the copy, for those that stayed behind."""
    for pool in cast("Iterable[Any]", pools):
        pool._threads.clear()  # noqa: SLF001
        pool._idle_semaphore = threading.Semaphore(0)  # noqa: SLF001
        pool._work_queue = queue.SimpleQueue()  # noqa: SLF001
    cast("Any", _pools)._threads_queues.clear()  # noqa: SLF001
