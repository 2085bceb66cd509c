"""What a run leaves behind when it came back: tasks, generators and threads."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from concurrent.futures import thread as _pools
from typing import Any

from toollab.clock._loop import SimulatedLoop
from toollab.clock._state import Clock
from toollab.clock._where import is_idle_worker

__all__ = ("cancel_all", "forget_stuck_threads", "play_out")


def play_out(loop: SimulatedLoop) -> None:
    """Let the tasks that were left play to their end."""
    tasks = asyncio.all_tasks(loop)
    if tasks:
        with _whatever():
            loop.run_until_complete(asyncio.wait(tasks))


def cancel_all(loop: SimulatedLoop) -> None:
    """Cancel tasks that have no end, and give up those that will not be cancelled."""
    for task in asyncio.all_tasks(loop):
        with _whatever():  # tasks that wait in a circle cancel each other without end
            task.cancel()
    play_out(loop)
    last = loop.shutdown_asyncgens()
    with _whatever():
        loop.run_until_complete(last)
    last.close()  # or Python complains, if the loop could not begin it
    for task in asyncio.all_tasks(loop):
        setattr(task, "_log_destroy_pending", False)  # noqa: B010 - known to no type checker
    pool = getattr(loop, "_default_executor", None)
    if pool is not None:
        pool.shutdown(wait=False)


@contextlib.contextmanager
def _whatever() -> Any:
    """Go on, whatever left tasks raise; only the user's interrupt counts."""
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001, S110 - it was left behind: nobody waits for it
        pass


def forget_stuck_threads(clock: Clock) -> None:
    """Note threads that are stuck for ever; Python must not wait for them when it ends."""
    frames = sys._current_frames()  # noqa: SLF001
    for thread in clock.others():
        if not is_idle_worker(thread, frames.get(thread.ident or 0)):
            clock.give_up(thread)
            workers: Any = _pools._threads_queues  # noqa: SLF001
            workers.pop(thread, None)
