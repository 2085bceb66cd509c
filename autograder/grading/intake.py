"""Take in what a learner handed over: read it, mend it, or say why it cannot be graded.

Only the learner's own cells count.  Everything else (the text of locked cells, points, types,
metadata, order) comes from the released notebook.  What was done is told in plain words, to
the learner and to the teacher.  Nothing here runs anything.
"""

from __future__ import annotations

import ast
import copy
import stat
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from autograder.grading.reading import Cell, Unreadable, read_cells
from autograder.plain import shown_name

__all__ = ("Intake", "mend", "take_in", "take_in_file")

LARGEST = 256 * 1024 * 1024
"""Bytes of a notebook file beyond which it is not even read."""
_MOST_SHOWN = 20
_LONGEST_PARSED = 50_000

State = Literal["accepted", "mended", "quarantined", "missing"]


@dataclass(frozen=True, slots=True)
class Intake:
    """One submission, ready to be graded, or the reason why not.

    `notebook` has the released notebook's cells in their order, filled with the learner's
    answers, with the learner's own extra cells after the cell they followed.  It is `None`
    unless the state is `accepted` or `mended`.  `notes` say what was done.  `untouched` names
    the answer cells that still say what was handed out.
    """

    state: State
    notebook: dict[str, Any] | None
    notes: tuple[str, ...] = ()
    untouched: frozenset[str] = frozenset()


def take_in(
    folder: Path, name: str, released: dict[str, Any], files: Collection[str] = ()
) -> Intake:
    """Take in the notebook `name` from a learner's folder.

    `released` is the learner's notebook as it was handed out, and `files` are the paths of what
    was handed out beside it.  Never raises because of what the folder holds.
    """
    try:
        path, notes = _find(folder, name, released)
        intake = take_in_file(path, released)
        extra = _strangers(folder, path, files)
    except Unreadable as reason:
        return Intake("quarantined", None, (str(reason),))
    except FileNotFoundError:
        return Intake("missing", None, (f"Nothing was handed in for {name}.",))
    except OSError as error:
        return Intake("quarantined", None, (f"The folder cannot be read: {error.strerror}.",))
    if extra:
        notes = [*notes, f"Files beside the notebook were left out: {', '.join(extra)}."]
    if not notes:
        return intake
    state: State = "mended" if intake.state == "accepted" else intake.state
    return replace(intake, state=state, notes=(*notes, *intake.notes))


def take_in_file(path: Path, released: dict[str, Any]) -> Intake:
    """Take in one file, whatever it is called.  Raises `FileNotFoundError` if there is none."""
    try:
        raw = _read(path)
    except Unreadable as reason:
        return Intake("quarantined", None, (str(reason),))
    return mend(raw, released)


def mend(raw: bytes, released: dict[str, Any]) -> Intake:
    """Fill the released notebook with the answers found in `raw`, the bytes of a submission."""
    try:
        handed, notes = read_cells(raw)
    except Unreadable as reason:
        return Intake("quarantined", None, (str(reason),))
    answers = {_grade_id(cell) for cell in released["cells"] if _grade_id(cell)}
    if not any(cell.grade_id in answers for cell in handed):
        return Intake(
            "quarantined",
            None,
            (*notes, "None of its cells belong to this notebook. Was another one handed in?"),
        )
    found, extras, told = _sort_out(handed, released["cells"])
    notes += told
    cells = list(extras.get("", ()))
    for cell in released["cells"]:
        filled, told = _fill(cell, found.get(_name(cell), []))
        notes += told
        cells += [filled, *extras.get(_name(cell), ())]
    notes += _moved(found, handed, released["cells"])
    notebook = {
        "cells": cells,
        "metadata": copy.deepcopy(released.get("metadata", {})),
        "nbformat": released.get("nbformat", 4),
        "nbformat_minor": released.get("nbformat_minor", 5),
    }
    untouched = frozenset(
        _name(cell)
        for cell in released["cells"]
        if cell.get("metadata", {}).get("nbgrader", {}).get("solution")
        and _same(cell, notebook["cells"])
    )
    told = list(dict.fromkeys(notes))
    return Intake("mended" if told else "accepted", notebook, tuple(told), untouched)


def _same(cell: dict[str, Any], cells: Sequence[dict[str, Any]]) -> bool:
    answer = next(c for c in cells if _name(c) == _name(cell))
    return _source(answer).split() == _source(cell).split()


# -- files ------------------------------------------------------------------------------------


def _find(folder: Path, name: str, released: dict[str, Any]) -> tuple[Path, list[str]]:
    """Return the notebook's file; one with another name is taken if only it can be meant."""
    wanted = folder / f"{name}.ipynb"
    if folder.is_symlink():
        raise Unreadable("The folder handed in is a link elsewhere. Links are not followed.")
    if wanted.is_symlink() or wanted.exists():
        return wanted, []
    if not folder.is_dir():
        raise FileNotFoundError(folder)
    others = sorted(p for p in folder.iterdir() if p.suffix == ".ipynb")
    # Looking into a file costs time, and nobody means one of hundreds.
    few = others if len(others) <= _MOST_SHOWN else []
    fitting = [path for path in few if _fits(path, released)]
    if len(fitting) == 1:
        told = f"The file was called {shown_name(fitting[0].name)}; it was taken for {name}.ipynb."
        return fitting[0], [told]
    if not others:
        raise FileNotFoundError(wanted)
    names = ", ".join(_shown(path.name for path in others))
    raise Unreadable(f"There is no {name}.ipynb, and it is not clear which file is meant: {names}.")


def _fits(path: Path, released: dict[str, Any]) -> bool:
    try:
        handed, _ = read_cells(_read(path))
    except (Unreadable, FileNotFoundError):
        return False
    answers = {_grade_id(cell) for cell in released["cells"]} - {""}
    return any(cell.grade_id in answers for cell in handed)


def _read(path: Path) -> bytes:
    info = path.lstat()
    if stat.S_ISLNK(info.st_mode):
        raise Unreadable(
            f"{shown_name(path.name)} is a link to another file. Links are not followed."
        )
    if not stat.S_ISREG(info.st_mode):
        raise Unreadable(f"{shown_name(path.name)} is not a regular file.")
    if info.st_size > LARGEST:
        raise Unreadable(
            f"{shown_name(path.name)} has {info.st_size // 2**20} MiB; more than "
            f"{LARGEST // 2**20} are not read. Clear its outputs and hand it in again."
        )
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{shown_name(path.name)} cannot be read: {error.strerror}.") from error


def _strangers(folder: Path, notebook: Path, files: Collection[str]) -> list[str]:
    """Return the names of files that nobody handed out; at most the first few."""
    harmless = {notebook.name, "timestamp.txt", ".ipynb_checkpoints"}
    harmless |= {name.split("/", 1)[0] for name in files}
    return _shown(sorted(path.name for path in folder.iterdir() if path.name not in harmless))


def _shown(names: Iterable[str]) -> list[str]:
    """Return names as they can be told; at most the first few, and how many more there are."""
    names = list(names)
    shown = [shown_name(name) for name in names[:_MOST_SHOWN]]
    if len(names) > len(shown):
        shown.append(f"and {len(names) - len(shown):,} more")
    return shown


# -- cells ------------------------------------------------------------------------------------


def _sort_out(
    handed: Sequence[Cell], released: Sequence[dict[str, Any]]
) -> tuple[dict[str, list[Cell]], dict[str, list[dict[str, Any]]], list[str]]:
    """Split the cells into the course's (by name) and the learner's own (by the one before)."""
    names = {_name(cell) for cell in released}
    tags = {_name(cell): set(cell.get("metadata", {}).get("tags") or ()) for cell in released}
    by_text = {_source(cell): _name(cell) for cell in released}
    found: dict[str, list[Cell]] = {}
    extras: dict[str, list[dict[str, Any]]] = {}
    notes: list[str] = []
    after, own = "", 0
    for cell in handed:
        name = next((n for n in (cell.grade_id, cell.cell_id) if n in names), None)
        # An old format has no ids: a cell that still says what was handed out is that cell.
        name = name or by_text.get(cell.source)
        if name is not None:
            after = name
            found.setdefault(name, []).append(cell)
            if cell.tags - tags[name]:
                notes.append(f"The tags of cell {name} were dropped.")
        elif cell.source.strip():
            own += 1
            extras.setdefault(after, []).append(_own_cell(cell, own))
    return found, extras, notes


def _fill(cell: dict[str, Any], found: Sequence[Cell]) -> tuple[dict[str, Any], list[str]]:
    """Return a released cell with the learner's text where the learner may write."""
    filled = copy.deepcopy(cell)
    if cell["cell_type"] == "code":
        filled["outputs"], filled["execution_count"] = [], None
    rules = cell.get("metadata", {}).get("nbgrader", {})
    if rules.get("solution"):
        source, notes = _answer(cell, found)
        if source is not None:
            filled["source"] = source
        return filled, notes
    if rules.get("locked"):
        return filled, []
    if found and cell["cell_type"] == "code" and found[0].cell_type == "code":
        filled["source"] = found[0].source  # a worked cell that the learner may have tried out
    return filled, []


def _answer(cell: dict[str, Any], found: Sequence[Cell]) -> tuple[str | None, list[str]]:
    """Return the learner's text for one answer cell, and what had to be done to get it."""
    name = _name(cell)
    if not found:
        return None, [f"Cell {name} was missing; it was put back as it was handed out."]
    notes = []
    # Of two copies the first counts; but who copied a cell may have answered in the copy.
    blank = _source(cell).split()
    first = next((part for part in found if part.source.split() != blank), found[0])
    source = first.source
    if len(found) > 1:
        joined = "\n".join(part.source for part in found)
        if cell["cell_type"] == "code" and not _parses(source) and _parses(joined):
            source = joined
            notes.append(f"Cell {name} had been split in {len(found)}; it was joined again.")
        else:
            which = "one" if first is found[0] else "one with an answer"
            notes.append(f"Cell {name} was there {len(found)} times; the first {which} counts.")
    if found[0].cell_type != cell["cell_type"]:
        notes.append(
            f"Cell {name} had become a {found[0].cell_type} cell; "
            f"it is a {cell['cell_type']} cell again."
        )
    return source, notes


def _moved(
    found: dict[str, list[Cell]], handed: Sequence[Cell], released: Sequence[dict[str, Any]]
) -> list[str]:
    place = {id(cell): number for number, cell in enumerate(handed)}
    places = [place[id(found[n][0])] for n in map(_name, released) if n in found]
    return [] if places == sorted(places) else ["Cells had been moved; they are in order again."]


def _own_cell(cell: Cell, number: int) -> dict[str, Any]:
    own: dict[str, Any] = {
        "cell_type": cell.cell_type,
        "id": f"own-{number}",
        "metadata": {},
        "source": cell.source,
    }
    return own | ({"outputs": [], "execution_count": None} if cell.cell_type == "code" else {})


def _parses(source: str) -> bool:
    if len(source) > _LONGEST_PARSED:
        return False  # a tree takes a thousand times its text, here, outside of the wall
    try:
        compile(source, "<cell>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _grade_id(cell: dict[str, Any]) -> str:
    return str(cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", ""))


def _name(cell: dict[str, Any]) -> str:
    return _grade_id(cell) or str(cell.get("id", ""))


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)
