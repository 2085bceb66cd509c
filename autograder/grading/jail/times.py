"""Nobody has to wait for a demonstration: time that a cell only sleeps through is passed over.

A cell that shows real time (`await asyncio.sleep(1)`, `time.sleep(1)`) ends at once here, and
the clocks say afterwards that a second has gone by.  That is done only where nothing else could
have happened meanwhile: no other thread is busy, no program runs, no file or socket is waited
for.  Otherwise the wait is a real one.  Clocks that are not in `time` (`datetime.now()`) know
nothing of it.
"""

from __future__ import annotations

import asyncio
import functools
import os
import selectors
import threading
import time
import timeit
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep  # noqa: TID251 - what is passed over here is real time
from typing import Any

from autograder.grading.jail.pools import all_idle

__all__ = ("CellLoop", "Passed", "passed")

_SLICE = 0.01  # of a real wait, after which it may turn out that nobody else is busy
_NS = 1_000_000_000


class Passed:
    """The time that was passed over.

    `left` are the seconds that the cell may still sleep; when it wants more, `on_over` is called,
    which raises or ends the waiting in another way.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.left = float("inf")
        self.on_over: Callable[[], None] = lambda: None
        self.copies: set[int] = set()  # child processes that wait for their check
        self._installed = False

    def over(self, seconds: float) -> None:
        """Let this much time have passed."""
        self.left -= seconds
        if self.left < 0:
            self.on_over()
        else:
            self.seconds += seconds

    def may_pass(self) -> bool:
        """Tell whether nothing can happen while the calling thread sleeps."""
        here = threading.current_thread() is threading.main_thread()
        return here and all_idle() and not self._has_children()

    def _has_children(self) -> bool:
        """Tell whether programs or processes run that were started here; copies only wait."""
        try:
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return False
        children: set[int] = set()
        for task in Path("/proc/self/task").iterdir():
            children.update(map(int, (task / "children").read_text().split()))
        return not children <= self.copies

    def install(self) -> None:
        """Put the clocks and sleeps of this process on this time; again does nothing."""
        if self._installed:
            return
        self._installed = True
        vars(time)["sleep"] = self._sleep()
        for name in ("monotonic", "perf_counter", "time"):
            vars(time)[name] = self._reading(getattr(time, name))
            vars(time)[f"{name}_ns"] = self._reading_ns(getattr(time, f"{name}_ns"))
        # `timeit` has bound its clock long ago, as defaults of parameters too.
        real, timeit.default_timer = timeit.default_timer, time.perf_counter
        for function in (timeit.Timer.__init__, timeit.timeit, timeit.repeat):
            bound: Any = function
            bound.__defaults__ = tuple(
                time.perf_counter if value is real else value for value in bound.__defaults__
            )
        setattr(threading.Condition, "wait", self._waiting(threading.Condition.wait))  # noqa: B010 - unknown to type checkers

    def _sleep(self) -> Callable[[float], None]:
        @functools.wraps(sleep)
        def passing(seconds: Any) -> None:
            if isinstance(seconds, int | float) and seconds > 0 and self.may_pass():
                self.over(seconds)
            else:
                sleep(seconds)

        return passing

    def _waiting(self, real: Callable[..., bool]) -> Callable[..., bool]:
        @functools.wraps(real)
        def wait(condition: Any, timeout: float | None = None) -> bool:
            if timeout is not None and timeout > 0 and self.may_pass():
                self.over(timeout)  # nobody is there who could notify
                timeout = 0
            return real(condition, timeout)

        return wait

    def _reading(self, real: Callable[[], float]) -> Callable[[], float]:
        return functools.wraps(real)(lambda: real() + self.seconds)

    def _reading_ns(self, real: Callable[[], int]) -> Callable[[], int]:
        return functools.wraps(real)(lambda: real() + round(self.seconds * _NS))


passed = Passed()
"""The time that this process has passed over."""


class _CellSelector(selectors.DefaultSelector):
    """Passes over waits in which nothing can happen, and notices those that have no end."""

    def __init__(self) -> None:
        super().__init__()
        self.hopeless: Callable[[], None] | None = None

    def select(self, timeout: float | None = None) -> Any:
        """Return what is ready; wait for it only if something can become ready."""
        events = super().select(0)
        if events or (timeout is not None and timeout <= 0):
            return events
        if len(self.get_map()) == 1 and passed.may_pass():  # the one is how threads wake the loop
            events = super().select(0)  # the last thread may have spoken before it came to rest
            if events:
                return events
            if timeout is not None:
                passed.over(timeout)
                return events
            if self.hopeless is not None:
                self.hopeless()
                return events
        return super().select(_SLICE if timeout is None else min(timeout, _SLICE))


class CellLoop(asyncio.SelectorEventLoop):
    """The event loop of the cells; its time has what was passed over."""

    def __init__(self) -> None:
        self.waiting = _CellSelector()
        super().__init__(self.waiting)

    def time(self) -> float:
        """Return the time in seconds, as `time.monotonic` does."""
        return monotonic() + passed.seconds
