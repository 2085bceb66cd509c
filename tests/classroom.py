"""A small course with a class, for tests of what happens to a class as a whole.

Its checks are plain asserts, its cells take no time, and one question is marked by a person.
"""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sql

from autograder.grading.engine import Classroom
from autograder.grading.plan import load
from autograder.grading.register import ready

__all__ = ("HIDDEN", "NAME", "RIGHT", "Cells", "Class", "grades", "write_course")

NAME = "01-lamp"
HIDDEN = "hidden-5c1d"  # stands in every hidden test
Cells = list[dict[str, Any]]

_STUB = "# YOUR CODE HERE\nraise NotImplementedError"


def _cell(cell_id: str, kind: str, source: str, **rules: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"cell_type": kind, "id": cell_id, "metadata": {}, "source": source}
    if rules:
        made["metadata"]["nbgrader"] = {"grade_id": cell_id, "schema_version": 3, **rules}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def _cells(*, released: bool) -> Cells:
    card = {"locked": True, "solution": False, "grade": False}
    answer = {"locked": False, "solution": True, "grade": False}
    check = {"locked": True, "solution": False, "grade": True}

    def body(solution: str) -> str:
        whole = f"### BEGIN SOLUTION\n    {solution}\n    ### END SOLUTION"
        return _STUB.replace("\n", "\n    ") if released else whole

    def hidden(test: str) -> str:
        whole = f"\n### BEGIN HIDDEN TESTS\n{test}  # {HIDDEN}\n### END HIDDEN TESTS"
        return "" if released else whole

    why = "*YOUR ANSWER HERE*" if released else "Because of the current."
    return [
        _cell("set-up", "code", "import math"),
        _cell("on-card", "markdown", "## Switch on", **card),
        _cell("on", "code", f"def on():\n    {body('return 1')}", **answer),
        _cell(
            "on-check", "code", "assert on() >= 1" + hidden("assert on() == 1"), **check, points=2
        ),
        _cell("twice-card", "markdown", "## Twice as bright", **card),
        _cell("twice", "code", f"def twice(light):\n    {body('return 2 * light')}", **answer),
        _cell(
            "twice-check",
            "code",
            "assert twice(1) == 2" + hidden("assert twice(math.pi) == 2 * math.pi"),
            **check,
            points=3,
        ),
        _cell("why-card", "markdown", "## Why does it glow?", **card),
        _cell("why", "markdown", why, locked=False, solution=True, grade=True, points=1),
    ]


def _write(path: Path, cells: Cells) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook, indent=1), "utf-8")


def write_course(root: Path) -> None:
    """Write the course, and a gradebook that knows its notebook; nbgrader makes it: it is slow."""
    for folder, released in (("solutions", False), ("course", True)):
        _write(root / folder / NAME / f"{NAME}.ipynb", _cells(released=released))
    ready(Classroom(root / "classroom").gradebook, load(root, NAME), root)


RIGHT = {"on": "def on():\n    return 1", "twice": "def twice(light):\n    return light + light"}


@dataclass(frozen=True)
class Class:
    """A copy of the course in a folder of its own, and its class."""

    root: Path

    @classmethod
    def of(cls, template: Path, root: Path) -> Class:
        """Copy a course that `write_course` wrote."""
        shutil.copytree(template, root)
        return cls(root)

    @property
    def room(self) -> Classroom:
        """Where the class's files lie."""
        return Classroom(self.root / "classroom")

    def path(self, student: str) -> Path:
        """Return where a learner's notebook lies."""
        return self.room.submitted / student / NAME / f"{NAME}.ipynb"

    def hand_in(self, student: str, at: str = "", **answers: str) -> None:
        """Hand in a notebook; cells that are not named stay as they were handed out."""
        cells = copy.deepcopy(_cells(released=True))
        for cell in cells:
            cell["source"] = answers.get(cell["id"].replace("-", "_"), cell["source"])
        _write(self.path(student), cells)
        if at:
            self.path(student).with_name("timestamp.txt").write_text(at, "utf-8")

    def line(self, command: str, *arguments: str) -> list[str]:
        """Return the words of one of our commands on this course."""
        return [sys.executable, "-m", "autograder", command, "--root", str(self.root), *arguments]

    def command(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run `python -m autograder` on this course."""
        return subprocess.run(
            self.line(*arguments),
            capture_output=True,
            text=True,
            check=False,
            **options,
        )


def grades(url: str) -> dict[str, dict[str, Any]]:
    """Return every grade and comment in a gradebook by learner and cell, whatever their ids."""
    engine = sql.create_engine(url)
    found: dict[str, dict[str, Any]] = {}
    query = """
        select s.student_id, c.name, g.auto_score, g.manual_score, g.needs_manual_grade
        from grade g join base_cell c on c.id = g.cell_id
        join submitted_notebook n on n.id = g.notebook_id
        join submitted_assignment s on s.id = n.assignment_id
        """
    said = """
        select s.student_id, c.name, m.auto_comment, m.manual_comment
        from comment m join base_cell c on c.id = m.cell_id
        join submitted_notebook n on n.id = m.notebook_id
        join submitted_assignment s on s.id = n.assignment_id
        """
    with engine.connect() as connection:
        for student, cell, *row in connection.execute(sql.text(query)):
            place = found.setdefault(student, {})
            assert cell not in place, f"{student} has two grades for {cell}"
            place[cell] = (row[0], row[1], bool(row[2]))
        for student, cell, *row in connection.execute(sql.text(said)):
            place = found.setdefault(student, {})
            assert f"comment on {cell}" not in place, f"{student} has two comments on {cell}"
            place[f"comment on {cell}"] = tuple(row)
    engine.dispose()
    return found
