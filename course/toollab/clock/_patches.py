"""The standard library on simulated time, for as long as a run lasts.

Whatever a learner's code may wait with takes simulated time: `time.sleep`, timeouts of futures,
queues, events, conditions and joins, and the clocks of the `time` module.  Everything is put back
after the run, and threads that do not belong to it never notice.  Not covered, because Python
offers no way in: `Lock.acquire(timeout=…)` and `SimpleQueue.get(timeout=…)` wait in real time.
"""

from __future__ import annotations

import asyncio
import functools
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType, MethodType
from typing import Any

from toollab.clock._errors import Blocked
from toollab.clock._state import Clock
from toollab.clock._where import where_is

# This module is where real and simulated time are told apart.
# ruff: noqa: TID251

__all__ = ("kernel_loop_aside", "simulated_loops", "simulated_threads", "simulated_time")

_START = 1_000.0  # what clocks show at first: small, so that no digit of a difference is lost
_OVERTIME = 1e-9
_NS = 1_000_000_000
_PROCESSORS = 28  # a pool without a size gets 32 threads from this, on every machine


@contextmanager
def _swapped(*changes: tuple[Any, str, Any]) -> Iterator[None]:
    """Set attributes, and put back what was there."""
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in changes]
    for owner, name, value in changes:
        setattr(owner, name, value)
    try:
        yield
    finally:
        for owner, name, value in reversed(before):
            setattr(owner, name, value)


# -- the time module --------------------------------------------------------------------------


@contextmanager
def simulated_time(clock: Clock, fn: Callable[..., Any]) -> Iterator[None]:
    """Put the `time` module on simulated time.

    Names bound by `from time import sleep` beside `fn` are covered too.
    """
    fakes: dict[str, Callable[..., Any]] = {"sleep": _sleep(clock)}
    for name, start in (("monotonic", _START), ("perf_counter", _START), ("time", time.time())):
        fakes[name] = _reading(clock, getattr(time, name), start)
        fakes[f"{name}_ns"] = _reading_ns(clock, getattr(time, f"{name}_ns"), start)
    by_real = {id(getattr(time, name)): fake for name, fake in fakes.items()}
    bound = [
        (names, name, value, by_real[id(value)])
        for names in _namespaces(fn)
        for name, value in list(names.items())
        if id(value) in by_real
    ]
    with _swapped(
        *((time, name, fake) for name, fake in fakes.items()),
        # Two modules of the standard library have a name of their own for it.
        (threading, "_time", fakes["monotonic"]),
        (queue, "time", fakes["monotonic"]),
    ):
        for names, name, _, fake in bound:
            names[name] = fake
        try:
            yield
        finally:
            for names, name, real, fake in bound:
                if names.get(name) is fake:
                    names[name] = real


def _sleep(clock: Clock) -> Callable[[float], None]:
    real = time.sleep

    def sleep(seconds: float) -> None:
        """Stand in for `time.sleep`: same call, simulated seconds."""
        if not clock.simulates_here():
            return real(seconds)
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        _, place = where_is(sys._getframe(1))  # noqa: SLF001
        if asyncio._get_running_loop() is not None:  # noqa: SLF001
            clock.blocked.append(Blocked("time.sleep", place, seconds))
        return clock.wait(seconds, place)

    return sleep


def _reading(clock: Clock, real: Callable[[], float], start: float) -> Callable[[], float]:
    @functools.wraps(real)
    def read() -> float:
        return start + clock.now + clock.overtime if clock.simulates_here() else real()

    return read


def _reading_ns(clock: Clock, real: Callable[[], int], start: float) -> Callable[[], int]:
    @functools.wraps(real)
    def read() -> int:
        if not clock.simulates_here():
            return real()
        return round(start * _NS) + round((clock.now + clock.overtime) * _NS)

    return read


def _namespaces(fn: Any) -> list[dict[str, Any]]:
    """Return the global names of `fn` and of the functions it is made of."""
    found: dict[int, dict[str, Any]] = {}
    todo, seen = [fn], set[int]()
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if type(one) is FunctionType:
            found[id(one.__globals__)] = one.__globals__
            todo += [cell.cell_contents for cell in one.__closure__ or () if _is_set(cell)]
            todo.append(one.__dict__.get("__wrapped__"))
        elif type(one) is MethodType:
            todo.append(one.__func__)
        elif type(one) is functools.partial:
            todo += [one.func, *one.args]
        elif type(type(one).__dict__.get("__call__")) is FunctionType:
            todo.append(type(one).__dict__["__call__"])
    return list(found.values())


def _is_set(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018 - asking is the only way to know
    except ValueError:
        return False
    return True


# -- threads ----------------------------------------------------------------------------------


@contextmanager
def simulated_threads(clock: Clock, lost: list[str]) -> Iterator[None]:
    """Put timeouts of threads on simulated time, and let no thread of the run outlive Python.

    Errors of threads that nobody asks for go to `lost`.
    """
    wait, start, join = threading.Condition.wait, threading.Thread.start, threading.Thread.join
    hook = threading.excepthook

    def wait_simulated(self: Any, timeout: float | None = None) -> bool:
        if timeout is None or timeout <= 0 or not clock.simulates_here() or not self._is_owned():
            return wait(self, timeout)
        return _wait(clock, self, timeout)

    def start_daemon(self: threading.Thread) -> None:
        if clock.takes_part() and self.ident is None and self not in clock.helpers:
            self.daemon = True  # one that is stuck for ever must not keep the kernel from ending
            clock.call_conductor()
        start(self)

    def join_simulated(self: threading.Thread, timeout: float | None = None) -> None:
        if timeout is None or timeout <= 0 or not clock.simulates_here():
            return join(self, timeout)
        join(self, 0)  # raises if there is nothing to join
        ended = threading.Event()

        def watch() -> None:
            join(self)
            ended.set()

        threading.Thread(target=watch, daemon=True).start()
        ended.wait(timeout)
        return None

    def note(args: Any) -> None:
        if clock.takes_part():
            lost.append(f"{args.exc_type.__name__} in a thread")
        else:
            hook(args)

    counts = [name for name in ("cpu_count", "process_cpu_count") if hasattr(os, name)]
    with _swapped(
        (threading.Condition, "wait", wait_simulated),
        (threading.Thread, "start", start_daemon),
        (threading.Thread, "join", join_simulated),
        (threading, "excepthook", note),
        *((os, name, lambda: _PROCESSORS) for name in counts),
    ):
        yield


def _wait(clock: Clock, condition: Any, timeout: float) -> bool:
    """Do what `Condition.wait` does, with a timeout in simulated seconds."""
    waiter = threading.Lock()
    waiter.acquire()
    condition._waiters.append(waiter)  # noqa: SLF001
    state = condition._release_save()  # noqa: SLF001
    late = threading.Lock()

    def ring() -> None:
        if late.acquire(blocking=False) and waiter.locked():
            # Real time goes on while a thread wakes up, and code relies on it: `as_completed`
            # waits again, for ever, if its time is up but not exceeded.
            clock.overtime = _OVERTIME
            waiter.release()

    alarm = None
    try:
        alarm = clock.alarm(timeout, ring)
        waiter.acquire()
    finally:
        notified = late.acquire(blocking=False)
        if alarm is not None:
            alarm.off = True
        condition._acquire_restore(state)  # noqa: SLF001
        if not notified and waiter in condition._waiters:  # noqa: SLF001
            condition._waiters.remove(waiter)  # noqa: SLF001
    return notified


# -- event loops ------------------------------------------------------------------------------


@contextmanager
def simulated_loops(
    clock: Clock, new_loop: Callable[[], asyncio.AbstractEventLoop]
) -> Iterator[None]:
    """Give the code's own `asyncio.run` a simulated loop too."""
    real_new, real_get = asyncio.new_event_loop, asyncio.get_event_loop
    own: dict[int, asyncio.AbstractEventLoop] = {}

    def new_event_loop() -> asyncio.AbstractEventLoop:
        return new_loop() if clock.takes_part() else real_new()

    def get_event_loop() -> asyncio.AbstractEventLoop:
        running = asyncio._get_running_loop()  # noqa: SLF001
        if running is not None or not clock.takes_part():
            return running or real_get()
        return own.setdefault(threading.get_ident(), new_loop())

    with (
        _policy_kept(),
        _swapped(
            *((place, "new_event_loop", new_event_loop) for place in (asyncio, asyncio.events)),
            *((place, "get_event_loop", get_event_loop) for place in (asyncio, asyncio.events)),
        ),
    ):
        yield


@contextmanager
def _policy_kept() -> Iterator[None]:
    """Put back the loop that the policy names: `asyncio.run` and `set_event_loop` replace it."""
    get_policy = getattr(asyncio.events, "_get_event_loop_policy", None)  # its name from 3.14 on
    local = getattr((get_policy or asyncio.get_event_loop_policy)(), "_local", None)
    before = dict(vars(local)) if local is not None else {}
    try:
        yield
    finally:
        if local is not None:
            vars(local).clear()
            vars(local).update(before)


@contextmanager
def kernel_loop_aside() -> Iterator[None]:
    """Set a running loop and its task aside, so that another loop can run in this thread."""
    loop = asyncio._get_running_loop()  # noqa: SLF001 - documented for makers of loops
    if loop is None:
        yield
        return
    task = asyncio.current_task(loop)
    if task is not None:
        asyncio._leave_task(loop, task)  # noqa: SLF001
    asyncio._set_running_loop(None)  # noqa: SLF001
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)  # noqa: SLF001
        if task is not None:
            asyncio._enter_task(loop, task)  # noqa: SLF001
