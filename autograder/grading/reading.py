"""Read the cells of any notebook file, however it was damaged, without trusting it.

Outputs are never built in memory: a hundred megabytes of them cost a scan, no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

__all__ = ("Cell", "Unreadable", "read_cells")

_MOST_CELLS = 5_000
_LONGEST_SOURCE = 1_000_000
_LONGEST_NOTEBOOK = 16_000_000
_OLDEST, _NEWEST = 3, 4


class Unreadable(Exception):  # noqa: N818 - its text is the reason told to the learner
    """A submission cannot be graded; the text says why, in plain words."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it was handed in: nothing in it is trusted but its text.

    `grade_id` is nbgrader's name for it, `cell_id` the cell's own id; both can be empty.
    """

    cell_type: str
    source: str
    grade_id: str
    cell_id: str
    tags: frozenset[str]


class _Raw(msgspec.Struct):
    cell_type: Any = "code"
    id: Any = ""
    source: Any = ""
    input: Any = None  # what a code cell's text was called in format 3
    metadata: Any = None


class _Sheet(msgspec.Struct):
    cells: list[_Raw] = []


class _File(msgspec.Struct):
    nbformat: Any = 4
    cells: list[_Raw] | None = None
    worksheets: list[_Sheet] | None = None


_decoder = msgspec.json.Decoder(_File)


def read_cells(raw: bytes) -> tuple[list[Cell], list[str]]:
    """Return the cells in the bytes of a notebook, and notes on what was unusual.

    Raises `Unreadable` with a sentence for the learner.
    """
    notes: list[str] = []
    text, told = _as_utf8(raw)
    notes += told
    if not text.strip():
        raise Unreadable("The file is empty.")
    try:
        file = _decoder.decode(text)
    except msgspec.ValidationError as error:
        raise Unreadable(f"The file is no notebook: {error}.") from error
    except msgspec.DecodeError as error:
        raise Unreadable(
            f"The file is not valid JSON: {error}. It may have been cut off or merged by hand."
        ) from error
    except UnicodeDecodeError as error:
        raise Unreadable("The file is not UTF-8 text.") from error
    except RecursionError as error:
        raise Unreadable("The file is nested far deeper than any notebook.") from error
    cells = _cells_of(file, notes)
    if len(cells) > _MOST_CELLS:
        raise Unreadable(f"The notebook has {len(cells):,} cells; {_MOST_CELLS:,} are the most.")
    read = [_cell(raw_cell) for raw_cell in cells]
    if sum(len(cell.source) for cell in read) > _LONGEST_NOTEBOOK:
        raise Unreadable(f"The cells have more than {_LONGEST_NOTEBOOK:,} characters together.")
    return read, notes


def _as_utf8(raw: bytes) -> tuple[bytes, list[str]]:
    if raw.startswith(b"\xef\xbb\xbf"):
        return raw[3:], []
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return raw.decode("utf-16").encode(), ["The file was UTF-16; it was read as such."]
        except UnicodeError as error:
            raise Unreadable("The file is neither UTF-8 nor whole UTF-16.") from error
    return raw, []


def _cells_of(file: _File, notes: list[str]) -> list[_Raw]:
    version = file.nbformat
    if type(version) is not int or version < _OLDEST:
        raise Unreadable(f"The notebook's format ({str(version)[:20]}) is unknown.")
    if version != _NEWEST:
        notes.append(f"The notebook is of format {version}; it was read as format {_NEWEST}.")
    if file.cells is not None:
        return file.cells
    if file.worksheets is not None:
        return [cell for sheet in file.worksheets for cell in sheet.cells]
    raise Unreadable("The notebook has no cells.")


def _cell(raw: _Raw) -> Cell:
    metadata = raw.metadata if isinstance(raw.metadata, dict) else {}
    nbgrader = metadata.get("nbgrader")
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    tags = metadata.get("tags")
    cell_id = raw.id if type(raw.id) is str else ""
    return Cell(
        cell_type=raw.cell_type if raw.cell_type in ("code", "markdown", "raw") else "raw",
        source=_text(raw.input if raw.input is not None else raw.source),
        # A cell whose nbgrader metadata was stripped still has its own id, which is the same.
        grade_id=grade_id if type(grade_id) is str and grade_id else cell_id,
        cell_id=cell_id,
        tags=frozenset(tag if isinstance(tag, str) else "?" for tag in tags)
        if isinstance(tags, list)
        else frozenset(),
    )


def _text(source: Any) -> str:
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return ""
    # A lone surrogate is legal JSON but cannot be written anywhere.
    return source.encode("utf-8", "replace").decode()[:_LONGEST_SOURCE]
