"""What the jail said: its answers, its calls of what lives here, what it printed and let block."""

from __future__ import annotations

import asyncio
import sys
import threading
import warnings
from collections.abc import Callable
from typing import Any

from autograder.grading.wire.channel import BadFrameError, Channel
from autograder.grading.wire.failures import name_of, unpack_failure
from autograder.grading.wire.messages import (
    Call,
    Cancel,
    Event,
    Failed,
    Found,
    Printed,
    Raised,
    Reply,
    Rest,
    Warned,
)
from autograder.grading.witness.shadows import Shadows
from autograder.grading.witness.turns import Turns
from toollab.clock import Blocked as BlockedCall
from toollab.clock import Spinning, WorldClosedError

__all__ = ("Arrivals",)

_SPINNING = name_of(Spinning)
_MOST_CALLS = 50_000


class Arrivals(Turns):
    """Takes in the events of one scene and serves its calls."""

    _shadows: Shadows

    def __init__(self, channel: Channel[Rest | Found], seconds: float) -> None:
        super().__init__(channel, seconds)
        self._spun = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def _begin(self) -> None:
        super()._begin()
        self._asked: Call | None = None
        self._calls = self._jail_left = 0

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
            self._on_loop(self._shadows.loop_of(event.id) or self._loop, self.cancelled, event)
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
        elif call.waits == "task" and (call.loop or self._loop is None):
            self._shadows.serve_on_loop(call)
        elif call.waits == "task":
            if not self._on_loop(self._loop, self.serve_task, call, self._loop):
                over = WorldClosedError("The run of this tool is over.")
                self.post(Failed(call.id, self.pack_failure(over)))
        elif call.id == rest.asks:
            self._asked = call
        else:
            self._shadows.serve(call)

    def _on_loop(
        self, loop: asyncio.AbstractEventLoop | None, work: Callable[..., Any], *args: Any
    ) -> bool:
        """Let a loop do something; return false if there is none any more."""
        if loop is None or loop.is_closed():
            return False
        if asyncio._get_running_loop() is loop:  # noqa: SLF001 - does not raise
            loop.call_soon(work, *args)
        else:
            loop.call_soon_threadsafe(work, *args)
        return True

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
