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
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import toollab
from autograder.errors import CourseError
from autograder.plain import shown_name

__all__ = (
    "Assignment",
    "GradedCell",
    "Job",
    "cell_names",
    "graded_cells",
    "handed_in",
    "library",
    "load",
    "passed_over",
    "plan",
)

_HEADING = re.compile(r"^#{1,6}\s+(?!BEGIN |END )(.+)$", re.MULTILINE)
_LONGEST_NAME = 128
"""What the gradebook has room for."""
_LONGEST_STAMP = 100
_FEW = 5


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
    """One notebook of the course: its source, what learners received, and what is graded.

    `files` lie beside every learner's notebook.  `digest` changes with all that judges: the
    source, the released notebook, those files, and the library with its checks.
    """

    name: str
    source: dict[str, Any]
    released: dict[str, Any]
    digest: str
    graded: tuple[GradedCell, ...] = field(default=())
    files: dict[str, bytes] = field(default_factory=dict)

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


def load(root: Path, name: str, *, released: dict[str, Any] | None = None) -> Assignment:
    """Load an assignment from a course; raises `CourseError` if a notebook is missing.

    `released` is the learner's notebook, if it is not the file in `course/`.
    """
    source, raw = _notebook(root / "solutions" / name / f"{name}.ipynb", "write it first")
    handed = b""
    if released is None:
        released, handed = _notebook(
            root / "course" / name / f"{name}.ipynb", f"run `python -m autograder release {name}`"
        )
    files = _files(root / "course" / name)
    digest = hashlib.sha256(raw + b"\0" + handed + b"\0" + library())
    for path, content in files.items():
        digest.update(b"\0" + path.encode() + b"\0" + content)
    return Assignment(
        name, source, released, digest.hexdigest(), tuple(graded_cells(source)), files
    )


def _files(folder: Path) -> dict[str, bytes]:
    """Return what was handed out beside the notebook, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix not in {".ipynb", ".pyc"}
        and not {".ipynb_checkpoints", "__pycache__"} & set(path.parts)
    }


@cache
def library() -> bytes:
    """Return what tells one version of the library from another: a check that was mended."""
    home = Path(toollab.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(home.rglob("*.py")):
        digest.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.digest()


def cell_names(root: Path, name: str) -> list[str]:
    """Return the names of the cells that nbgrader knows in one source notebook."""
    source, _ = _notebook(root / "solutions" / name / f"{name}.ipynb", "write it first")
    rules = [cell["metadata"].get("nbgrader", {}) for cell in source["cells"]]
    return [rule["grade_id"] for rule in rules if "grade_id" in rule]


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


def graded_cells(source: dict[str, Any]) -> Iterable[GradedCell]:
    """Yield the cells of a source notebook that earn points."""
    heading, answers = "", []  # type: str, list[str]
    for cell in source["cells"]:
        rules = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "markdown":
            found = _HEADING.search(cell["source"])
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
    found = _folders(submitted, name, students)
    wanted = students or [student for student in found if _exists(found[student] / name)]
    if not wanted:
        raise CourseError(
            f"Nobody handed in {name}. Hint: it would be {submitted.name}/STUDENT/{name}/."
        )
    return [_job(student, name, found[student] / name) for student in sorted(set(wanted))]


def handed_in(submitted: Path, names: Sequence[str], students: Sequence[str] = ()) -> list[str]:
    """Return which of these assignments anybody (of `students`) handed in."""
    folders = _folders(submitted, names[0] if names else "NOTEBOOK", students)
    looked = [path for student, path in folders.items() if not students or student in students]
    return [name for name in names if any(_exists(path / name) for path in looked)]


def passed_over(submitted: Path) -> list[str]:
    """Return one sentence for each folder that cannot be a learner's."""
    told = []
    for path in sorted(submitted.iterdir()) if submitted.is_dir() else ():
        if path.name.startswith(".") or not (path.is_dir() or path.is_symlink()):
            continue
        why = _refused(path)
        if why:
            told.append(f"{submitted.name}/{shown_name(path.name)} was passed over: {why}.")
    return told


def _folders(submitted: Path, name: str, students: Sequence[str]) -> dict[str, Path]:
    """Return each learner's folder; raises `CourseError` if one of `students` has none."""
    if not submitted.is_dir():
        raise CourseError(
            f"There is no folder {submitted}. Hint: collect what was handed in there, as "
            f"{submitted.name}/STUDENT/{name}/{name}.ipynb."
        )
    found = {
        path.name: path
        for path in sorted(submitted.iterdir())
        if not path.name.startswith(".") and not _refused(path) and path.is_dir()
    }
    unknown = sorted(set(students) - set(found))
    if unknown:
        raise CourseError(
            f"Nobody called {', '.join(unknown)} handed in anything. Hint: "
            + _whom_you_may_mean(unknown, list(found), submitted)
        )
    return found


def _whom_you_may_mean(unknown: Sequence[str], known: Sequence[str], submitted: Path) -> str:
    """Return a sentence; a class is too large to be listed."""
    near = {name for word in unknown for name in get_close_matches(word, known, cutoff=0.5)}
    names = sorted(near) or known[:_FEW]
    more = "" if len(names) == len(known) else f"; all {len(known)} are in {submitted}"
    return f"the folders are {', '.join(names) or 'none'}{more}."


def _refused(path: Path) -> str:
    """Return why a folder is nobody's, or an empty text."""
    if path.is_symlink():
        return "it is a link elsewhere, and links are not followed"
    if len(path.name) > _LONGEST_NAME:
        return f"its name is longer than {_LONGEST_NAME} characters"
    if not path.name.isprintable() or path.name != path.name.strip():
        return "its name has characters that cannot be seen"
    for sign in "+*?[":  # with the others nbgrader looks for several learners at once
        if sign in path.name:
            return f"nbgrader allows no {sign} in a learner's name"
    return ""


def _exists(path: Path) -> bool:
    try:
        return path.is_symlink() or path.exists()
    except OSError:  # a folder that may not be read: intake says so of each submission
        return True


def _job(student: str, name: str, folder: Path) -> Job:
    stamp = folder / "timestamp.txt"
    try:
        if folder.is_symlink() or stamp.is_symlink() or not stamp.is_file():
            return Job(student, name, folder)
        with stamp.open("rb") as file:  # it may be as large as a disk
            moment = _moment(file.read(_LONGEST_STAMP).decode("utf-8").strip())
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
