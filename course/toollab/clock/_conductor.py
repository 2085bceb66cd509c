"""The conductor: the thread that moves simulated time when threads take part in a run.

It waits until the learner's side is at rest, then lets exactly one thing happen: the earliest
waiting tool returns, or the event loop reaches its next timer.  Then it waits again.  So the
order of events, and with it the trace, is the same on a fast machine and on a busy one.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from time import sleep as real_sleep  # noqa: TID251 - this thread watches in real time
from typing import Protocol

from toollab.clock._quiet import Look
from toollab.clock._state import Clock

__all__ = ("Conductor", "WaitingLoop")

_ROUNDS_BEFORE_NAP = 20
# A thread can also wait for something real (a pipe, a file).  That is outside the model, but it
# must not be taken for a deadlock at first sight; a real deadlock is still there a little later.
_LOOKS_BEFORE_DEADLOCK = 100
_NAP = 0.0005


class WaitingLoop(Protocol):
    """What the conductor needs to know of an event loop."""

    waiting: bool
    deadline: float | None

    def nudge(self) -> None:
        """Make the loop look at its timers."""


class Conductor:
    """Moves one run's clock from its own thread."""

    def __init__(
        self,
        clock: Clock,
        look: Look,
        *,
        on_deadlock: Callable[[], None],
        on_loop_blocked: Callable[[WaitingLoop], None],
    ) -> None:
        self.loops: list[WaitingLoop] = []
        self._clock = clock
        self._look = look
        self._on_deadlock = on_deadlock
        self._on_loop_blocked = on_loop_blocked
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._stuck_looks = 0

    def start(self) -> None:
        """Start conducting; calling it again does nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._conduct, name="toollab-clock", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop conducting and wait for the thread to end."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _conduct(self) -> None:
        self._clock.ours.update((threading.get_native_id(), threading.get_ident()))
        fruitless = 0
        while not self._stop.is_set():
            if self._look.at_rest():
                fruitless = 0
                self._step()
                self._look.forget()
            else:
                fruitless += 1
                if fruitless < _ROUNDS_BEFORE_NAP:
                    os.sched_yield() if hasattr(os, "sched_yield") else real_sleep(0)
                else:
                    real_sleep(_NAP)

    def _step(self) -> None:
        with self._clock.lock:
            if self._stop.is_set():
                return
            sleeper = self._clock.next_sleeper()
            timers = [
                (loop.deadline, index)
                for index, loop in enumerate(self.loops)
                if loop.waiting and loop.deadline is not None
            ]
            if sleeper is None and not timers:
                self._stuck_looks += 1
                if self._stuck_looks >= _LOOKS_BEFORE_DEADLOCK:
                    self._stuck_looks = 0
                    self._on_deadlock()
                real_sleep(_NAP)
                return
            self._stuck_looks = 0
            for loop in self.loops:
                if not loop.waiting:
                    self._on_loop_blocked(loop)
            if timers and (sleeper is None or min(timers)[0] <= sleeper):
                deadline, index = min(timers)
                self._clock.set(deadline)
                self.loops[index].waiting = False
                self.loops[index].nudge()
            else:
                self._clock.release_earliest()
