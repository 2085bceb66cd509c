"""The conductor: the thread that moves simulated time when threads take part in a run.

It waits until the learner's side is at rest, then lets exactly one thing happen: the earliest
waiting tool returns, or the event loop reaches its next timer.  Then it waits again.  So the
order of events, and with it the trace, is the same on a fast machine and on a busy one.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Collection
from time import sleep as real_sleep  # noqa: TID251 - this thread watches in real time
from typing import Protocol

from toollab.clock._errors import Endless, Stuck
from toollab.clock._far import Due, SetUp
from toollab.clock._quiet import Look
from toollab.clock._state import Clock

__all__ = ("Conductor", "WaitingLoop")

_ROUNDS_BEFORE_NAP = 20
_NAP = 0.0005
# A thread can also wait for something real (a pipe, a file).  That is outside the model, but it
# must not be taken for a deadlock at first sight; a real deadlock is still there a little later.
_LOOKS_BEFORE_DEADLOCK = 200
_LOOKS_BEFORE_DRAINED = 3
# A thread that waits for the interpreter's lock sleeps as well, and can sleep through its release
# for 5 ms.  Before a loop's thread is taken for blocked, it is looked at once more after that.
_LONGER_THAN_A_SWITCH = 0.02
_WEIGHT = 4  # a step takes longer than a move of the clock, so fewer of them are enough


class WaitingLoop(Protocol):
    """What the conductor needs to know of an event loop."""

    waiting: bool
    deadline: float | None

    def thread(self) -> int | None:
        """Return the ident of the thread that runs the loop; `None` if none does."""

    def nudge(self) -> None:
        """Make the loop look at its timers."""

    def set_up(self) -> SetUp:
        """Return what orders the next timer among events of the same moment."""


class Conductor:
    """Moves one run's clock from its own thread.

    `on_stuck` is called when nothing can move any more (`None`: a deadlock), and `on_step`
    before each move.
    """

    def __init__(
        self,
        clock: Clock,
        look: Look,
        *,
        on_stuck: Callable[[Stuck | None], None],
        on_step: Callable[[], None],
    ) -> None:
        self.loops: list[WaitingLoop] = []
        self._clock = clock
        self._look = look
        self._on_stuck = on_stuck
        self._on_step = on_step
        self._stop = threading.Event()
        self._rest: threading.Event | None = None
        self._drained: threading.Event | None = None
        self._thread: threading.Thread | None = None
        self._stuck_looks = 0
        self._turns = 0  # of the far side, when last looked at

    def start(self) -> None:
        """Start conducting; calling it again does nothing."""
        with self._clock.lock:
            if self._thread is not None or self._stop.is_set():
                return
            self._thread = threading.Thread(target=self._conduct, name="toollab-clock", daemon=True)
            self._clock.helpers.add(self._thread)
            self._thread.start()

    def stop(self) -> None:
        """Stop conducting and wait for the thread to end."""
        self._stop.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def settle(self) -> None:
        """Wait, without moving time, until all that can run now has run; then time stands still.

        Called by the home thread.  `go_on` lets time go on.
        """
        self._rest = threading.Event()
        self.start()
        self._rest.wait()

    def go_on(self) -> None:
        """Let time go on after `settle`."""
        self._rest = None

    def drain(self) -> None:
        """Let time go on until nothing waits for it any more.  Called by the home thread."""
        self._drained = threading.Event()
        self.start()
        self._drained.wait()
        self._drained = None

    def stop_draining(self) -> None:
        """Let the home thread go on: what is left has no end."""
        if self._drained is not None:
            self._drained.set()

    # -- on the conductor's thread --------------------------------------------------------

    def _conduct(self) -> None:
        try:
            self._watch()
        finally:
            self._look.close()

    def _watch(self) -> None:
        fruitless = 0
        while not self._stop.is_set():
            if not self._clock.is_current:
                self._look.forget()
                real_sleep(_NAP)
            elif self._nobody_talks() and self._look.at_rest():
                fruitless = 0
                self._at_rest()
            else:
                self._stuck_looks = 0
                fruitless += 1
                if fruitless < _ROUNDS_BEFORE_NAP:
                    os.sched_yield() if hasattr(os, "sched_yield") else real_sleep(0)
                else:
                    real_sleep(_NAP)
            self._clock.helpers_cpu["conductor"] = time.thread_time()

    def _nobody_talks(self) -> bool:
        """Tell whether no thread is talking to the far side: asleep then, but not at rest.

        If one did since the last look, that look does not count.
        """
        turns = 0 if self._clock.far is None else self._clock.far.turns
        if turns != self._turns:
            self._turns = turns
            self._look.forget()
        return turns % 2 == 0

    def _ask(self, local: Due | None, *, blocked: Collection[int]) -> float | None:
        """Ask the clock for the next event; what this thread says itself disturbs nobody's rest."""
        when = self._clock.next_event(local, blocked=blocked)
        if self._clock.far is not None and self._clock.far.turns == self._turns + 2:
            self._turns += 2
        return when

    def _at_rest(self) -> None:
        far = self._clock.far
        if self._rest is not None:
            if self._rest.is_set():
                real_sleep(_NAP)
            if far is None or far.settled():
                self._rest.set()
            self._look.forget()
            return
        if self._a_loop_seems_blocked():
            real_sleep(_LONGER_THAN_A_SWITCH)
            if not self._look.at_rest():
                return
        with self._clock.lock:
            if self._stop.is_set():
                return
            moved = self._step()
        if moved:
            self._stuck_looks = 0
            self._look.forget()
            return
        self._stuck_looks += 1
        if self._drained is not None and self._stuck_looks >= _LOOKS_BEFORE_DRAINED:
            self._drained.set()
        elif self._stuck_looks >= _LOOKS_BEFORE_DEADLOCK:
            self._stuck_looks = 0
            self._on_stuck(None)
            self._look.forget()
        real_sleep(_NAP)

    def _a_loop_seems_blocked(self) -> bool:
        return any(not loop.waiting and loop.thread() is not None for loop in self.loops)

    def _step(self) -> bool:
        """Let the next thing happen; return false if there is none."""
        alarm = self._clock.next_alarm()
        timers = [
            (loop.deadline, index)
            for index, loop in enumerate(self.loops)
            if loop.waiting and loop.deadline is not None
            if not self._clock.stands_still(loop.thread())
        ]
        due = [(deadline, self.loops[index].set_up()) for deadline, index in timers]
        due += [(alarm.due, (alarm.due, alarm.set_at, alarm.stamp))] if alarm else []
        local = min(due, default=None)
        blocked = {
            thread
            for loop in self.loops
            if not loop.waiting and (thread := loop.thread()) is not None
        }
        when = self._ask(local, blocked=blocked)
        if when is None:
            return False
        self._on_step()
        if local is None or when != local[0]:
            return True  # the far side did something: look again
        try:
            if timers and (alarm is None or min(timers)[0] <= alarm.due):
                deadline, index = min(timers)
                self._clock.set(deadline, weight=_WEIGHT)
                loop = self.loops[index]
                loop.waiting = False
                loop.nudge()
            elif alarm is not None:
                self._clock.set(alarm.due, weight=_WEIGHT)
                self._clock.ring(alarm)
        except Endless as endless:
            self._on_stuck(endless)
        return True
