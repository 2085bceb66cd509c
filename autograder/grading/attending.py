"""A cluster without workers: waited for, told of, and given up in the end.

Workers come and go; a cluster that has none for a while may get new ones.  One that has none for
long will not, and then a clear end is better than a command that never comes back: what is
finished is in the journal, and the same command goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from autograder.errors import CourseError

__all__ = ("PATIENCE", "Attendance")

PATIENCE = 300.0
"""Seconds for which a cluster may have no worker, if nobody says otherwise."""
_SAY_AFTER = 10.0
_SAY_AGAIN = 60.0


class Attendance:
    """Looks, whenever it is called, whether anybody is at work.

    `count` returns how many workers there are and `say` shows a sentence.  Raises `CourseError`
    after `patience` seconds without a worker.
    """

    def __init__(
        self,
        count: Callable[[], int],
        say: Callable[[str], None],
        *,
        patience: float = PATIENCE,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._count, self._say, self._patience, self._now = count, say, patience, now
        self._since: float | None = None
        self._said: float | None = None

    def __call__(self) -> None:
        """Look once."""
        if self._count():
            if self._said is not None:
                self._say("The Dask cluster has workers again.")
            self._since = self._said = None
            return
        now = self._now()
        self._since = now if self._since is None else self._since
        alone = now - self._since
        if alone >= self._patience:
            raise CourseError(
                f"The Dask cluster had no worker for {alone:,.0f} s. "
                "Hint: start some with `dask worker`, then the same command again: "
                "what is finished is kept."
            )
        if now - (self._since if self._said is None else self._said) >= (
            _SAY_AFTER if self._said is None else _SAY_AGAIN
        ):
            self._said = now
            self._say(
                f"The Dask cluster has no worker: waiting for one, {self._patience - alone:,.0f} s "
                "more. Hint: `dask worker` and the scheduler's address start one."
            )
