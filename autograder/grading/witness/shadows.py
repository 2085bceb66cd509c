"""Threads that act here for threads of the jail.

When a thread of the jail calls a blocking tool, a thread of the same name runs that tool here
and waits on the simulated clock, as it would in one process.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from autograder.grading.wire.loops import LoopThread
from autograder.grading.wire.messages import Call, Failed

if TYPE_CHECKING:
    from autograder.grading.witness.link import Link

__all__ = ("Shadows",)

_MOST = 500
_MOST_LOOPS = 100  # each takes three descriptors
_MOMENT = 0.02


class Shadows:
    """The threads of one scene."""

    def __init__(self, link: Link, new_loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
        self._link = link
        self._new_loop = new_loop
        self._threads: dict[str, _Shadow] = {}
        self._loops: dict[int, LoopThread] = {}  # by the number of the jail's loop
        self._loop_of: dict[int, asyncio.AbstractEventLoop] = {}

    def serve(self, call: Call) -> None:
        """Let the shadow of the calling thread do what is asked, and post the answer."""
        shadow = self._threads.get(call.thread)
        if shadow is None or shadow.busy:
            key = call.thread if shadow is None else f"{call.thread} {call.id}"
            try:
                if len(self._threads) >= _MOST:
                    raise RuntimeError("can't start new thread")  # noqa: TRY301 - as Python says it
                shadow = self._threads[key] = _Shadow(self._link, call.thread)
            except RuntimeError as error:
                self._link.post(Failed(call.id, self._link.pack_failure(error)))
                return
        shadow.give(call)

    def settle(self, call: Call) -> None:
        """Wait, in real time, until a call is answered or waits for simulated time.

        If neither has come after a moment, it comes with a later turn: slower, with the same
        effect.
        """
        shadow = next((s for s in self._threads.values() if s.call is call), None)
        if shadow is not None:
            shadow.free.acquire(timeout=_MOMENT)  # the one wait that is real in a run

    def waits(self) -> None:
        """Hear that the calling thread, if it is a shadow, begins to wait for simulated time."""
        me = threading.current_thread()
        for shadow in self._threads.values():
            if shadow.thread is me:
                shadow.let_go()
                return

    def serve_on_loop(self, call: Call) -> None:
        """Run a coroutine tool for a loop that a thread of the jail runs by itself."""
        shadow = self._loops.get(call.loop)
        if shadow is None:
            try:
                if len(self._loops) >= _MOST_LOOPS:
                    raise RuntimeError("can't start new thread")  # noqa: TRY301 - as Python says it
                # Whoever asks: inside a run every loop of it is on the run's own clock.
                shadow = self._loops[call.loop] = LoopThread(self._new_loop, call.thread)
            except (RuntimeError, OSError) as error:
                self._link.post(Failed(call.id, self._link.pack_failure(error)))
                return
        self._loop_of[call.id] = shadow.loop
        shadow.loop.call_soon_threadsafe(self._link.serve_task, call, shadow.loop)

    def loop_of(self, call_id: int) -> asyncio.AbstractEventLoop | None:
        """Return the loop of its own on which a call is being served."""
        return self._loop_of.get(call_id)

    def number_of(self, thread: int | None) -> int:
        """Return which loop of the jail a thread's loop stands for: 0, its own, for most."""
        return next((n for n, s in self._loops.items() if s.thread.ident == thread), 0)

    def close(self) -> None:
        """Let every thread end that is not waiting in a tool."""
        for shadow in self._threads.values():
            shadow.end()
        for loop_shadow in self._loops.values():
            loop_shadow.end()


class _Shadow:
    def __init__(self, link: Link, name: str) -> None:
        self._link = link
        self._calls: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
        self.call: Call | None = None
        self.free = threading.Lock()  # held until it has answered, or waits
        self.thread = threading.Thread(target=self._act, name=name, daemon=True)
        self.thread.start()

    @property
    def busy(self) -> bool:
        return self.call is not None

    def give(self, call: Call) -> None:
        self.call = call
        self.free.acquire(blocking=False)
        self._calls.put(call)

    def let_go(self) -> None:
        with suppress(RuntimeError):  # nobody holds it: it waits for the second time
            self.free.release()

    def end(self) -> None:
        self._calls.put(None)

    def _act(self) -> None:
        while (call := self._calls.get()) is not None:
            clock = self._link._clock  # noqa: SLF001 - the two belong together
            me = threading.get_ident()
            if clock is not None and call.place is not None:
                clock.stand_ins[me] = call.place
            answer = self._link.serve_now(call)
            if clock is not None:
                clock.stand_ins.pop(me, None)
            self.call = None
            if self._link._clock is clock:  # noqa: SLF001
                self._link.post(answer)
            self.let_go()
