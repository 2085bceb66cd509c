"""Has the code under test come to rest?  Two ways to know, neither of them a guess by time.

On Linux it can be seen: every thread of the process is asleep, and between two looks none has
used the processor or been switched in.  Elsewhere a run is at rest when every thread that
could belong to it waits in a tool, or when as many calls as the check expects have arrived.
Failing that, only a long wait is left; a short one would fail honest work on a slow machine.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import Protocol

from toollab.clock._state import Clock

__all__ = ("ArrivalLook", "Look", "ThreadLook", "best_look")

_TASKS = Path("/proc/self/task")


class Look(Protocol):
    """Tells, when asked repeatedly, that nothing on the learner's side is left to run."""

    def at_rest(self) -> bool:
        """Return true when the learner's side is at rest."""

    def forget(self) -> None:
        """Start over: what was seen before does not count any more."""


class ThreadLook:
    """Watch the scheduler's account of each thread in `/proc` (Linux)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: dict[str, bytes] | None = None

    def at_rest(self) -> bool:
        """Return true when two looks in a row found every thread asleep and unmoved."""
        seen = self._look()
        rest = seen is not None and seen == self._last
        self._last = seen
        return rest

    def forget(self) -> None:
        """Start over: the next two looks must agree with each other."""
        self._last = None

    def _look(self) -> dict[str, bytes] | None:
        accounts = {}
        ours = {str(helper.native_id) for helper in self._clock.helpers}
        for task in os.listdir(_TASKS):  # noqa: PTH208 - a hot path: names, not Path objects
            if task in ours:
                continue
            try:
                # Reading drops the GIL, so a thread that waits for it runs between two looks.
                with open(f"/proc/self/task/{task}/stat", "rb") as file:  # noqa: PTH123
                    state = file.read().rpartition(b")")[2].split()[0]
                with open(f"/proc/self/task/{task}/schedstat", "rb") as file:  # noqa: PTH123
                    accounts[task] = file.read()
            except (FileNotFoundError, ProcessLookupError):
                return None  # it ended while we looked: look again
            if state != b"S":
                return None
        return accounts


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


def best_look(clock: Clock, expected: int | None = None) -> ThreadLook | ArrivalLook:
    """Return the surest way this system offers."""
    if sys.platform == "linux" and (_TASKS / str(threading.get_native_id()) / "schedstat").exists():
        return ThreadLook(clock)
    return ArrivalLook(clock, expected)
