"""The course table: one line a notebook, computed from the notebooks themselves."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder.errors import CourseError
from autograder.release.course import Course, read

__all__ = ("BEGIN", "END", "Row", "row", "table", "with_table")

BEGIN = "<!-- course table: generated -->"
END = "<!-- course table: end -->"


@dataclass(frozen=True, slots=True)
class Row:
    """What the table says about one notebook."""

    name: str
    title: str
    minutes: int
    exercises: int
    points: float


def row(name: str, notebook: NotebookNode) -> Row:
    """Read one line of the table off a source notebook.

    The title is its first heading, minutes stand in its metadata, exercises and points are
    counted.  Raises `CourseError` if title or minutes are missing.
    """
    lines = (
        line
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
    )
    title = next((line[2:].strip() for line in lines if line.startswith("# ")), None)
    if title is None:
        raise CourseError(
            f"solutions/{name}/{name}.ipynb has no title."
            " Hint: begin its first cell with a line such as '# Parallel execution'."
        )
    minutes = notebook.metadata.get("toollab", {}).get("minutes")
    if not isinstance(minutes, int):
        raise CourseError(
            f"solutions/{name}/{name}.ipynb does not say how many minutes it takes."
            ' Hint: put "toollab": {"minutes": 60} into the notebook\'s metadata.'
        )
    cards = [cell for cell in notebook.cells if "exercise" in cell.metadata.get("toollab", {})]
    graded = [
        cell.metadata.nbgrader
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    ]
    return Row(name, title, minutes, len(cards), sum(cell.get("points", 0) for cell in graded))


def table(rows: Sequence[Row], prefix: str) -> str:
    """Return the table as Markdown; `prefix` leads from the file to the learner's folder."""
    lines = [
        "| | Notebook | Minutes | Exercises | Points |",
        "|---|---|--:|--:|--:|",
    ]
    for entry in rows:
        number = entry.name.split("-", 1)[0]
        link = posixpath.join(prefix, entry.name, f"{entry.name}.ipynb")
        lines.append(
            f"| {number} | [{entry.title}]({link}) | {entry.minutes} | {entry.exercises}"
            f" | {entry.points:g} |"
        )
    lines.append(
        f"| | Together | {sum(r.minutes for r in rows)} | {sum(r.exercises for r in rows)}"
        f" | {sum(r.points for r in rows):g} |"
    )
    return "\n".join(lines)


def with_table(course: Course, path: Path) -> bytes:
    """Return the bytes of one file with today's course table between its markers.

    Raises `CourseError` if the file or a marker is missing.
    """
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise CourseError(
            f"{course.shown(path)} has no place for the course table."
            f" Hint: put the lines {BEGIN} and {END} where it shall stand."
        )
    rows = [row(name, read(course.source(name))) for name in course.names()]
    prefix = course.released.relative_to(path.parent).as_posix()
    return f"{before}{BEGIN}\n{table(rows, prefix)}\n{END}{after}".encode()
