"""What goes into a gradebook and comes out of it, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

__all__ = ("CellScore", "Change", "Mark", "Submission")


@dataclass(frozen=True, slots=True)
class CellScore:
    """What one graded cell is worth.

    `score` is `None` for a cell that a person has to mark.  `comment` is nbgrader's automatic
    comment, such as *No response.*
    """

    score: float | None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """One learner's result for one notebook: scores by grade_id, comments by grade_id.

    `known` says that it was recorded before: what a person marked since needs no second look.
    """

    student: str
    assignment: str
    notebook: str
    scores: Mapping[str, CellScore]
    comments: Mapping[str, str | None]
    timestamp: datetime | None = None
    known: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person gave for a cell: a score (`None`: none), a comment, and extra credit."""

    score: float | None = None
    comment: str = ""
    extra: float = 0.0


@dataclass(frozen=True, slots=True)
class Change:
    """A score that a regrade changed, and why there was a regrade."""

    student: str
    notebook: str
    cell: str
    before: float | None
    after: float | None
    why: str = ""
