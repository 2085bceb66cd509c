"""The witness's end of the conversation: what it believes is what it saw itself.

A stand-in is called inside `simulate`; the call goes to the jail, and the jail's calls of tools
come out here, where the tools, their clock and the trace live.  Whoever moves the time here asks
this link first.
"""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Collection, Iterable
from typing import Any

from autograder.grading.wire.channel import BadFrameError, ClosedError, LateError
from autograder.grading.wire.messages import Begin, Find, Found
from autograder.grading.wire.pending import Pending
from autograder.grading.wire.values import CannotCrossError
from autograder.grading.witness.arrivals import Arrivals
from autograder.grading.witness.keeper import Keeper
from autograder.grading.witness.shadows import Shadows
from toollab.clock import Clock, Deadlock, attempt
from toollab.clock._far import LOOK_AGAIN, Due
from toollab.clock._state import current_clock

__all__ = ("Link",)

_AFTER_SPINNING = 0.5


class Link(Arrivals):
    """Calls into one jail, and serves its calls."""

    is_home = False

    # -- names ------------------------------------------------------------------------------

    def find(self, names: Iterable[str]) -> dict[str, Any]:
        """Return what the learner's names are bound to; a missing name is not in the answer.

        Something that cannot cross stands there as the exception that says so.
        """
        wanted = [name for name in names if len(name) <= 200]
        if self.gone is not None or not wanted:
            return {}
        try:
            self.channel.send(Find(wanted), self._patience())
            found = self.channel.receive(self._patience())
            if not isinstance(found, Found):
                raise BadFrameError("an answer to another question")  # noqa: TRY301
            return {n: self.unpack(v) for n, v in found.values.items() if n in wanted}
        except (ClosedError, LateError, BadFrameError, CannotCrossError) as error:
            self._lose(error)
            return {}

    # -- calls to the jail --------------------------------------------------------------------

    def call(self, target: int, method: str, args: Any, kwargs: Any, op: str = "call") -> Any:
        """Call into the jail and keep this thread waiting for the answer."""
        clock = current_clock()
        if clock is None:
            return _result(attempt(lambda: self.call(target, method, args, kwargs, op)))
        loop = asyncio._get_running_loop()  # noqa: SLF001 - does not raise
        self._enter(clock, loop)
        call = self.new_call(target, op, method, args, kwargs, "thread")
        pending = self.pending[call.id] = Pending(None)
        self.post(call)
        while pending.answer is None:
            if self._conducted():
                clock.call_conductor()
                pending.stand_still()
            elif self.next_event(None) is None:
                # Where the jail is gone already, that is why nothing comes.
                self.fail_pending(self.gone or Deadlock("It waits for something that never comes."))
        return pending.answer()

    async def acall(self, target: int, method: str, args: Any, kwargs: Any, op: str) -> Any:
        """Call into the jail and await the answer."""
        clock = current_clock()
        if clock is None:

            async def again() -> Any:
                return await self.acall(target, method, args, kwargs, op)

            return _result(attempt(again))
        self._enter(clock, asyncio.get_running_loop())
        return await super().acall(target, method, args, kwargs, op)

    def _enter(self, clock: Clock, loop: asyncio.AbstractEventLoop | None) -> None:
        if self.gone is not None:
            raise self.gone
        if clock.far is self:
            self._follow(clock, loop)
            return
        if clock.far is not None:
            raise RuntimeError("A run can have functions of one notebook only.")
        if self._clock is not None:
            self._set_aside(self._clock)
        self._begin()
        self._clock, self._loop = clock, loop
        self._keeper = None if loop is None else Keeper(self, loop)
        self._shadows = shadows = Shadows(self, clock.new_loop)
        clock.far = self
        conduct = clock.call_conductor

        def call_conductor() -> None:
            conduct()
            shadows.waits()

        clock.call_conductor = call_conductor
        # Code that was busy for ever once is not waited for as long again.
        seconds = min(clock.cpu_seconds, _AFTER_SPINNING if self._spun else 1e6)
        self._say(Begin(on_loop=loop is not None, horizon=clock.horizon, cpu_seconds=seconds))

    def _set_aside(self, outer: Clock) -> None:
        """End the scene of a run in which another begins; it gets a new one when it goes on."""
        if self.pending:
            raise RuntimeError("A run cannot begin while a call of another is on its way.")
        self.close()
        outer.far = None

    def _follow(self, clock: Clock, loop: asyncio.AbstractEventLoop | None) -> None:
        """Go over to the loop that the run goes on with, where it began with another."""
        began = self._loop
        if loop is None or began is None or loop is began or began.is_running():
            return
        if threading.current_thread() is clock.home:
            self._loop, self._keeper = loop, Keeper(self, loop)

    def _conducted(self) -> bool:
        clock = self._clock
        return clock is not None and bool(clock.sleeping or clock.others())

    # -- the clock's far side -----------------------------------------------------------------

    def stands_still(self, thread: int | None) -> bool:
        """Tell whether the jail's loop for which a thread's loop stands here is blocked."""
        blocked = self._rest.blocked
        if not blocked or self.gone is not None or not self._settled:
            return False
        return self._shadows.number_of(thread) in blocked

    @property
    def unfinished(self) -> bool:
        """Whether threads of the jail go on by themselves."""
        return self.gone is None and self._settled and self._rest.deadline is not None

    def next_event(self, local: Due | None, *, blocked: Collection[int] = ()) -> float | None:
        """Return when to move to: `local`, or an earlier moment if the jail did something."""
        del blocked
        if not self._lock.acquire(blocking=False):
            return LOOK_AGAIN  # another thread is talking to the jail
        try:
            return self._next(local)
        finally:
            self._lock.release()

    def _next(self, local: Due | None) -> float | None:
        clock = self._clock
        if self.gone is not None or clock is None:
            return None if local is None else local[0]
        until = math.inf if local is None else local[0]
        if self._asked is not None and not self._answer_ask(self._asked):
            return LOOK_AGAIN
        if self._rest.asks:
            until = clock.now  # what was asked for may take time: none is given away yet
        if self._rest.asks or self.outbox or not self._settled:
            self._turn(until)
            return LOOK_AGAIN
        deadline = self._rest.deadline
        if deadline is None and local is None:
            return LOOK_AGAIN if self._all_stuck() else None
        if local is not None and (deadline is None or local < deadline):
            return local[0]
        if deadline is not None:
            clock.now = max(clock.now, deadline[0])
        self._turn(until)
        return LOOK_AGAIN

    def settled(self) -> bool:
        """Let the jail come to rest; return false if it did something, or asks something."""
        if self.gone is not None or self._clock is None:
            return True
        if self._settled and not self.outbox and self._asked is None:
            return True
        self.next_event((self._clock.now, (self._clock.now, 0.0, 0)))
        return False

    def sleep(self, seconds: float) -> None:
        """Let time pass while the only thread here is blocked."""
        if self._clock is not None:
            self._clock.set(self._clock.now + seconds)

    # -- how it ends ----------------------------------------------------------------------------

    def left(self, loop: asyncio.AbstractEventLoop) -> int:
        """Count the tasks that are left on both sides, each once."""
        keeper = None if self._keeper is None else self._keeper.task
        return len(asyncio.all_tasks(loop) - {*self.serving.values(), keeper}) + self._jail_left

    def raised(self, error: BaseException) -> None:
        """Do nothing: what is left in the jail is played to its end first."""

    def close(self) -> list[str]:
        """End the scene in the jail, and every thread that acted for one of its threads."""
        try:
            return self._end_scene()
        finally:
            self._shadows.close()
            self.pending.clear()
            self.serving.clear()
            self.outbox.clear()
            self.forget()
            self._clock = self._loop = self._keeper = None


def _result(run: Any) -> Any:
    if run.error is not None:
        raise run.error
    return run.value
