"""The schema between the grader and its witnesses; both are trusted, none of it is secret."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from autograder.grading.limits import Limits

__all__ = ("Cell", "CellSeen", "Check", "CheckSeen", "Ended", "Job", "NeedJail", "Told")


class Check(Struct, frozen=True):
    """An instructor's check cell: its text, and where the names in it come from.

    `statements` of the instructor's notebook run first; `learners` are asked of the jail.
    `own` says that it was written in the notebook, not taken from the course's library.
    """

    grade_id: str
    title: str
    points: float
    source: str
    statements: tuple[str, ...]
    learners: tuple[str, ...]
    own: bool = False


class Cell(Struct, frozen=True):
    """One code cell: at which place in the notebook, what text, and the check that replaces it."""

    place: int
    name: str
    source: str
    check: Check | None = None


class Job(Struct, frozen=True):
    """One submission: its cells in order, the files beside the notebook, and its limits."""

    cells: tuple[Cell, ...]
    files: dict[str, bytes]
    limits: Limits


class CellSeen(Struct, tag="cell", frozen=True):
    """What one cell of the learner's showed, as nbformat outputs, and how it ended."""

    place: int
    outputs: list[dict[str, Any]]
    state: str


class CheckSeen(Struct, tag="check", frozen=True):
    """The verdict of one check cell: a report's mime bundle, or why there is none.

    With a bundle, `reason` says that the kernel died while the check was calling it.
    """

    grade_id: str
    bundle: dict[str, Any] | None
    reason: str = ""


class NeedJail(Struct, tag="jail", frozen=True):
    """The kernel died: another one is needed, with as many channels for copies."""

    checks: int


class Ended(Struct, tag="ended", frozen=True):
    """The submission is through; `reason` if it ended early."""

    reason: str = ""


Told = CellSeen | CheckSeen | NeedJail | Ended
