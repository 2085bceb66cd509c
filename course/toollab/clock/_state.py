"""One simulated clock: the time, the order of events, and the threads that wait for it.

Time is a float in seconds that only ever moves to the next event.  It is rounded to
nanoseconds, so that 0.1 + 0.2 is 0.3 and prints so.
"""

from __future__ import annotations

import heapq
import sys
import threading
from collections.abc import Callable
from concurrent.futures import thread as _pools

from toollab.clock._errors import Blocked, WorldClosedError
from toollab.clock._where import where_is

__all__ = ("Clock",)


class Clock:
    """Simulated time for one run.

    `now` is the time in seconds and `tick()` the position of the next event.  A thread waits
    with `block(name, seconds)`; a coroutine simply uses `asyncio.sleep` on the simulated loop.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self.blocked_loop: list[Blocked] = []
        self.lock = threading.RLock()
        self.closed = False
        # Starts the thread that moves the time for waiting threads; see `_conductor`.
        self.start_conductor: Callable[[], None] | None = None
        self.loop_thread: int | None = None  # ident of the thread that runs the event loop
        self.ours: set[int] = set()  # threads that only watch: idents and native ids
        self._order = 0
        self._sleepers: list[tuple[float, int, threading.Event]] = []
        self._foreign = {t for t in threading.enumerate() if t not in _pools._threads_queues}  # noqa: SLF001
        self._foreign.discard(threading.current_thread())

    def tick(self) -> int:
        """Return the next position in the order of events."""
        with self.lock:
            self._order += 1
            return self._order

    def set(self, when: float) -> None:
        """Move to `when` seconds; the past stays the past."""
        self.now = max(self.now, round(when, 9))

    def learner_threads(self) -> list[threading.Thread]:
        """Return the live threads that can belong to the code under test, but for the caller.

        Threads that were there before (a kernel's own) do not count, unless they are workers
        of a pool: a learner may keep one from an earlier cell.
        """
        me = threading.current_thread()
        return [
            thread
            for thread in threading.enumerate()
            if thread is not me and thread not in self._foreign and thread.ident not in self.ours
        ]

    def is_foreign(self) -> bool:
        """Tell whether the calling thread has nothing to do with this run."""
        return threading.current_thread() in self._foreign

    def block(self, name: str, seconds: float) -> None:
        """Keep the calling thread in the blocking function `name` for `seconds` of simulated time.

        On the thread of the event loop this stops every other coroutine, and is noted.
        """
        if threading.get_ident() == self.loop_thread:
            _, place = where_is(sys._getframe(1))  # noqa: SLF001
            self.blocked_loop.append(Blocked(name, place, seconds))
        self.wait(seconds)

    def wait(self, seconds: float) -> None:
        """Keep the calling thread waiting for `seconds` of simulated time.

        Raises `WorldClosedError` if the run ends first.
        """
        on_loop = threading.get_ident() == self.loop_thread
        if self.start_conductor is None or (on_loop and not self.learner_threads()):
            self.set(self.now + seconds)  # nobody else could act meanwhile
            return
        with self.lock:
            if self.closed:
                raise WorldClosedError("The run of this tool is over.")
            self.start_conductor()
            woken = threading.Event()
            heapq.heappush(self._sleepers, (round(self.now + seconds, 9), self.tick(), woken))
        woken.wait()
        if self.closed:
            raise WorldClosedError("The run of this tool is over.")

    @property
    def sleeping(self) -> int:
        """How many threads wait in `block`."""
        return len(self._sleepers)

    def next_sleeper(self) -> float | None:
        """Return when the earliest waiting thread is due, in seconds; `None` if none waits."""
        return self._sleepers[0][0] if self._sleepers else None

    def release_earliest(self) -> None:
        """Move to the earliest waiting thread's time and let it go on."""
        when, _, woken = heapq.heappop(self._sleepers)
        self.set(when)
        woken.set()

    def close(self) -> None:
        """End the run: every thread that still waits gets `WorldClosedError`."""
        with self.lock:
            self.closed = True
            for _, _, woken in self._sleepers:
                woken.set()
            self._sleepers.clear()
