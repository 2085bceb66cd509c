"""Look at one notebook the way grading will: for its learner, before it is handed in."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.errors import CourseError
from autograder.grading.intake import Intake, take_in, take_in_file
from autograder.grading.marking import Judgement, mark, not_graded
from autograder.grading.plan import Assignment, Job, cell_names, graded_cells, load
from autograder.grading.reading import Unreadable, read_cells
from autograder.grading.results import NotebookResult
from autograder.grading.workers import Attempt, local
from autograder.plain import shown_name
from autograder.release.course import Course

__all__ = ("examine",)

VISIBLE = "Only the checks that stand in the notebook were run: its source is not here."
_OTHER = "'a check of its own'"
_NOT_RUN = (
    "This check is the notebook's own, and is run only where the notebook's source is. "
    "Hint: run its cell in JupyterLab, or press Validate."
)


def examine(path: Path, course: Course) -> NotebookResult:
    """Return what grading would say of this notebook.

    With the sources at hand, hidden checks are run too; without them, those of the notebook that
    merely name a check of `toollab.checks`: what it brings along itself is not believed.  The
    code runs behind a wall if there is one: it is the learner's own, on their own machine.
    Raises `CourseError` if the notebook belongs to no assignment.
    """
    assignment, notes = _assignment(path, course)
    job = Job("you", assignment.name, path.parent, notes=tuple(notes))
    intake = _intake(path, assignment)
    if intake.notebook is None:
        return not_graded(assignment, job, intake)
    with local(1, unsafe=True):
        attempt = Attempt.of(assignment, unsafe=True, vets=course.solutions.is_dir())
        trial = attempt(assignment.name, intake.notebook)
    for cell in assignment.source["cells"]:
        if cell["source"] == _OTHER:
            name = cell["metadata"]["nbgrader"]["grade_id"]
            trial.judgements[name] = Judgement(bundle=None, reason=_NOT_RUN)
    return mark(assignment, job, intake, trial)


def _intake(path: Path, assignment: Assignment) -> Intake:
    name = assignment.name
    if path.name == f"{name}.ipynb":
        if path.parent.name == name:  # the folder that will be handed in
            return take_in(path.parent, name, assignment.released, assignment.files)
        return take_in_file(path, assignment.released)
    intake = take_in_file(path, assignment.released)
    told = f"The file is called {shown_name(path.name)}; hand it in as {name}.ipynb."
    return replace(intake, notes=(told, *intake.notes))


def _assignment(path: Path, course: Course) -> tuple[Assignment, list[str]]:
    if not course.solutions.is_dir():
        return _of_its_own(path), [VISIBLE]
    names = course.names()
    name = path.stem if path.stem in names else _fitting(path, names, course)
    released = course.learner(name)
    if released.exists() and released.samefile(path):
        # The learner works where the notebook was handed out: what it looked like is known
        # from its source alone.
        return load(course.root, name, released=_released(course, name)), []
    return load(course.root, name), []


def _released(course: Course, name: str) -> dict[str, Any]:
    from autograder.release.build import learner_notebook  # noqa: PLC0415 - takes seconds
    from autograder.release.course import read  # noqa: PLC0415

    return dict(learner_notebook(read(course.source(name))))


def _fitting(path: Path, names: tuple[str, ...], course: Course) -> str:
    """Return the assignment that most of the notebook's cells come from."""
    try:
        handed = {cell.grade_id for cell in read_cells(path.read_bytes())[0]} - {""}
    except (Unreadable, OSError) as error:
        raise CourseError(
            f"{shown_name(path.name)} cannot be read ({error}), and its name is that of no "
            f"notebook. Hint: call it {names[0]}.ipynb, or whichever it is, to see more."
        ) from error
    common = {name: len(handed & set(cell_names(course.root, name))) for name in names}
    best = max(common, key=lambda name: common[name])
    if not common[best]:
        raise CourseError(
            f"{shown_name(path.name)} has no cell of any notebook of this course. "
            f"Hint: the notebooks are {', '.join(names)}."
        )
    return best


def _of_its_own(path: Path) -> Assignment:
    """Take the learner's notebook for its own source: its checks are the visible ones."""
    try:
        notebook = json.loads(path.read_bytes())
        cells = [
            {
                "metadata": {},
                **cell,
                "source": text if isinstance(text := cell["source"], str) else "".join(text),
            }
            for cell in notebook["cells"]
        ]
        whole = {**notebook, "cells": cells}
        # Checks run outside of the wall: of these, only what names those of the library.
        source = {**whole, "cells": [_believed(cell) for cell in cells]}
        return Assignment(path.stem, source, whole, "", tuple(graded_cells(source)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CourseError(
            f"{shown_name(path.name)} is no readable notebook: {type(error).__name__}: {error}. "
            "Hint: open it in JupyterLab and save it again, or begin from a fresh copy."
        ) from error


def _believed(cell: dict[str, Any]) -> dict[str, Any]:
    """Return a cell of a notebook that is its own source, without what could do something here."""
    rules = cell["metadata"].get("nbgrader", {})
    if type(rules.get("grade_id", "")) is not str:
        raise TypeError("a grade_id is no text")
    if cell["cell_type"] != "code" or rules.get("solution"):
        return cell
    kept = [
        ast.unparse(node)
        for node in _statements(cell["source"])
        if (_calls_a_check(node) if rules.get("grade") else _imports_checks(node))
    ]
    if rules.get("grade") and not kept:
        kept = [_OTHER]
    return {**cell, "source": "\n".join(kept)}


def _statements(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _imports_checks(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "toollab.checks" and not node.level


def _calls_a_check(node: ast.stmt) -> bool:
    """Tell whether this is `report = check.name(function)`, or `report`."""
    value = getattr(node, "value", None)
    if isinstance(node, ast.Expr) and isinstance(value, ast.Name):
        return True
    return (
        isinstance(node, ast.Assign)
        and isinstance(value, ast.Call)
        and not value.keywords
        and isinstance(value.func, ast.Attribute)
        and isinstance(value.func.value, ast.Name)
        and not value.func.attr.startswith("_")
        and all(isinstance(part, ast.Name) for part in (*value.args, *node.targets))
    )
