"""Read the cells of any notebook file, however it was damaged, without trusting it.

Outputs are never built in memory: a hundred megabytes of them cost a scan, no more.  Nor is
anything else before its size is known: a few bytes of JSON can stand for a hundred of memory, and
whoever reads is the one process that grades everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

__all__ = ("Cell", "Unreadable", "read_cells")

_MOST_CELLS = 5_000
_LONGEST_SOURCE = 1_000_000
_LONGEST_NOTEBOOK = 16_000_000
_MOST_OBJECTS = 300_000  # of a whole file, outputs included
_MOST_LINES = 100_000  # of a cell
_LONGEST_NAME = 1_000
_LONGEST_ODDITY = 100_000  # bytes of what should be a text, or a few names, and may be anything
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


class _Metadata(msgspec.Struct):
    nbgrader: msgspec.Raw = msgspec.Raw(b"null")
    tags: msgspec.Raw = msgspec.Raw(b"null")


class _Raw(msgspec.Struct):
    cell_type: msgspec.Raw = msgspec.Raw(b'"code"')
    id: msgspec.Raw = msgspec.Raw(b'""')
    source: msgspec.Raw = msgspec.Raw(b'""')
    input: msgspec.Raw = msgspec.Raw(b"null")  # what a code cell's text was called in format 3
    metadata: msgspec.Raw = msgspec.Raw(b"{}")

    @property
    def text(self) -> msgspec.Raw:
        """What the cell says."""
        return self.source if bytes(self.input) == b"null" else self.input


class _Sheet(msgspec.Struct):
    cells: list[_Raw] = []


class _File(msgspec.Struct):
    nbformat: msgspec.Raw = msgspec.Raw(b"4")
    cells: list[_Raw] | None = None
    worksheets: list[_Sheet] | None = None


_parts = msgspec.json.Decoder(list[str])
_metadata = msgspec.json.Decoder(_Metadata)
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
    if text.count(b"{") > _MOST_OBJECTS:
        raise Unreadable(
            f"The file has more than {_MOST_OBJECTS:,} parts. "
            "Clear its outputs and hand it in again."
        )
    try:
        return _read(_decoder.decode(text), notes)
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


def _read(file: _File, notes: list[str]) -> tuple[list[Cell], list[str]]:
    cells = _cells_of(file, notes)
    if len(cells) > _MOST_CELLS:
        raise Unreadable(f"The notebook has {len(cells):,} cells; {_MOST_CELLS:,} are the most.")
    too_long = Unreadable(f"The cells have more than {_LONGEST_NOTEBOOK:,} characters together.")
    # Of the bytes of a character, JSON makes twelve at most, and of most of them one.
    if sum(memoryview(cell.text).nbytes for cell in cells) > 4 * _LONGEST_NOTEBOOK:
        raise too_long
    read = [_cell(raw_cell) for raw_cell in cells]
    if sum(len(cell.source) for cell in read) > _LONGEST_NOTEBOOK:
        raise too_long
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
    version = _value(file.nbformat, _LONGEST_NAME)
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
    try:
        metadata = _metadata.decode(raw.metadata)
    except msgspec.ValidationError:
        metadata = _Metadata()
    nbgrader = _value(metadata.nbgrader, _LONGEST_ODDITY)
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    tags = _value(metadata.tags, _LONGEST_ODDITY)
    known = _value(raw.id, _LONGEST_NAME)
    cell_id = known if type(known) is str else ""
    kind = _value(raw.cell_type, _LONGEST_NAME)
    return Cell(
        cell_type=kind if kind in ("code", "markdown", "raw") else "raw",
        source=_text(raw.text),
        # A cell whose nbgrader metadata was stripped still has its own id, which is the same.
        grade_id=grade_id if type(grade_id) is str and grade_id else cell_id,
        cell_id=cell_id,
        tags=frozenset(tag if isinstance(tag, str) else "?" for tag in tags)
        if isinstance(tags, list)
        else frozenset(),
    )


def _value(raw: msgspec.Raw, longest: int) -> Any:
    """Return a value that is not longer than that; `None` for one that is."""
    return msgspec.json.decode(raw) if memoryview(raw).nbytes <= longest else None


def _text(raw: msgspec.Raw) -> str:
    """Return a cell's text: one, or a list of parts, of which only texts count."""
    source: Any
    if bytes(memoryview(raw)[:1]) == b"[":
        if bytes(raw).count(b'"') > 2 * _MOST_LINES:
            raise Unreadable(f"A cell has more than {_MOST_LINES:,} lines.")
        try:
            source = "".join(_parts.decode(raw))
        except msgspec.ValidationError:
            parts = _value(raw, _LONGEST_ODDITY) or ()
            source = "".join(part for part in parts if isinstance(part, str))
    elif bytes(memoryview(raw)[:1]) == b'"':
        source = msgspec.json.decode(raw)
    else:
        return ""
    # A lone surrogate is legal JSON but cannot be written anywhere.
    return str(source).encode("utf-8", "replace").decode()[:_LONGEST_SOURCE]
