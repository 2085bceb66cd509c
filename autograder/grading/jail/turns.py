"""Turns: this side says what happened and what it waits for, and hears what comes next.

A thread that calls the witness stands still until it has the answer, as it would stand still in
the tool itself.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Collection, Sequence
from typing import Any

import msgspec

from autograder.grading.wire.channel import Channel, ClosedError
from autograder.grading.wire.messages import (
    Begin,
    Blocked,
    Event,
    Find,
    Place,
    Printed,
    Rest,
    Turn,
)
from autograder.grading.wire.peer import Peer
from autograder.grading.wire.pending import Pending
from toollab.clock import Clock, WorldClosedError
from toollab.clock._far import Due
from toollab.clock._where import where_is

__all__ = ("Message", "Turns")

Message = Find | Begin | Turn

_MOST_BLOCKED = 1_000


class Turns(Peer):
    """The conversation of one scene, without what is made of it."""

    turns = 0
    _clock: Clock

    def __init__(
        self,
        channel: Channel[Message],
        where: Callable[[BaseException], Sequence[Place]],
    ) -> None:
        super().__init__(opens_mappings=False, sends_params=True)
        self.channel = channel
        self.printed: list[Printed] = []
        self._where = where
        self._lock = threading.RLock()
        self._standing = threading.local()

    def _begin(self) -> None:
        self._begun = False
        self._until = 0.0
        self._over = False
        self._blocked_told = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[Any] | None = None
        self._numbers_of: dict[int, int] = {}  # threads with a loop of their own, by their idents

    def where(self, error: BaseException) -> Sequence[Place]:
        """Return the lines of the learner's code that an exception came through."""
        return self._where(error)

    def stamp(self) -> int:
        """Return the next number in this side's own order."""
        return self._clock.tick()

    def loop_number(self) -> int:
        """Return 0 on the scene's own loop, and on another the number of the thread it is in."""
        return self._number_of(threading.get_ident())

    def _number_of(self, thread: int) -> int:
        if self._loop is not None and thread == self._clock.home.ident:
            return 0
        return self._numbers_of.setdefault(thread, len(self._numbers_of) + 1)

    # -- talking to the witness ---------------------------------------------------------------

    def _exchange(
        self, deadline: Due | None, *, blocked: Collection[int] = (), asks: int = 0
    ) -> bool:
        """Say what happened here and take in the answer; return whether all are stuck."""
        self.turns += 1
        try:
            return self._talk(deadline, blocked, asks)
        except ClosedError:
            os._exit(0)  # the witness has gone: there is nothing left to live for
        finally:
            self.turns += 1

    def _talk(self, deadline: Due | None, blocked: Collection[int], asks: int) -> bool:
        if self._begun or asks:
            rest = Rest(
                now=self._clock.now,
                deadline=deadline,
                events=self._news(),
                asks=asks,
                blocked=[self._number_of(thread) for thread in blocked][:_MOST_BLOCKED],
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
        printed = len(self.printed)
        events: list[Event] = [*self.printed[:printed]]  # before the answers that came after it
        del self.printed[:printed]
        events += self.take_posted()
        blocked = self._clock.blocked
        for found in blocked[self._blocked_told :]:
            events.append(Blocked(found.function[:200], found.where[:200], found.seconds))
        self._blocked_told = len(blocked)
        return events

    def _left(self) -> int:
        if self._loop is None or self._loop.is_closed():
            return 0
        ours = {self._main, *self.serving.values()}
        return len(asyncio.all_tasks(self._loop) - ours)

    def _take(self, event: Event) -> None:
        """Make of an event what has to be made of it."""
        raise NotImplementedError

    def _end(self) -> None:
        """Hear that the scene is over."""
        raise NotImplementedError

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
                    self._exchange(None, blocked=self._stopped_here())

    def _stopped_here(self) -> list[int]:
        """Return this thread, if it runs an event loop: standing still, it stops that."""
        running = asyncio._get_running_loop()  # noqa: SLF001 - does not raise
        return [] if running is None else [threading.get_ident()]

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
