"""One simulated clock: the time, the order of events, and the threads that wait for it.

Time is a float in seconds that only ever moves to the next event.  It is rounded to
nanoseconds, so that 0.1 + 0.2 is 0.3 and prints so.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import thread as _pools
from dataclasses import dataclass, field

from toollab.clock._errors import Blocked, Endless, WorldClosedError
from toollab.clock._far import Due, Far
from toollab.clock._where import where_is

__all__ = ("HORIZON", "Alarm", "Clock", "current_clock")

HORIZON = 3_600.0
"""Simulated seconds after which a run counts as endless, if nobody says otherwise."""

_MOVES = 20_000  # of the clock, after which a run that polls counts as endless too

_LESS = 10  # the part of both that a run gets after it was found to be endless
_running: list[Clock] = []


class _Helpers:
    """Threads that only watch, of all runs, and those that are stuck: no run waits for them.

    A run can begin inside another, whose own threads go on beside it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads: frozenset[threading.Thread] = frozenset()

    def add(self, thread: threading.Thread) -> None:
        """Add a thread; those that have ended are forgotten."""
        with self._lock:
            alive = (t for t in self._threads if t.ident is None or t.is_alive())
            self._threads = frozenset((*alive, thread))

    def __contains__(self, thread: threading.Thread) -> bool:
        return thread in self._threads

    def __iter__(self) -> Iterator[threading.Thread]:
        return iter(self._threads)


_helpers = _Helpers()


def current_clock() -> Clock | None:
    """Return the clock of the run that is going on in this process."""
    return _running[-1] if _running else None


@dataclass(order=True, slots=True)
class Alarm:
    """Something that happens at `due` seconds: `ring()` is called.

    Alarms due at the same time ring in the order in which they were set; those set at the same
    time, by threads whose order is chance, in the order of their keys.
    """

    due: float
    set_at: float
    key: str
    order: int
    ring: Callable[[], None] = field(compare=False)
    stamp: int = field(default=0, compare=False)
    off: bool = field(default=False, compare=False)


class Clock:
    """Simulated time for one run.

    `now` is the time in seconds and `tick()` the position of the next event.  A thread waits
    with `block(name, seconds)`; a coroutine simply uses `asyncio.sleep` on the simulated loop.
    """

    def __init__(self, horizon: float = HORIZON, cpu_seconds: float = float("inf")) -> None:
        self.now = 0.0
        self.overtime = 0.0  # seconds by which clocks show more, after a timeout
        self.horizon = horizon
        self.cpu_seconds = cpu_seconds  # what the whole run may use
        self.far: Far | None = None  # the other process, if the code under test lives in one
        self.simulates_both = False  # whether what waits on this side of it waits on this clock
        self.stand_ins: dict[int, str] = {}  # threads that act for a far loop: where it is there
        self.blocked: list[Blocked] = []
        self.lock = threading.RLock()
        self.closed = False
        # Starts the thread that moves the time for waiting threads; see `_conductor`.
        self.call_conductor: Callable[[], None] = lambda: None
        # Makes an event loop on this clock, whichever thread asks for it.
        self.new_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
        self.home = threading.current_thread()  # runs the function under test
        # Our own threads, which only watch; and those that no rest has to be waited for.
        self.helpers = _helpers
        self.outlived: set[threading.Thread] = set()  # threads that were stuck at the run's end
        self.helpers_cpu: dict[str, float] = {}  # seconds of processor time they have used
        self._order = 0
        self._numbers = itertools.count()  # of alarms: setting one is no event
        self._moves = 0
        self._alarms: list[Alarm] = []
        self._foreign = {t for t in threading.enumerate() if t not in _pools._threads_queues}  # noqa: SLF001
        self._foreign.discard(self.home)

    @property
    def is_current(self) -> bool:
        """Whether the run goes on: not while another one goes on inside it."""
        return not self.closed and current_clock() is self

    # -- events and time ------------------------------------------------------------------

    def tick(self) -> int:
        """Return the next position in the order of events."""
        with self.lock:
            self._order += 1
            return self._order

    def set(self, when: float, *, weight: int = 1) -> None:
        """Move to `when` seconds; the past stays the past.

        Raises `Endless` at the horizon, and when the clock has moved very often.  What follows
        gets a little more: it can only be clearing up.  `weight` says how many moves this is.
        """
        when = round(when, 9)
        self._moves += weight
        if when > self.horizon or self._moves > _MOVES:
            self.horizon = max(when, self.horizon) + HORIZON / _LESS
            self._moves = _MOVES - _MOVES // _LESS
            raise Endless(f"The run was still going after {self.now:,.6g} simulated seconds.")
        if when > self.now:
            self.now, self.overtime = when, 0.0

    # -- threads --------------------------------------------------------------------------

    def takes_part(self) -> bool:
        """Tell whether the calling thread belongs to the code under test."""
        me = threading.current_thread()
        return self.is_current and me not in self._foreign and me not in self.helpers

    def simulates_here(self) -> bool:
        """Tell whether what the calling thread waits for takes simulated time.

        Where the code under test lives in another process, it is simulated there, and here only
        if `simulates_both` says so.
        """
        here = self.far is None or self.far.is_home or self.simulates_both
        return here and self.takes_part()

    def others(self) -> list[threading.Thread]:
        """Return the live threads that can belong to the code under test, but for the caller.

        Threads that were there before (a kernel's own) do not count, unless they are workers
        of a pool: a learner may keep one from an earlier cell.
        """
        me = threading.current_thread()
        return [
            thread
            for thread in threading.enumerate()
            if thread is not me and thread not in self._foreign and thread not in self.helpers
        ]

    def give_up(self, thread: threading.Thread) -> None:
        """Say that `thread` will never come back: no later run waits for it to rest."""
        self.outlived.add(thread)
        self.helpers.add(thread)

    def leave_out(self, thread: threading.Thread) -> None:
        """Say that `thread` has nothing to do with this run."""
        self._foreign.add(thread)

    # -- waiting --------------------------------------------------------------------------

    def block(self, name: str, seconds: float, key: str = "") -> None:
        """Keep the calling thread in the blocking function `name` for `seconds` of simulated time.

        On the thread of an event loop this stops every other coroutine, and is noted.
        """
        stands = self.stand_ins.get(threading.get_ident())
        if stands is not None:
            self.blocked.append(Blocked(name, stands, seconds))
        elif asyncio._get_running_loop() is not None:  # noqa: SLF001 - unlike the public one, it never raises
            _, place = where_is(sys._getframe(1))  # noqa: SLF001
            self.blocked.append(Blocked(name, place, seconds))
        self.wait(seconds, key or name)

    def wait(self, seconds: float, key: str = "") -> None:
        """Keep the calling thread waiting for `seconds` of simulated time.

        Raises `WorldClosedError` if the run ends first, and `Endless` beyond the horizon.
        """
        if not self.closed and not self.sleeping and not self.others():
            if self.far is None:
                self.set(self.now + seconds)  # nobody else could act meanwhile
            else:
                self.far.sleep(seconds)
            return
        woken = threading.Event()
        self.alarm(seconds, woken.set, key)
        woken.wait()
        if self.closed:
            raise WorldClosedError("The run of this tool is over.")

    def alarm(self, seconds: float, ring: Callable[[], None], key: str = "") -> Alarm:
        """Call `ring` in `seconds` of simulated time, unless the alarm is `off` by then."""
        with self.lock:
            if self.closed:
                raise WorldClosedError("The run of this tool is over.")
            set_at, stamp = self.set_up()
            due, number = round(set_at + seconds, 9), next(self._numbers)
            alarm = Alarm(due, set_at, key, number, ring, stamp)
            heapq.heappush(self._alarms, alarm)
        self.call_conductor()
        return alarm

    # -- a far side ------------------------------------------------------------------------

    def next_event(self, local: Due | None, *, blocked: Collection[int] = ()) -> float | None:
        """Return when the next thing happens, in seconds, here (`local`) or on the far side."""
        if self.far is None:
            return None if local is None else local[0]
        return self.far.next_event(local, blocked=blocked)

    def set_up(self) -> tuple[float, int]:
        """Return what goes down in the order of events set up now: the time and a stamp."""
        return self.now, 0 if self.far is None else self.far.stamp()

    def stands_still(self, thread: int | None) -> bool:
        """Tell whether a thread's event loop waits with its timers: its far twin is blocked."""
        return self.far is not None and self.far.stands_still(thread)

    # -- alarms -----------------------------------------------------------------------------

    @property
    def sleeping(self) -> int:
        """How many threads wait for an alarm."""
        return sum(not alarm.off for alarm in self._alarms)

    def next_alarm(self) -> Alarm | None:
        """Return the alarm that is due first; `None` if there is none."""
        while self._alarms and self._alarms[0].off:
            heapq.heappop(self._alarms)
        return self._alarms[0] if self._alarms else None

    def ring(self, alarm: Alarm) -> None:
        """Let an alarm ring, and forget it."""
        self._alarms.remove(alarm)
        heapq.heapify(self._alarms)
        alarm.ring()

    def open(self) -> None:
        """Begin the run: this is the current clock until it is closed."""
        _running.append(self)

    def close(self) -> None:
        """End the run: every thread that still waits gets `WorldClosedError`."""
        if self in _running:
            _running.remove(self)
        with self.lock:
            self.closed = True
            left, self._alarms = self._alarms, []
        for alarm in left:
            if not alarm.off:
                alarm.ring()
