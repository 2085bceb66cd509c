"""What live calls have cost so far, in all notebooks together, and the cap that stops them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

__all__ = ("Budget", "BudgetError")

CAP = 0.50


class BudgetError(Exception):
    """A live call was not made, because of its cost or because costs cannot be counted."""


class Budget:
    """A cap in US dollars on all live calls of the course, kept in a small file.

    A call first reserves the most it can cost and then settles for what it did cost, so that
    calls at the same time, in different notebooks, cannot exceed the cap together.  The
    environment variables `TOOLLAB_LIVE_CAP` (dollars) and `TOOLLAB_SPENDING` (the file) change
    the cap of 0.50 and the place in the user's home directory.
    """

    def __init__(self, path: Path | None = None, *, cap: float | None = None) -> None:
        place = os.environ.get("TOOLLAB_SPENDING")
        self.path = path or (Path(place) if place else Path.home() / ".toollab" / "spending.sqlite")
        self._cap = cap

    def __repr__(self) -> str:
        return f"Budget(cap={self.cap})"

    @property
    def cap(self) -> float:
        """Return the cap in US dollars.  Raises `BudgetError` if it is not a number."""
        if self._cap is not None:
            return self._cap
        given = os.environ.get("TOOLLAB_LIVE_CAP", str(CAP))
        try:
            cap = float(given)
        except ValueError:
            cap = float("nan")
        if not cap >= 0:
            raise BudgetError(
                f"TOOLLAB_LIVE_CAP is {given!r}, which is no amount of dollars. "
                "Hint: set it to a number such as 0.50."
            )
        return cap

    @property
    def spent(self) -> float:
        """Return the US dollars spent or reserved so far."""
        with self._database() as database:
            return _sum(database)

    def reserve(self, model: str, dollars: float) -> int:
        """Set aside the most a call can cost; return a number to `settle` it with.

        Raises `BudgetError`, a sentence and a hint, if the cap would be exceeded or costs
        cannot be counted.
        """
        cap = self.cap
        with self._database() as database:
            spent = _sum(database)
            if spent + dollars > cap:
                raise BudgetError(
                    f"This call could cost ${dollars:.4f}, and ${spent:.4f} of the course's "
                    f"${cap:.2f} is spent. Hint: raise TOOLLAB_LIVE_CAP if you want to go on."
                )
            row = database.execute(
                "INSERT INTO call (model, dollars) VALUES (?, ?)", (model, dollars)
            )
            return int(row.lastrowid or 0)

    def settle(self, number: int, dollars: float) -> None:
        """Replace what was reserved by what the call did cost."""
        with self._database() as database:
            database.execute("UPDATE call SET dollars = ? WHERE number = ?", (dollars, number))

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction that no other can interleave."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=10, isolation_level=None)) as database:
                database.execute("BEGIN IMMEDIATE")
                database.execute(
                    "CREATE TABLE IF NOT EXISTS call "
                    "(number INTEGER PRIMARY KEY, model TEXT NOT NULL, dollars REAL NOT NULL)"
                )
                yield database
                database.execute("COMMIT")
        except (OSError, sqlite3.Error) as error:
            raise BudgetError(
                f"The cost of live calls cannot be counted in {self.path.name}. "
                "Hint: set TOOLLAB_SPENDING to a file that you may write."
            ) from error


def _sum(database: sqlite3.Connection) -> float:
    return float(database.execute("SELECT COALESCE(SUM(dollars), 0) FROM call").fetchone()[0])
