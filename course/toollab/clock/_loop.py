"""An asyncio event loop on simulated time.

When nothing is ready, a real loop sleeps until its next timer.  This one moves the clock
there at once.  `asyncio.sleep`, `wait_for`, `timeout` and everything built on them become
exact and instant.  Real input and output is outside the model: a run that waits for a socket
looks like a deadlock.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Mapping
from typing import Any

from toollab.clock._conductor import Conductor
from toollab.clock._errors import Deadlock, Endless, Livelock, Stuck
from toollab.clock._state import Clock

__all__ = ("SimulatedLoop",)

_ROUNDS_WITHOUT_TIME = 100_000


class _SimulatedSelector(selectors.BaseSelector):
    """Selects on real file objects, but never waits in real time while a timer is armed."""

    def __init__(self, clock: Clock, conductor: Conductor, horizon: float) -> None:
        self._conductor = conductor
        self._real = selectors.DefaultSelector()
        self._clock = clock
        self._horizon = horizon
        self._rounds, self._at = 0, -1.0
        self.waiting = False
        self.deadline: float | None = None
        self.stuck: Stuck | None = None
        self.nudge_loop: Any = None

    def nudge(self) -> None:
        """Wake the loop thread from its wait."""
        self.nudge_loop()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready; if nothing is, move time to the next timer first."""
        events = self._real.select(0)
        if self.stuck is not None:
            stuck, self.stuck = self.stuck, None
            raise stuck
        if events or timeout == 0:
            self._count_round()
            return events
        if self._clock.sleeping or self._clock.learner_threads():
            return self._wait_with_threads(timeout)
        if timeout is None:
            raise Deadlock("Nothing is ready and no timer is armed: this run can never go on.")
        self._advance(self._clock.now + timeout)
        return events

    def _wait_with_threads(self, timeout: float | None) -> list[tuple[selectors.SelectorKey, int]]:
        with self._clock.lock:
            self.deadline = None if timeout is None else self._clock.now + timeout
            self.waiting = True
        self._conductor.start()
        events = self._real.select(None)
        with self._clock.lock:
            self.waiting = False
        if self.stuck is not None:
            stuck, self.stuck = self.stuck, None
            raise stuck
        self._check_horizon(self._clock.now)
        return events

    def _count_round(self) -> None:
        if self._clock.now != self._at:
            self._rounds, self._at = 0, self._clock.now
        self._rounds += 1
        if self._rounds > _ROUNDS_WITHOUT_TIME:
            self._rounds = 0
            raise Livelock(
                f"The event loop went round {_ROUNDS_WITHOUT_TIME:,} times "
                "without anything taking time."
            )

    def _advance(self, when: float) -> None:
        self._check_horizon(when)
        self._clock.set(when)

    def _check_horizon(self, when: float) -> None:
        if when > self._horizon:
            self._horizon = float("inf")  # once: what follows is only clearing up
            raise Endless(f"The run was still going after {when:,.0f} simulated seconds.")

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.modify(fileobj, events, data)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()

    def close(self) -> None:
        self._real.close()


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop whose `time()` is the simulated time of `clock`, in seconds.

    Raises `Deadlock`, `Livelock` or `Endless` out of `run_until_complete` when the run can
    never end; `horizon` is the largest simulated time, in seconds.
    """

    def __init__(self, clock: Clock, conductor: Conductor, horizon: float = 86_400.0) -> None:
        self.clock = clock
        self.selector = _SimulatedSelector(clock, conductor, horizon)
        super().__init__(self.selector)
        self.selector.nudge_loop = lambda: self.call_soon_threadsafe(lambda: None)
        self._conductor = conductor
        self._clock_resolution = 1e-9
        conductor.loops.append(self.selector)

    def close(self) -> None:
        """Close the loop; the conductor forgets it."""
        if self.selector in self._conductor.loops:
            self._conductor.loops.remove(self.selector)
        super().close()

    def time(self) -> float:
        """Return the simulated time in seconds."""
        return self.clock.now

    def stick(self, stuck: Stuck) -> None:
        """Make the waiting loop raise `stuck` (called from another thread)."""
        self.selector.stuck = stuck
        self.selector.nudge()
