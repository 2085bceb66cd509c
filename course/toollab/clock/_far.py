"""The other side of a run whose code lives in another process.

A function under test can be a stand-in for one that runs elsewhere, with an event loop, threads
and a clock of its own.  The two clocks are one: when nothing here can run, the far side is asked
what it waits for, and time moves to the earliest event of both.  In a plain kernel there is no
far side, and nothing in this file is used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Protocol

__all__ = ("LOOK_AGAIN", "Due", "Far", "SetUp")

SetUp = tuple[float, float, int]
"""What orders events of one moment: when each is due to the last bit, when it was set up (both
in seconds), and its stamp.  That is the order in which one event loop would let them happen."""

Due = tuple[float, SetUp]
"""When an event is due, in seconds, and what orders it among others of that moment."""

LOOK_AGAIN = -1.0
"""What `next_event` returns when the far side did something, and so this side may be able to."""


class Far(Protocol):
    """What a clock asks of the other process.  Whoever moves the time here is who asks."""

    turns: int
    """Goes up when an exchange begins and when it ends: odd while a thread is talking."""

    is_home: bool
    """Whether the code under test lives on this side, so that what blocks can be named here."""

    def stands_still(self, thread: int | None) -> bool:
        """Tell whether the event loop of a thread here (its ident) has to wait with its timers.

        It has when the far side's loop that it stands for is blocked.
        """

    @property
    def unfinished(self) -> bool:
        """Whether something there goes on without anybody here waiting for it."""

    def next_event(self, local: Due | None, *, blocked: Collection[int] = ()) -> float | None:
        """Let the far side come to rest and return the moment, in seconds, to move to.

        `local` is the next event here, or `None`; `blocked` are the threads here (their idents)
        that run an event loop and are at rest somewhere else than in it.  The answer is the
        moment of `local` if it is due first, `LOOK_AGAIN` if the far side did something, and
        `None` if nobody can ever go on.
        """

    def stamp(self) -> int:
        """Return what orders things that are set up at the same moment on both sides."""

    def settled(self) -> bool:
        """Let the far side come to rest without moving time; return false if it did something."""

    def sleep(self, seconds: float) -> None:
        """Keep the only thread here blocked for `seconds`, while time is the other side's."""

    def left(self, loop: asyncio.AbstractEventLoop) -> int:
        """Count the unfinished tasks of both sides; each belongs to the code under test."""

    def raised(self, error: BaseException) -> None:
        """Hear that the run failed here, before what is left of it is played to its end."""

    def close(self) -> list[str]:
        """End the run there; return the errors of tasks that nobody there looked at."""
