"""Has the code under test come to rest?  Two ways to know, neither of them a guess by time.

On Linux it can be seen: every thread of the process is asleep, and between two looks none has
used the processor or been switched in.  Elsewhere a run is at rest when every thread that
could belong to it waits in a tool, or when as many calls as the check expects have arrived.
Failing that, only a long wait is left; a short one would fail honest work on a slow machine.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from pathlib import Path
from typing import Protocol

from toollab.clock._state import Clock

__all__ = ("ArrivalLook", "Look", "ThreadLook", "best_look")

_TASKS = Path("/proc/self/task")
_FILES = ("stat", "schedstat")
_LONGEST = 1_000  # bytes of either
_MOST_KEPT = 40  # threads whose files stay open: a process may have few


class Look(Protocol):
    """Tells, when asked repeatedly, that nothing on the learner's side is left to run."""

    def at_rest(self) -> bool:
        """Return true when the learner's side is at rest."""

    def forget(self) -> None:
        """Start over: what was seen before does not count any more."""

    def close(self) -> None:
        """Let go of what it holds; nobody will look again."""


class ThreadLook:
    """Watch the scheduler's account of each thread in `/proc` (Linux)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: dict[str, bytes] | None = None
        self._kept: dict[str, tuple[int, int]] = {}  # open files of a thread: state, account

    def at_rest(self) -> bool:
        """Return true when two looks in a row found every thread asleep and unmoved."""
        seen = self._look(states=self._last is not None)
        rest = seen is not None and seen == self._last
        self._last = seen
        return rest

    def forget(self) -> None:
        """Start over: the next two looks must agree with each other."""
        self._last = None

    def _look(self, *, states: bool) -> dict[str, bytes] | None:
        """Return the account of each thread; `None` if one is not asleep, or has just ended.

        The first of two looks needs no `states`: who sleeps at the second, and has not run since
        the first, was asleep then.
        """
        accounts = {}
        ours = {str(helper.native_id) for helper in self._clock.helpers}
        tasks = os.listdir(_TASKS)  # noqa: PTH208 - a hot path: names, not Path objects
        for task in tasks:
            if task in ours:
                continue
            try:
                # Reading drops the GIL, so a thread that waits for it runs between two looks.
                if states and self._read(task, 0).rpartition(b")")[2][1:2] != b"S":
                    return None
                accounts[task] = self._read(task, 1)
            except OSError:
                self._close(task)
                return None  # it ended while we looked: look again
        for task in self._kept.keys() - tasks:
            self._close(task)
        return accounts

    def _read(self, task: str, which: int) -> bytes:
        """Return a thread's state or account; its files stay open, as opening is what costs."""
        kept = self._kept.get(task)
        if kept is None:
            if len(self._kept) >= _MOST_KEPT:
                with open(f"/proc/self/task/{task}/{_FILES[which]}", "rb") as file:  # noqa: PTH123
                    return file.read()
            state, account = (f"/proc/self/task/{task}/{name}" for name in _FILES)
            first = os.open(state, os.O_RDONLY)
            try:
                kept = self._kept[task] = first, os.open(account, os.O_RDONLY)
            except OSError:
                os.close(first)
                raise
        return os.pread(kept[which], _LONGEST, 0)

    def close(self) -> None:
        """Let go of all files."""
        for task in list(self._kept):
            self._close(task)

    def _close(self, task: str) -> None:
        for number in self._kept.pop(task, ()):
            with contextlib.suppress(OSError):
                os.close(number)


class ArrivalLook:
    """Count who waits in a tool, where threads cannot be watched.

    `expected` calls in flight are enough.  Otherwise the run counts as at rest after
    `patience` looks in a row that found the same number of waiting threads.
    """

    def __init__(self, clock: Clock, expected: int | None = None, patience: int = 2000) -> None:
        self._clock = clock
        self._expected = expected
        self._patience = patience
        self._same, self._last = 0, -1

    def at_rest(self) -> bool:
        """Return true when all have arrived, or nobody has for a long time."""
        waiting = self._clock.sleeping
        self._same = self._same + 1 if waiting == self._last else 0
        self._last = waiting
        if waiting and self._expected is not None and waiting >= self._expected:
            return True
        if waiting and waiting >= len(self._clock.others()):
            return True  # every one of them, and the main thread too
        return self._same >= self._patience

    def forget(self) -> None:
        """Start counting again."""
        self._same = 0

    def close(self) -> None:
        """Do nothing: it holds nothing."""


def best_look(clock: Clock, expected: int | None = None) -> ThreadLook | ArrivalLook:
    """Return the surest way this system offers."""
    if sys.platform == "linux" and (_TASKS / str(threading.get_native_id()) / "schedstat").exists():
        return ThreadLook(clock)
    return ArrivalLook(clock, expected)
