"""The witness's end of the conversation: what it believes is what it saw itself.

A stand-in is called inside `simulate`; the call goes to the jail, and the jail's calls of tools
come out here, where the tools, their clock and the trace live.  Whoever moves the time here asks
this link first.  The two sides take turns: the witness says what happened and what time it is,
the jail runs until it can do no more without an answer, and says what it did.
"""

from __future__ import annotations

import asyncio
import math
import sys
import threading
import warnings
from collections.abc import Callable, Iterable
from time import monotonic  # in a run, `time.monotonic` is simulated; this one is not
from typing import Any

import msgspec

from autograder.grading.wire.channel import BadFrameError, Channel, ClosedError, LateError
from autograder.grading.wire.failures import name_of, unpack_failure
from autograder.grading.wire.messages import (
    Begin,
    Call,
    Cancel,
    Event,
    Failed,
    Find,
    Found,
    Printed,
    Raised,
    Reply,
    Rest,
    Turn,
    Warned,
)
from autograder.grading.wire.peer import Peer
from autograder.grading.wire.pending import Pending
from autograder.grading.wire.values import CannotCrossError
from autograder.grading.witness.shadows import Shadows
from toollab.clock import Blocked as BlockedCall
from toollab.clock import Clock, Deadlock, Livelock, Spinning, Stuck, attempt
from toollab.clock._far import LOOK_AGAIN, Due
from toollab.clock._state import current_clock

__all__ = ("Gone", "Link")

_SPINNING = name_of(Spinning)
_AFTER_SPINNING = 0.5
_MOST_CALLS = 50_000
_MOST_EMPTY_TURNS = 400
_MOST_STUCK_TURNS = 1_000


class Gone(Stuck):
    """The process that ran the learner's code is gone, or makes no sense any more."""

    hint = "Ask of your code: does it end its own process, or fill the memory?"


class Link(Peer):
    """Calls into one jail, and serves its calls."""

    is_home = False
    turns = 0

    def __init__(self, channel: Channel[Rest | Found], seconds: float) -> None:
        super().__init__(opens_mappings=True, sends_params=False)
        self.channel = channel
        self.gone: Gone | None = None
        self.unjudgeable = ""
        self._spun = False
        self._end = monotonic() + seconds
        self._clock: Clock | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.RLock()
        self._reset()

    def _reset(self) -> None:
        self._settled = False
        self._rest = Rest(0.0, None, [])
        self._asked: Call | None = None
        self._stuck = self._empty = self._calls = self._jail_left = 0
        self._keeper: asyncio.Task[None] | None = None
        self._keeping: asyncio.Future[None] | None = None

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
            return
        if clock.far is not None or self._clock is not None:
            raise RuntimeError("A run can have functions of one notebook only.")
        self._reset()
        self._clock, self._loop = clock, loop
        self._shadows = shadows = Shadows(self)
        clock.far = self
        conduct = clock.call_conductor

        def call_conductor() -> None:
            conduct()
            shadows.waits()

        clock.call_conductor = call_conductor
        # Code that was busy for ever once is not waited for as long again.
        seconds = min(clock.cpu_seconds, _AFTER_SPINNING if self._spun else 1e6)
        self._say(Begin(on_loop=loop is not None, horizon=clock.horizon, cpu_seconds=seconds))

    def _conducted(self) -> bool:
        clock = self._clock
        return clock is not None and bool(clock.sleeping or clock.others())

    # -- the clock's far side -----------------------------------------------------------------

    @property
    def loop_blocked(self) -> bool:
        """Whether the jail's loop is blocked: then tools on the loop here stand still, too."""
        return self.gone is None and self._settled and self._rest.loop_blocked

    @property
    def unfinished(self) -> bool:
        """Whether threads of the jail go on by themselves."""
        return self.gone is None and self._settled and self._rest.deadline is not None

    def next_event(self, local: Due | None, *, loop_blocked: bool = False) -> float | None:
        """Return when to move to: `local`, or an earlier moment if the jail did something."""
        del loop_blocked
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
            return self._all_stuck()
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

    def _all_stuck(self) -> float | None:
        if not self.pending:
            return None  # nobody here waits for the jail: it is not to blame
        self._stuck += 1
        if self._stuck > _MOST_STUCK_TURNS:
            self.fail_pending(Deadlock("Everybody waits and nobody can go on."))
        else:
            self._turn(math.inf, stuck=True)
        return LOOK_AGAIN

    def sleep(self, seconds: float) -> None:
        """Let time pass while the only thread here is blocked."""
        if self._clock is not None:
            self._clock.set(self._clock.now + seconds)

    # -- how it ends ----------------------------------------------------------------------------

    def left(self, loop: asyncio.AbstractEventLoop) -> int:
        """Count the tasks that are left on both sides, each once."""
        ours = {*self.serving.values(), self._keeper}
        return len(asyncio.all_tasks(loop) - ours) + self._jail_left

    def raised(self, error: BaseException) -> None:
        """Do nothing: what is left in the jail is played to its end first."""

    def close(self) -> list[str]:
        """End the scene in the jail, and every thread that acted for one of its threads."""
        lost: list[str] = []
        try:
            for _ in range(_MOST_STUCK_TURNS):
                if self.gone is not None or self._turn(math.inf, end=True):
                    break
            else:
                self._lose(BadFrameError("a scene that does not end"))
            lost = list(self._rest.lost)
        finally:
            self._shadows.close()
            self.pending.clear()
            self.serving.clear()
            self.outbox.clear()
            self.forget()
            self._clock = self._loop = None
        return lost

    # -- talking to the jail ------------------------------------------------------------------

    def _patience(self) -> float:
        return max(self._end - monotonic(), 0.001)

    def _say(self, message: Any) -> None:
        try:
            self.channel.send(message, self._patience())
        except (ClosedError, LateError) as error:
            self._lose(error)

    def _turn(self, until: float, *, stuck: bool = False, end: bool = False) -> bool:
        """Let the jail have its turn; return whether that was its last of this scene."""
        clock = self._clock
        if clock is None:
            return True
        events = self.take_posted()
        if self._rest.loop_blocked and self._rest.deadline is not None:
            until = min(until, self._rest.deadline[0])  # then the loops here may run again
        asks, self._settled = self._rest.asks, False
        before = clock.now
        self.turns += 1
        try:
            rest = self._exchange(Turn(clock.now, until, events, stuck, end), until)
        finally:
            self.turns += 1
        if rest is None:
            return True
        self._rest = rest
        clock.now = max(clock.now, rest.now)
        self._settled = not rest.asks
        quiet = not (events or rest.events or asks or stuck or clock.now > before)
        self._empty = self._empty + 1 if quiet else 0
        if self._empty > _MOST_EMPTY_TURNS:
            self.fail_pending(Livelock("Time does not move on, and nothing happens."))
        for event in rest.events:
            self._take(event, rest)
        if not end:
            self._mind_what_is_left()
        return rest.over

    def _exchange(self, turn: Turn, until: float) -> Rest | None:
        """Send a turn and return what the jail says to it; `None` if it is gone."""
        self._say(turn)
        if self.gone is not None:
            return None
        try:
            rest = self.channel.receive(self._patience())
            if not isinstance(rest, Rest):
                raise BadFrameError("an answer to another question")  # noqa: TRY301
            return _believable(rest, turn.now, until)
        except (ClosedError, LateError, BadFrameError) as error:
            self._lose(error)
            return None

    def _lose(self, error: Exception) -> None:
        """Give the jail up: every call into it fails from now on."""
        if isinstance(error, ClosedError):
            said = "The process that ran your code ended in the middle of a run."
        elif isinstance(error, LateError):
            said = "Your code neither came back nor used the processor, in real time."
            self.unjudgeable = "It took too long in real time."
        else:
            said = f"The process that ran your code sent what makes no sense: {error}."
        self.gone = Gone(said)
        self.channel.close()
        self._settled = True
        self.fail_pending(self.gone)

    # -- what the jail said -------------------------------------------------------------------

    def _take(self, event: Event, rest: Rest) -> None:
        if isinstance(event, Call):
            self._take_call(event, rest)
        elif isinstance(event, Reply | Failed):
            self._jail_left = event.left
            self._stuck = 0
            spinning = isinstance(event, Failed) and event.error.types[0] == _SPINNING
            self._spun = self._spun or spinning
            self.answered(event)
        elif isinstance(event, Cancel):
            self._on_loop(event, self.cancelled, event)
        elif isinstance(event, Raised):
            self._jail_left = event.left
            self.fail_pending(unpack_failure(event.error, self.unpack))
        elif isinstance(event, Printed):
            (sys.stdout if event.stream == "stdout" else sys.stderr).write(event.text)
        elif isinstance(event, Warned):
            warnings.warn(f"{event.category}: {event.text}", stacklevel=1)
        elif self._clock is not None:
            found = BlockedCall(event.function, event.where, event.seconds)
            self._clock.blocked.append(found)

    def _take_call(self, call: Call, rest: Rest) -> None:
        self._calls += 1
        if self._calls > _MOST_CALLS:
            self._lose(BadFrameError(f"more than {_MOST_CALLS:,} calls in one run"))
        elif call.waits == "task":
            if self._loop is not None:
                self._on_loop(call, self.serve_task, call, self._loop)
            else:
                self._shadows.serve_on_loop(call)
        elif call.id == rest.asks:
            self._asked = call
        else:
            self._shadows.serve(call)

    def _on_loop(self, call: Call | Cancel, work: Callable[..., Any], *args: Any) -> None:
        loop = self._loop or self._shadows.loop_of(call.id)
        if loop is None or loop.is_closed():
            return
        if asyncio._get_running_loop() is loop:  # noqa: SLF001 - does not raise
            loop.call_soon(work, *args)
        else:
            loop.call_soon_threadsafe(work, *args)

    def _answer_ask(self, call: Call) -> bool:
        """Do what a thread of the jail stands still for; if it takes time, it is told later.

        Returns false if that has been begun only, and this side has to come to rest first.
        """
        self._asked = None
        clock = self._clock
        if clock is None:
            return True
        at_home = threading.current_thread() is clock.home
        if call.alone and at_home and not clock.sleeping and not clock.others():
            # Nobody else is here and in the jail only the asking thread: time is theirs.
            me = threading.get_ident()
            if call.place is not None:
                clock.stand_ins[me] = call.place
            try:
                self.post(self.serve_now(call))
            finally:
                clock.stand_ins.pop(me, None)
            return True
        self._shadows.serve(call)
        if not at_home:
            return False  # the conductor, who holds the clock: a shadow could not even wait
        self._shadows.settle(call)
        return True

    # -- what a function leaves behind ----------------------------------------------------------

    def _mind_what_is_left(self) -> None:
        """Let a task here stand for the tasks that a function left unfinished in the jail."""
        left, loop = self._rest.left, self._loop
        if self._keeping is not None and not left:
            self._on_loop_now(_finish, self._keeping)
        if left and loop is not None and self._keeper is None and not self.pending:
            self._on_loop_now(self._keep, loop)

    def _on_loop_now(self, work: Callable[..., Any], *args: Any) -> None:
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        if asyncio._get_running_loop() is loop:  # noqa: SLF001 - does not raise
            work(*args)
        else:
            loop.call_soon_threadsafe(work, *args)

    def _keep(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._keeper is None:
            self._keeping = loop.create_future()
            self._keeper = loop.create_task(self._keeps(loop))

    async def _keeps(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._rest.left and self.gone is None and self._keeping is not None:
            try:
                await self._keeping
            except asyncio.CancelledError:
                self.post(Cancel(0))
                self._keeping = loop.create_future()
        self._keeper = self._keeping = None


def _believable(rest: Rest, now: float, until: float) -> Rest:
    """Return what a jail says, with its times put where they can lie."""
    times = [rest.now] if rest.deadline is None else [rest.now, rest.deadline[0]]
    if any(math.isnan(moment) for moment in times):
        raise BadFrameError("a time that is no number")
    moment = min(max(rest.now, now), until)
    moment = moment if math.isfinite(moment) else now
    deadline = rest.deadline
    if deadline is not None:
        when, set_up = deadline
        deadline = None if math.isinf(when) else (max(when, moment), set_up)
    return msgspec.structs.replace(rest, now=moment, deadline=deadline)


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _result(run: Any) -> Any:
    if run.error is not None:
        raise run.error
    return run.value
