"""An asyncio event loop on simulated time.

When nothing is ready, a real loop sleeps until its next timer.  This one moves the clock
there at once.  `asyncio.sleep`, `wait_for`, `timeout` and everything built on them become
exact and instant.  Real input and output is outside the model: a run that waits for a socket
looks like a deadlock.
"""

from __future__ import annotations

import asyncio
import contextlib
import selectors
import threading
from collections.abc import Callable, Mapping
from typing import Any

from toollab.clock._conductor import Conductor
from toollab.clock._errors import Deadlock, Livelock, Stuck
from toollab.clock._far import SetUp
from toollab.clock._state import Clock
from toollab.clock._where import waiting_places

__all__ = ("SimulatedLoop",)

_ROUNDS_WITHOUT_TIME = 20_000


class _SimulatedSelector(selectors.BaseSelector):
    """Selects on real file objects, but never waits in real time while a timer is armed."""

    def __init__(self, clock: Clock, conductor: Conductor) -> None:
        self._conductor = conductor
        self._real = selectors.DefaultSelector()
        self._clock = clock
        self._rounds, self._at = 0, -1.0
        self.waiting = False
        self.deadline: float | None = None
        self.stuck: Stuck | None = None
        self.wake: Callable[[], Any] = lambda: None
        self.thread: Callable[[], int | None] = lambda: None
        self.places: Callable[[], str] = lambda: ""
        self.set_up: Callable[[], SetUp] = lambda: (0.0, 0.0, 0)

    def nudge(self) -> None:
        """Wake the loop thread from its wait."""
        with contextlib.suppress(RuntimeError):  # it has been closed meanwhile
            self.wake()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready; if nothing is, move time to the next timer first."""
        events = self._real.select(0)
        self._raise_stuck()
        if events or timeout == 0:
            self._count_round()
            return events
        if self._clock.sleeping or self._clock.others():
            return self._wait_with_threads(timeout)
        events = self._real.select(0)
        if events:
            return events  # the last thread said something before it ended
        timed = timeout is not None and not self._clock.stands_still(threading.get_ident())
        deadline = round(self._clock.now + (timeout or 0.0), 9)
        when = self._clock.next_event((deadline, self.set_up()) if timed else None)
        if when is None:
            raise Deadlock(
                f"Nothing is ready and no timer is armed: this run can never go on{self.places()}."
            )
        if timed and when == deadline:
            self._clock.set(when)
        return events

    def _wait_with_threads(self, timeout: float | None) -> list[tuple[selectors.SelectorKey, int]]:
        with self._clock.lock:
            self.deadline = None if timeout is None else self._clock.now + timeout
            self.waiting = True
        self._conductor.start()
        try:
            events = self._real.select(None)
        finally:
            with self._clock.lock:
                self.waiting = False
        self._raise_stuck()
        return events

    def _raise_stuck(self) -> None:
        if self.stuck is not None:
            stuck, self.stuck = self.stuck, None
            raise stuck

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
    never end.  Remembers its tasks: `lost()` tells the errors that nobody asked for.
    """

    def __init__(self, clock: Clock, conductor: Conductor) -> None:
        self.clock = clock
        self.selector = _SimulatedSelector(clock, conductor)
        super().__init__(self.selector)
        self.selector.wake = lambda: self.call_soon_threadsafe(lambda: None)
        self.selector.thread = lambda: getattr(self, "_thread_id", None)
        self.selector.places = lambda: waiting_places(tasks=asyncio.all_tasks(self))
        self.selector.set_up = self._first_set_up
        self._clock_resolution = 1e-9
        self._set_up: dict[int, tuple[float, int]] = {}
        self._messages: list[str] = []
        self._tasks: list[asyncio.Task[Any]] = []
        self.set_task_factory(self._new_task)
        self.set_exception_handler(lambda _loop, context: self._note(context))

    def close(self) -> None:
        """Close, also what an interrupt broke off on the way: `asyncio.run` closes its loop too."""
        try:
            super().close()
        except (AttributeError, KeyError, ValueError):
            for end in (getattr(self, "_ssock", None), getattr(self, "_csock", None)):
                if end is not None:
                    end.close()
            asyncio.BaseEventLoop.close(self)
            self.selector.close()

    def time(self) -> float:
        """Return the simulated time in seconds."""
        return self.clock.now

    def call_at(  # type: ignore[override]
        self, when: float, callback: Any, *args: Any, context: Any = None
    ) -> asyncio.TimerHandle:
        """Arm a timer, and remember when that was if somebody else's clock has to be met."""
        handle = super().call_at(when, callback, *args, context=context)
        if self.clock.far is not None:
            self._set_up[id(handle)] = self.clock.set_up()
        return handle

    def _first_set_up(self) -> SetUp:
        timers = getattr(self, "_scheduled", ())
        if len(self._set_up) > 2 * len(timers) + 1_000:
            known = {id(handle) for handle in timers}
            self._set_up = {i: at for i, at in self._set_up.items() if i in known}
        if not timers:
            return 0.0, 0.0, 0
        return timers[0].when(), *self._set_up.get(id(timers[0]), (0.0, 0))

    @property
    def blocked_thread(self) -> int | None:
        """The ident of its thread, if that runs the loop and is not waiting in it."""
        return None if self.selector.waiting else self.selector.thread()

    def stick(self, stuck: Stuck) -> None:
        """Make the waiting loop raise `stuck` (called from another thread)."""
        self.selector.stuck = stuck
        self.selector.nudge()

    def lost(self) -> list[str]:
        """Return the errors of tasks that nobody asked for, and whatever else went unheard."""
        for task in self._tasks:
            if task.done() and not task.cancelled() and getattr(task, "_log_traceback", False):
                self._messages.append(_told(task.exception()))
        self._tasks.clear()
        return self._messages

    def _new_task(self, loop: Any, coroutine: Any, **options: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.Task(coroutine, loop=loop, **options)
        self._tasks.append(task)
        return task

    def _note(self, context: dict[str, Any]) -> None:
        error = context.get("exception")
        message = str(context.get("message", ""))
        self._messages.append(message if error is None else _told(error))


def _told(error: BaseException | None) -> str:
    try:
        return repr(error)
    except Exception:  # noqa: BLE001 - a learner's own exception may say nothing
        return type(error).__name__
