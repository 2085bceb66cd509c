"""What is to be graded: the assignment as its source says it, and who handed in what.

Plain JSON is read here; nbformat and nbgrader cost seconds to import and add nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from autograder.errors import CourseError

__all__ = ("Assignment", "GradedCell", "Job", "load", "plan")

_STUDENT = re.compile(r"[\w.@ -]{1,128}")


@dataclass(frozen=True, slots=True)
class GradedCell:
    """One cell that earns points.

    A person marks it if `manual`; else `check` is the instructor's own code, hidden tests
    included.  `answers` are the answer cells that stand before it, since the last graded one.
    """

    grade_id: str
    title: str
    points: float
    manual: bool
    check: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Assignment:
    """One notebook of the course: its source, what learners received, and what is graded."""

    name: str
    source: dict[str, Any]
    released: dict[str, Any]
    digest: str
    graded: tuple[GradedCell, ...] = field(default=())

    @cached_property
    def possible(self) -> float:
        """Points that can be earned."""
        return sum(cell.points for cell in self.graded)


@dataclass(frozen=True, slots=True)
class Job:
    """One learner's folder for one assignment; `handed_in` is naive UTC, as nbgrader keeps it."""

    student: str
    assignment: str
    folder: Path
    handed_in: datetime | None = None
    notes: tuple[str, ...] = ()


def load(root: Path, name: str) -> Assignment:
    """Load an assignment from a course; raises `CourseError` if a notebook is missing."""
    source, raw = _notebook(root / "solutions" / name / f"{name}.ipynb", "write it first")
    released, handed = _notebook(
        root / "course" / name / f"{name}.ipynb", f"run `python -m autograder release {name}`"
    )
    digest = hashlib.sha256(raw + b"\0" + handed).hexdigest()
    return Assignment(name, source, released, digest, tuple(_graded(source)))


def _notebook(path: Path, remedy: str) -> tuple[dict[str, Any], bytes]:
    try:
        raw = path.read_bytes()
        notebook = json.loads(raw)
        return {**notebook, "cells": [_whole(cell) for cell in notebook["cells"]]}, raw
    except FileNotFoundError as error:
        raise CourseError(f"There is no notebook {path}. Hint: {remedy}.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CourseError(
            f"{path} is no readable notebook: {error}. Hint: take it back from version control."
        ) from error


def _whole(cell: dict[str, Any]) -> dict[str, Any]:
    source = cell["source"]
    return {**cell, "source": source if isinstance(source, str) else "".join(source)}


def _graded(source: dict[str, Any]) -> Iterable[GradedCell]:
    heading, answers = "", []  # type: str, list[str]
    for cell in source["cells"]:
        rules = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "markdown":
            found = re.search(r"^#{1,6}\s+(.+)$", cell["source"], re.MULTILINE)
            heading = found[1].strip() if found else heading
        if rules.get("solution"):
            answers.append(rules["grade_id"])
        if rules.get("grade"):
            yield GradedCell(
                grade_id=rules["grade_id"],
                title=heading,
                points=float(rules["points"]),
                manual=bool(rules.get("solution")),
                check="" if rules.get("solution") else cell["source"],
                answers=tuple(answers),
            )
            answers = []


def plan(submitted: Path, name: str, students: Sequence[str] = ()) -> list[Job]:
    """Return a job for each learner's folder, in the order of their names.

    `submitted` holds `student/assignment/` folders.  `students` narrows them.  Raises
    `CourseError` if there is nothing to grade or a named learner is unknown.
    """
    if not submitted.is_dir():
        raise CourseError(
            f"There is no folder {submitted}. Hint: collect what was handed in there, as "
            f"{submitted.name}/STUDENT/{name}/{name}.ipynb."
        )
    found = {
        path.name: path
        for path in sorted(submitted.iterdir())
        if path.is_dir() and not path.is_symlink() and _STUDENT.fullmatch(path.name)
    }
    unknown = sorted(set(students) - set(found))
    if unknown:
        raise CourseError(
            f"Nobody called {', '.join(unknown)} handed in anything. "
            f"Hint: the folders are {', '.join(found) or 'none'}."
        )
    wanted = students or [student for student in found if _exists(found[student] / name)]
    if not wanted:
        raise CourseError(
            f"Nobody handed in {name}. Hint: it would be {submitted.name}/STUDENT/{name}/."
        )
    return [_job(student, name, found[student] / name) for student in sorted(set(wanted))]


def _exists(path: Path) -> bool:
    return path.is_symlink() or path.exists()


def _job(student: str, name: str, folder: Path) -> Job:
    stamp = folder / "timestamp.txt"
    if folder.is_symlink() or stamp.is_symlink() or not stamp.is_file():
        return Job(student, name, folder)
    try:
        moment = _moment(stamp.read_text("utf-8")[:100].strip())
    except (ValueError, OverflowError, OSError, KeyError):
        note = "The time of handing in (timestamp.txt) could not be read; none was recorded."
        return Job(student, name, folder, notes=(note,))
    return Job(student, name, folder, moment)


def _moment(text: str) -> datetime:
    """Return naive UTC from what nbgrader writes: date, time and a zone's name or offset."""
    clock, _, zone = text.rpartition(" ")
    if zone.startswith(("+", "-")) or zone[:1].isdigit() or not clock:
        moment = datetime.fromisoformat(text.replace(" +", "+").replace(" -", "-"))
    else:
        moment = datetime.fromisoformat(clock).replace(tzinfo=ZoneInfo(zone))
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
