"""An end in real time for whatever a witness does.

What a jail sends can keep a witness busy in ways that nobody has thought of.  A check that goes
on after its time is interrupted here; if that does not help, the witness gives up.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType

__all__ = ("OverdueError", "at_most")

_BETWEEN = 1.0
_STRIKES = 5


class OverdueError(BaseException):
    """The time is over.  Not an `Exception`: nothing that is judged may catch it."""


@contextlib.contextmanager
def at_most(seconds: float, give_up: Callable[[], None]) -> Iterator[list[str]]:
    """Raise `OverdueError` in the main thread after so many seconds, and again if that is lost.

    After some attempts `give_up` is called.  Yields a list that holds a text once it was late.
    """
    late: list[str] = []

    def strike(_signal: int, _frame: FrameType | None) -> None:
        late.append("It took too long in real time.")
        if len(late) > _STRIKES:
            give_up()
        raise OverdueError(late[0])

    before = signal.signal(signal.SIGALRM, strike)
    signal.setitimer(signal.ITIMER_REAL, seconds, _BETWEEN)
    try:
        yield late
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
