"""Files that cost whoever reads them more than they are: a few bytes that stand for many."""

from __future__ import annotations

import os
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest

from autograder.grading.intake import take_in
from autograder.grading.plan import plan
from autograder.grading.reading import Unreadable, read_cells

RELEASED = {"cells": [{"cell_type": "code", "id": "x", "metadata": {}, "source": "1"}]}
MIB = 1 << 20
UNITS = {"lists": b"[]", "objects": b"{}", "texts": b'"a"', "numbers": b"1.5"}
FIELDS = {
    "source": b'[{"cell_type":"code","id":"x","source":[%b]}]',
    "input": b'[{"cell_type":"code","id":"x","input":[%b]}]',
    "metadata": b'[{"cell_type":"code","id":"x","source":"1","metadata":[%b]}]',
    "nbgrader": b'[{"id":"x","source":"1","metadata":{"nbgrader":{"grade_id":[%b]}}}]',
    "tags": b'[{"id":"x","source":"1","metadata":{"tags":[%b]}}]',
    "id": b'[{"cell_type":"code","id":[%b],"source":"1"}]',
    "cell_type": b'[{"cell_type":[%b],"id":"x","source":"1"}]',
    "outputs": b'[{"cell_type":"code","id":"x","source":"1","outputs":[%b]}]',
    "cells": b"[%b]",
}


def costs(raw: bytes) -> int:
    """Return how many bytes of memory it takes to read a notebook, at its worst."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        with suppress(Unreadable):
            read_cells(raw)
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("field", FIELDS)
def test_a_notebook_takes_no_more_memory_than_its_file(field: str, unit: str) -> None:
    """Whatever stands where a text should, nothing large is built of it."""
    many = b",".join([UNITS[unit]] * (4 * MIB // 3))
    raw = b'{"nbformat":4,"cells":' + FIELDS[field] % many + b"}"
    assert costs(raw) < 5 * len(raw)


@pytest.mark.parametrize("worksheets", [b'[{"cells":[]}', b"[]", b"{}"])
def test_so_does_one_of_an_old_format(worksheets: bytes) -> None:
    """Nor of its sheets, or of a format that is a list."""
    many = b",".join([worksheets] * (2 * MIB // len(worksheets)))
    for raw in (b'{"nbformat":3,"worksheets":[%b]}', b'{"nbformat":[%b],"cells":[]}'):
        assert costs(raw % many) < 5 * len(raw % many)


def test_a_time_of_handing_in_that_is_larger_than_any_memory(tmp_path: Path) -> None:
    """Only its beginning is read, and what it says is told."""
    folder = tmp_path / "submitted" / "ann" / "01-lamp"
    folder.mkdir(parents=True)
    stamp = folder / "timestamp.txt"
    stamp.touch()
    os.truncate(stamp, 1 << 42)  # it takes no room on the disk
    (job,) = plan(tmp_path / "submitted", "01-lamp")
    assert job.handed_in is None
    assert job.notes == (
        "The time of handing in (timestamp.txt) could not be read; none was recorded.",
    )


def test_a_folder_of_hundreds_of_notebooks(tmp_path: Path) -> None:
    """None of them is looked into: it is not clear which is meant, and a few are named."""
    for number in range(300):
        path = tmp_path / f"{number}.ipynb"
        path.touch()
        os.truncate(path, 1 << 27)
    intake = take_in(tmp_path, "01-lamp", RELEASED)
    assert intake.state == "quarantined"
    (reason,) = intake.notes
    assert "it is not clear which file is meant" in reason
    assert reason.endswith("and 280 more.")
    assert len(reason) < 1_000


def test_a_notebook_that_is_larger_than_any_memory(tmp_path: Path) -> None:
    """It is not even opened."""
    path = tmp_path / "01-lamp.ipynb"
    path.touch()
    os.truncate(path, 1 << 42)
    intake = take_in(tmp_path, "01-lamp", RELEASED)
    assert "more than 256 are not read" in intake.notes[0]
