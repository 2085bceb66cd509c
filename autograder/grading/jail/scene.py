"""The jail's end of the conversation: learner's functions run here, on the witness's time.

A scene is one `simulate` of the witness.  Here it is a `simulate` too, whose clock asks the far
side (the witness) each time nothing can run.  Nothing that this module sends is believed because
it was sent: the witness judges by the calls it saw and by the answers it gave.
"""

from __future__ import annotations

import asyncio
import os
import queue
import sys
import threading
import types
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from autograder.grading.wire.channel import Channel, ClosedError
from autograder.grading.wire.messages import (
    Begin,
    Blocked,
    Call,
    Cancel,
    Event,
    Failed,
    Find,
    Found,
    Item,
    Place,
    Printed,
    Raised,
    Reply,
    Rest,
    Turn,
)
from autograder.grading.wire.peer import Peer
from autograder.grading.wire.pending import Pending
from autograder.grading.wire.values import CannotCrossError
from toollab.clock import Clock, WorldClosedError, simulate
from toollab.clock._far import LOOK_AGAIN, Due
from toollab.clock._where import where_is
from toollab.trace import Trace

__all__ = ("Scene", "Session")

Message = Find | Begin | Turn


class Session:
    """Serves one witness: finds names, plays scenes, until the channel is closed."""

    def __init__(
        self,
        channel: Channel[Message],
        namespace: dict[str, Any],
        where: Callable[[BaseException], Sequence[Place]],
    ) -> None:
        self.peer = Scene(channel, namespace, where)
        self._channel = channel
        self._namespace = namespace

    def serve(self) -> None:
        """Answer the witness until it hangs up; raises `ClosedError` then."""
        while True:
            message = self._channel.receive()
            if isinstance(message, Find):
                self._channel.send(Found(self._found(message.names)))
            elif isinstance(message, Begin):
                self.peer.play(message)

    def _found(self, names: Sequence[str]) -> dict[str, Item]:
        found: dict[str, Item] = {}
        for name in names:
            if name in self._namespace:
                try:
                    found[name] = self.peer.pack(self._namespace[name])
                except CannotCrossError as error:
                    found[name] = self.peer.pack_failure(error)
        return found


class Scene(Peer):
    """The far side of the witness's clock, and the server of its calls."""

    is_home = True
    loop_blocked = False
    unfinished = False
    turns = 0

    def __init__(
        self,
        channel: Channel[Message],
        namespace: dict[str, Any],
        where: Callable[[BaseException], Sequence[Place]],
    ) -> None:
        super().__init__(opens_mappings=False, sends_params=True)
        self.channel = channel
        self.printed: list[Printed] = []
        self._namespace = namespace
        self._where = where
        self._lock = threading.RLock()
        self._standing = threading.local()

    def where(self, error: BaseException) -> Sequence[Place]:
        """Return the lines of the learner's code that an exception came through."""
        return self._where(error)

    # -- one scene --------------------------------------------------------------------------

    def play(self, begin: Begin) -> None:
        """Play one scene to its end."""
        self._begun = False
        self._until = 0.0
        self._over = self._fallen = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Future[None] | None = None
        self._todo: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
        self._busy = True
        self._blocked_told = 0
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

    def stamp(self) -> int:
        """Return the next number in this side's own order."""
        return self._clock.tick()

    def next_event(self, local: Due | None, *, loop_blocked: bool = False) -> float | None:
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
            return None if self._exchange(local, loop_blocked=loop_blocked) else LOOK_AGAIN
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
                    self._exchange((end, (end, self._clock.now, 0)), loop_blocked=True)

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

    # -- talking to the witness ---------------------------------------------------------------

    def _exchange(self, deadline: Due | None, *, loop_blocked: bool = False, asks: int = 0) -> bool:
        """Say what happened here and take in the answer; return whether all are stuck."""
        self.turns += 1
        try:
            return self._talk(deadline, loop_blocked=loop_blocked, asks=asks)
        except ClosedError:
            os._exit(0)  # the witness has gone: there is nothing left to live for
        finally:
            self.turns += 1

    def _talk(self, deadline: Due | None, *, loop_blocked: bool, asks: int) -> bool:
        if self._begun or asks:
            rest = Rest(
                now=self._clock.now,
                deadline=deadline,
                events=self._news(),
                asks=asks,
                loop_blocked=loop_blocked,
                left=self._left(),
            )
            self.channel.send(rest)
        turn = self.channel.receive()
        if not isinstance(turn, Turn):
            raise TypeError("The witness said something else than a turn.")
        self._begun = True
        self._clock.now = max(self._clock.now, turn.now)
        self._until = turn.until
        for event in turn.events:
            self._take(event)
        if turn.end:
            self._end()
        return turn.stuck

    def _news(self) -> list[Event]:
        events = self.take_posted()
        blocked = self._clock.blocked
        for found in blocked[self._blocked_told :]:
            events.append(Blocked(found.function[:200], found.where[:200], found.seconds))
        self._blocked_told = len(blocked)
        events += self.printed
        self.printed.clear()
        return events

    def _left(self) -> int:
        if self._loop is None or self._loop.is_closed():
            return 0
        ours = {self._main, *self.serving.values()}
        return len(asyncio.all_tasks(self._loop) - ours)

    def _end(self) -> None:
        self._over = True
        closed = WorldClosedError("The run of this tool is over.")
        self.fail_pending(closed)
        self._todo.put(None)
        if self._ended is not None and not self._ended.done():
            self._on_loop(_finish, self._ended)

    def _on_loop(self, work: Callable[..., Any], *args: Any) -> None:
        loop = self._loop
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
        if call.waits == "task":
            self._on_loop(self.serve_task, call, self._loop)
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

    # -- calls to the witness -----------------------------------------------------------------

    def call(self, target: int, method: str, args: Any, kwargs: Any, op: str = "call") -> Any:
        """Call the witness and keep this thread waiting; on the loop's thread, the loop too."""
        if self._over:
            raise WorldClosedError("The run of this tool is over.")
        call = self.new_call(target, op, method, args, kwargs, "thread")
        alone = not self._clock.sleeping and not self._clock.others()
        place: str | None = None
        if asyncio._get_running_loop() is not None:  # noqa: SLF001 - does not raise
            place = where_is(sys._getframe(1))[1][:200]  # noqa: SLF001
        call = msgspec.structs.replace(call, place=place, alone=alone)
        pending = self.pending[call.id] = Pending(None)
        self._standing.deep = getattr(self._standing, "deep", 0) + 1
        try:
            with self._lock:
                self.post(call)
                self._exchange(None, asks=call.id)
            self._wait(pending)
        finally:
            self._standing.deep -= 1
        if pending.answer is None:
            raise WorldClosedError("The run of this tool is over.")
        return pending.answer()

    def _wait(self, pending: Pending) -> None:
        while pending.answer is None and not self._over:
            if self._clock.sleeping or self._clock.others():
                self._clock.call_conductor()
                pending.stand_still()
            else:
                with self._lock:  # nobody else is here: this is all the rest there can be
                    self._exchange(None, loop_blocked=True)

    def cancel(self, call_id: int) -> None:
        """Cancel a call; its effect is there at once, as it would be in one process."""
        super().cancel(call_id)
        if not self._over:
            with self._lock:
                self._exchange(None, asks=call_id)

    async def acall(self, target: int, method: str, args: Any, kwargs: Any, op: str) -> Any:
        """Call the witness and await the answer."""
        if self._over:
            raise WorldClosedError("The run of this tool is over.")
        return await super().acall(target, method, args, kwargs, op)


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
