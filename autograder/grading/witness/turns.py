"""Turns: the witness says what happened and what time it is, the jail goes on from there.

The jail runs until it can do no more without an answer, says what it did, and rests.  Whatever
it says is believed only where it cannot be a lie that helps it; what makes no sense ends it.
"""

from __future__ import annotations

import math
import threading
from time import monotonic  # in a run, `time.monotonic` is simulated; this one is not
from typing import Any

import msgspec

from autograder.grading.wire.channel import BadFrameError, Channel, ClosedError, LateError
from autograder.grading.wire.messages import Event, Found, Rest, Turn
from autograder.grading.wire.peer import Peer
from autograder.grading.witness.keeper import Keeper
from toollab.clock import Clock, Deadlock, Livelock, Stuck

__all__ = ("Gone", "Turns")

_MOST_EMPTY_TURNS = 400
_MOST_STUCK_TURNS = 1_000


class Gone(Stuck):
    """The process that ran the learner's code is gone, or makes no sense any more."""

    hint = "Ask of your code: does it end its own process, or fill the memory?"


class Turns(Peer):
    """The conversation of one scene, without what is made of it."""

    turns = 0

    def __init__(self, channel: Channel[Rest | Found], seconds: float) -> None:
        super().__init__(opens_mappings=True, sends_params=False)
        self.channel = channel
        self.gone: Gone | None = None
        self.unjudgeable = ""
        self._end = monotonic() + seconds
        self._clock: Clock | None = None
        self._lock = threading.RLock()
        self._begin()

    def _begin(self) -> None:
        self._settled = False
        self._rest = Rest(0.0, None, [])
        self._stuck = self._empty = 0
        self._keeper: Keeper | None = None

    @property
    def left_there(self) -> int:
        """How many tasks of the jail nobody waits for."""
        return self._rest.left

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
        if self._rest.blocked and self._rest.deadline is not None:
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
        try:
            for event in rest.events:
                self._take(event, rest)
        except Exception as error:  # noqa: BLE001 - in the thread that moves the time nobody would see it
            self._lose(BadFrameError(f"an event that nothing can be made of ({error})"[:200]))
        if not end and self._keeper is not None:
            self._keeper.mind(self._rest.left)
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

    def _take(self, event: Event, rest: Rest) -> None:
        """Make of an event what has to be made of it."""
        raise NotImplementedError

    def _all_stuck(self) -> bool:
        """Let the jail mend that nobody can go on; return false if it is not to blame."""
        if not self.pending:
            return False  # nobody here waits for it
        self._stuck += 1
        if self._stuck > _MOST_STUCK_TURNS:
            self.fail_pending(Deadlock("Everybody waits and nobody can go on."))
        else:
            self._turn(math.inf, stuck=True)
        return True

    def _end_scene(self) -> list[str]:
        """End the scene in the jail; return the errors there that nobody looked at."""
        for _ in range(_MOST_STUCK_TURNS):
            if self.gone is not None or self._turn(math.inf, end=True):
                break
        else:
            self._lose(BadFrameError("a scene that does not end"))
        return list(self._rest.lost)

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
        if self._keeper is not None:
            self._keeper.mind(0)


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
