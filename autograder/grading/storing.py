"""Store executed notebooks where nbgrader's formgrader and feedback look for them."""

from __future__ import annotations

import copy
import html
import os
import re
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from autograder.grading.harmless import make_harmless
from autograder.grading.plan import Assignment
from autograder.grading.results import NotebookResult, walled

__all__ = ("store", "write_whole")


def store(
    result: NotebookResult,
    assignment: Assignment,
    autograded: Path,
    handed_in: datetime | None = None,
) -> Path:
    """Write the notebook of one result to `autograded/student/assignment/` and return its path.

    It begins with a cell that says what intake did and what could not be judged.  Beside it lie
    the files that were handed out, and the time of handing in (naive UTC), as nbgrader does it.
    """
    notebook = copy.deepcopy(result.cells or _blank(assignment))
    make_harmless(
        notebook,
        checks={cell.grade_id for cell in assignment.graded if not cell.manual},
        released={_text(cell) for cell in assignment.released["cells"]},
    )
    told = _told(result)
    if told:
        notebook["cells"].insert(0, told)
    path = autograded / result.student / result.assignment / f"{result.notebook}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, msgspec.json.format(msgspec.json.encode(notebook, order="sorted"), indent=1))
    beside = dict(assignment.files)
    stamp = path.with_name("timestamp.txt")
    if handed_in is not None:
        beside[stamp.name] = f"{handed_in:%Y-%m-%d %H:%M:%S.%f} UTC".encode()
    else:
        stamp.unlink(missing_ok=True)
    for name, content in beside.items():
        file = path.parent / name
        if not file.is_file() or file.read_bytes() != content:
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, content)
    return path


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file in one step: nobody ever sees half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _blank(assignment: Assignment) -> dict[str, Any]:
    """Return the notebook as it was handed out, for a submission that could not be read."""
    return copy.deepcopy(assignment.released)


def _text(cell: dict[str, Any]) -> str:
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def _inert(line: str) -> str:
    """Return a line in which Markdown finds nothing: it may hold the name of a learner's file."""
    return re.sub(r"([\\`*_\[\]#!|])", r"\\\1", html.escape(line, quote=False)).replace("\n", " ")


def _told(result: NotebookResult) -> dict[str, Any] | None:
    lines = [*result.notes, *([result.reason] if result.reason else [])]
    if not walled(result.jail):
        lines.append(f"Graded without a jail ({result.jail}).")
    if not lines:
        return None
    return {
        "cell_type": "markdown",
        "id": "intake-notes",
        "metadata": {},
        "source": "**About this submission**\n\n"
        + "\n".join(f"* {_inert(line)}" for line in lines),
    }
