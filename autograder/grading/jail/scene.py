"""The jail's end of the conversation: learner's functions run here, on the witness's time.

A scene is one `simulate` of the witness.  Here it is a `simulate` too, whose clock asks the far
side (the witness) each time nothing can run.  Nothing that this module sends is believed because
it was sent: the witness judges by the calls it saw and by the answers it gave.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import types
from collections.abc import Callable, Collection, Sequence
from typing import Any

from autograder.grading.jail.turns import Message, Turns
from autograder.grading.wire.channel import Channel
from autograder.grading.wire.loops import LoopThread
from autograder.grading.wire.messages import (
    Begin,
    Call,
    Cancel,
    Event,
    Failed,
    Place,
    Raised,
    Reply,
    Rest,
)
from toollab.clock import Clock, WorldClosedError, simulate
from toollab.clock._far import LOOK_AGAIN, Due
from toollab.trace import Trace

__all__ = ("Scene",)


class Scene(Turns):
    """The far side of the witness's clock, and the server of its calls."""

    is_home = True
    unfinished = False

    def __init__(
        self,
        channel: Channel[Message],
        namespace: dict[str, Any],
        where: Callable[[BaseException], Sequence[Place]],
    ) -> None:
        super().__init__(channel, where)
        self._namespace = namespace

    # -- one scene --------------------------------------------------------------------------

    def play(self, begin: Begin) -> None:
        """Play one scene to its end."""
        self._begin()
        self._fallen = False
        self._spare: LoopThread | None = None
        self._ended: asyncio.Future[None] | None = None
        self._todo: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
        self._busy = True
        serve: Any = self._serve_on_loop if begin.on_loop else self._serve_plainly
        lost: list[str] = []
        try:
            run = simulate(
                self,
                _in_namespace(serve, self._namespace),
                horizon=begin.horizon,
                cpu_seconds=begin.cpu_seconds,
            )
            lost = [text[:2000] for text in run.lost[:100]]
        except KeyboardInterrupt as error:  # the only thing that `simulate` lets through
            self.raised(error)
        self.fail_pending(WorldClosedError("The run of this tool is over."))
        while not self._over:  # it ended by itself: the witness has yet to say so
            with self._lock:
                self._exchange(None)
        self._end_spare()
        self.channel.send(Rest(self._clock.now, None, self._news(), over=True, lost=lost))

    def begin(self, clock: Clock) -> None:
        """Take this clock's time from the witness."""
        self._clock = clock
        clock.far = self

    def trace_until(self, total: float) -> Trace:
        """Return nothing: what tools saw, the witness knows."""
        return Trace((), total)

    async def _serve_on_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ended = self._loop.create_future()
        self._main = asyncio.current_task()
        await self._ended

    def _serve_plainly(self) -> None:
        while True:
            self._busy = False
            while self._todo.empty() and not (self._clock.sleeping or self._clock.others()):
                with self._lock:
                    self._exchange(None)
            self._clock.call_conductor()
            call = self._todo.get()
            if call is None:
                return
            self.post(self.serve_now(call))

    # -- the clock's far side -----------------------------------------------------------------

    def stands_still(self, thread: int | None) -> bool:
        """Return false: what waits here is the code under test, and for nobody's loop."""
        del thread
        return False

    def next_event(self, local: Due | None, *, blocked: Collection[int] = ()) -> float | None:
        """Tell the witness that nothing can run here before `local`, and hear what comes next."""
        if self._over:
            return None  # nobody will answer any more: what is left can only be cancelled
        if not self._lock.acquire(blocking=False):
            return LOOK_AGAIN  # a thread is asking the witness something: not at rest at all
        try:
            if local is not None and self._begun and not self.outbox:
                when = local[0]
                if when <= self._clock.now or when < self._until:
                    return when
            return None if self._exchange(local, blocked=blocked) else LOOK_AGAIN
        finally:
            self._lock.release()

    def settled(self) -> bool:
        """Return true: when this side rests, the witness decides what happens next."""
        return True

    def sleep(self, seconds: float) -> None:
        """Keep the only thread here blocked: the witness's tools stand still as well."""
        end = round(self._clock.now + seconds, 9)
        while self._clock.now < end:
            if self._over:
                raise WorldClosedError("The run of this tool is over.")
            if not self.outbox and end < self._until:
                self._clock.set(end)
            else:
                with self._lock:
                    self._exchange((end, (end, self._clock.now, 0)), blocked=self._stopped_here())

    def left(self, loop: asyncio.AbstractEventLoop) -> int:
        """Count the tasks that are left here; the witness counts them on its side."""
        return len(asyncio.all_tasks(loop))

    def raised(self, error: BaseException) -> None:
        """Tell the witness that the whole scene fell."""
        self._fallen = True
        self.post(Raised(self.pack_failure(error), self._left() + len(self.serving)))

    def close(self) -> list[str]:
        """Do nothing: `play` says the last word."""
        return []

    # -- what the witness said ----------------------------------------------------------------

    def _end(self) -> None:
        self._over = True
        self.fail_pending(WorldClosedError("The run of this tool is over."))
        self._todo.put(None)
        if self._ended is not None and not self._ended.done():
            self._on_loop(_finish, self._ended)

    def _on_loop(self, work: Callable[..., Any], *args: Any) -> None:
        loop = self._loop if self._spare is None else self._spare.loop
        if loop is None or loop.is_closed():
            return
        if asyncio._get_running_loop() is loop:  # noqa: SLF001 - does not raise
            loop.call_soon(work, *args)
        else:
            loop.call_soon_threadsafe(work, *args)

    def _take(self, event: Event) -> None:
        if isinstance(event, Reply | Failed):
            self.answered(event)
        elif isinstance(event, Cancel):
            self._on_loop(self._cancel, event)
        elif isinstance(event, Call):
            self._take_call(event)

    def _take_call(self, call: Call) -> None:
        if self._clock.closed:
            over = WorldClosedError("The run of this function is over.")
            self.post(Failed(call.id, self.pack_failure(over)))
        elif call.waits == "task":
            self._serve_task(call)
        elif getattr(self._standing, "deep", 0):
            # This thread waits for an answer, and is asked something meanwhile: a recursion.
            self.post(self.serve_now(call))
        elif self._loop is not None and asyncio._get_running_loop() is self._loop:  # noqa: SLF001
            self._loop.call_soon(lambda: self.post(self.serve_now(call)))
        elif self._loop is None and not self._busy:
            self._busy = True
            self._todo.put(call)
        else:
            work = threading.Thread(
                target=lambda: self.post(self.serve_now(call)), name=call.thread, daemon=True
            )
            work.start()

    def _serve_task(self, call: Call) -> None:
        """Serve a call as a task of the scene's loop, or of a spare one if it began without."""
        if self._loop is None and self._spare is None:
            self._spare = LoopThread(self._clock.new_loop, "a loop of the run")
        self._on_loop(
            self.serve_task, call, self._loop if self._spare is None else self._spare.loop
        )

    def _end_spare(self) -> None:
        if self._spare is not None:
            self._spare.end()

    def _cancel(self, event: Cancel) -> None:
        if event.id:
            self.cancelled(event)
        elif self._loop is not None and not self._fallen:
            ours = {self._main, *self.serving.values()}
            for task in asyncio.all_tasks(self._loop) - ours:
                task.cancel()

    def done(self, answer: Reply | Failed, loop: asyncio.AbstractEventLoop) -> None:
        """Post the answer of a function that ran as a task, and what it left unfinished."""
        del loop
        left = self._left()
        if isinstance(answer, Reply):
            self.post(Reply(answer.id, answer.value, left))
        else:
            self.post(Failed(answer.id, answer.error, left))


def _in_namespace(serve: Callable[..., Any], namespace: dict[str, Any]) -> Callable[..., Any]:
    """Return `serve` with a function of the learner's namespace inside.

    `simulate` then also covers names bound there by `from time import sleep`.
    """

    async def on_loop() -> None:
        await serve()

    def plainly() -> None:
        serve()

    outer: Any = on_loop if asyncio.iscoroutinefunction(serve) else plainly
    outer.__wrapped__ = types.FunctionType(outer.__code__, namespace, closure=outer.__closure__)
    return outer  # type: ignore[no-any-return]


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
