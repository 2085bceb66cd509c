"""What surrounds a run: `time.sleep` on simulated time, and an end for code that spins."""

from __future__ import annotations

import contextlib
import ctypes
import inspect
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from toollab.clock._errors import Blocked, Spinning
from toollab.clock._state import Clock
from toollab.clock._where import where_is

# This module is where real and simulated sleeping are told apart.
# ruff: noqa: TID251

__all__ = ("allowance", "budget", "real_sleep", "simulated_sleep", "stop_spinning")

real_sleep = time.sleep
_budget: ContextVar[float | None] = ContextVar("toollab_budget", default=None)


@contextmanager
def budget(cpu_seconds: float | None) -> Iterator[None]:
    """Give every run inside at most `cpu_seconds` of processor time; `None` changes nothing.

    For those who run many answers that are known to be wrong, and want endless ones to be quick.
    """
    token = _budget.set(_budget.get() if cpu_seconds is None else cpu_seconds)
    try:
        yield
    finally:
        _budget.reset(token)


def allowance(cpu_seconds: float) -> float:
    """Return what a run that asks for `cpu_seconds` gets."""
    cap = _budget.get()
    return cpu_seconds if cap is None else min(cpu_seconds, cap)


@contextmanager
def simulated_sleep(
    clock: Clock, loop_thread: int | None, fn: Callable[..., Any]
) -> Iterator[None]:
    """Let `time.sleep` take simulated time in the code under test, and note it on the loop.

    `loop_thread` is the ident of the thread whose event loop must not be blocked.  A name
    bound by `from time import sleep` beside `fn` is covered too.
    """

    def sleep(seconds: Any) -> None:
        """Stand in for `time.sleep`: same call, simulated seconds."""
        if clock.is_foreign() or clock.closed:
            real_sleep(seconds)
            return
        if threading.get_ident() == loop_thread:
            _, place = where_is(sys._getframe(1))  # noqa: SLF001
            clock.blocked_loop.append(Blocked("time.sleep", place, seconds))
        clock.wait(seconds)

    names = getattr(inspect.unwrap(fn), "__globals__", {})
    bound = [name for name, value in list(names.items()) if value is real_sleep]
    time.sleep = sleep
    for name in bound:
        names[name] = sleep
    try:
        yield
    finally:
        time.sleep = real_sleep
        for name in bound:
            names[name] = real_sleep


@contextmanager
def stop_spinning(clock: Clock, cpu_seconds: float) -> Iterator[None]:
    """Raise `Spinning` in the calling thread after `cpu_seconds` of processor time.

    Processor time, not waiting time: a busy machine does not use up a learner's share.
    """
    target, done = threading.get_ident(), threading.Event()
    sent = threading.Event()
    start = time.process_time()

    def watch() -> None:
        clock.ours.update((threading.get_native_id(), threading.get_ident()))
        while not done.wait(0.25):
            if time.process_time() - start > cpu_seconds:
                sent.set()
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(target), ctypes.py_object(Spinning)
                )
                done.wait(1.0)  # an `except BaseException` in a loop: try again

    watcher = threading.Thread(target=watch, name="toollab-watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
        if sent.is_set():
            _absorb_late_strike()


def _absorb_late_strike() -> None:
    """Let an exception that was sent at the very end arrive here, and not in the caller.

    Taking it back with a null exception would leave the interpreter looking for it for ever.
    """
    with contextlib.suppress(Spinning):
        for _ in range(1000):
            pass
