"""Intake mends what it can, quarantines the rest, and never raises."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.grading.intake import mend, take_in

NAME = "01-lamp"


def released_cell(cell_id: str, source: str, kind: str = "code", **rules: Any) -> dict[str, Any]:
    """Make one released cell; `rules` become its nbgrader metadata."""
    cell: dict[str, Any] = {"cell_type": kind, "id": cell_id, "metadata": {}, "source": source}
    if rules:
        cell["metadata"]["nbgrader"] = {"grade_id": cell_id, "schema_version": 3, **rules}
    if kind == "code":
        cell |= {"outputs": [], "execution_count": None}
    return cell


RELEASED: dict[str, Any] = {
    "cells": [
        released_cell("title", "# A lamp", "markdown"),
        released_cell("set-up", "import math"),
        released_cell("on-card", "## Switch on", "markdown", locked=True, solution=False),
        released_cell("on", "def on():\n    raise NotImplementedError", solution=True, grade=False),
        released_cell("on-check", "check(on)", solution=False, grade=True, locked=True, points=2),
        released_cell("why", "YOUR ANSWER HERE", "markdown", solution=True, grade=True, points=1),
    ],
    "metadata": {"kernelspec": {"name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def handed(**answers: str) -> dict[str, Any]:
    """Make an honest submission."""
    notebook = copy.deepcopy(RELEASED)
    for cell in notebook["cells"]:
        cell["source"] = answers.get(cell["id"], cell["source"])
    return notebook


def raw(notebook: Any) -> bytes:
    """Return the bytes of a notebook file."""
    return json.dumps(notebook).encode()


def texts(intake: Any) -> dict[str, str]:
    """Return the text of each cell by its id."""
    return {cell["id"]: cell["source"] for cell in intake.notebook["cells"]}


def test_honest_work_is_accepted_as_it_is():
    """An untouched order and untouched metadata give no note."""
    intake = mend(raw(handed(on="def on(): return 1", why="Because.")), RELEASED)
    assert (intake.state, intake.notes) == ("accepted", ())
    assert texts(intake)["on"] == "def on(): return 1"
    assert texts(intake)["why"] == "Because."


def test_locked_text_points_and_types_come_from_the_released_notebook():
    """Whatever a submission says of a check cell is forgotten."""
    notebook = handed(on="def on(): return 1")
    check = notebook["cells"][4]
    check["source"], check["cell_type"] = "2", "raw"
    check["metadata"]["nbgrader"]["points"] = 99
    check["metadata"]["tags"] = ["skip-execution"]
    intake = mend(raw(notebook), RELEASED)
    assert intake.notebook is not None
    assert intake.notebook["cells"][4] == RELEASED["cells"][4]
    assert "The tags of cell on-check were dropped." in intake.notes


def test_a_learners_own_cell_stays_behind_the_cell_it_followed():
    """Helpers in new cells still come before the code that needs them."""
    notebook = handed(on="def on(): return helper()")
    own = {"cell_type": "code", "id": "zzz", "metadata": {}, "source": "def helper(): return 1"}
    notebook["cells"].insert(3, own)
    order = [c["source"] for c in mend(raw(notebook), RELEASED).notebook["cells"]]
    assert order.index(own["source"]) == order.index("def on(): return helper()") - 1


def test_a_duplicated_cell_counts_once():
    """The first of two cells with the same grade_id wins, and the learner is told."""
    notebook = handed(on="def on(): return 1")
    again = copy.deepcopy(notebook["cells"][3]) | {"source": "def on(): return 2"}
    notebook["cells"].insert(4, again)
    intake = mend(raw(notebook), RELEASED)
    assert texts(intake)["on"] == "def on(): return 1"
    assert intake.notes == ("Cell on was there 2 times; the first one counts.",)


def test_a_split_cell_is_joined():
    """Two halves that only make sense together are one answer."""
    notebook = handed(on="def on():\n    return (1 +")
    half = copy.deepcopy(notebook["cells"][3]) | {"source": "            1)"}
    notebook["cells"].insert(4, half)
    assert (
        texts(mend(raw(notebook), RELEASED))["on"] == "def on():\n    return (1 +\n            1)"
    )


def test_missing_moved_and_retyped_cells_are_put_right():
    """A deleted answer comes back as its stub, and the order is the released one."""
    notebook = handed(why="Because.")
    del notebook["cells"][3]
    notebook["cells"].reverse()
    notebook["cells"][0]["cell_type"] = "code"
    intake = mend(raw(notebook), RELEASED)
    assert [c["id"] for c in intake.notebook["cells"]] == [c["id"] for c in RELEASED["cells"]]
    assert texts(intake)["on"] == RELEASED["cells"][3]["source"]
    assert len(intake.notes) == 3


def test_cells_without_nbgrader_metadata_are_known_by_their_id():
    """An editor that strips metadata costs nothing."""
    notebook = handed(on="def on(): return 1")
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    assert mend(raw(notebook), RELEASED).state == "accepted"


def test_old_formats_are_read():
    """A notebook saved as format 3 keeps its answers."""
    cells = [
        {"cell_type": c["cell_type"], "metadata": c["metadata"], "input": c["source"]}
        for c in handed(on="def on(): return 1")["cells"]
    ]
    intake = mend(raw({"nbformat": 3, "worksheets": [{"cells": cells}]}), RELEASED)
    assert texts(intake)["on"] == "def on(): return 1"
    assert len(intake.notebook["cells"]) == len(RELEASED["cells"])


@pytest.mark.parametrize(
    ("damaged", "reason"),
    [
        (b"", "empty"),
        (b"\x80\x81\xff", "valid JSON"),
        (b'{"cells": [', "valid JSON"),
        (b'{"nbformat": 4, "cells": [{"source": "\xff"}]}', "UTF-8"),
        (b"[]", "no notebook"),
        (b'{"nbformat": 4}', "no cells"),
        (b'{"nbformat": "x", "cells": []}', "unknown"),
        (b'{"nbformat": 4, "cells": []}', "Another one"),
        (b'{"cells":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "n"),
        ("{}".encode("utf-16")[:-1], "UTF-16"),
    ],
)
def test_what_cannot_be_read_is_quarantined_with_a_reason(damaged: bytes, reason: str):
    """Broken files end in a recorded state with a sentence for the learner."""
    intake = mend(damaged, RELEASED)
    assert intake.state == "quarantined"
    assert reason.lower() in intake.notes[-1].lower()


def test_files_are_found_refused_or_missing(tmp_path: Path):
    """Links are refused, a renamed file is taken, extra files are named, nothing is missing."""
    assert take_in(tmp_path / "nobody", NAME, RELEASED).state == "missing"
    folder = tmp_path / "ann"
    folder.mkdir()
    assert take_in(folder, NAME, RELEASED).state == "missing"
    (folder / "final (2).ipynb").write_bytes(raw(handed()))
    (folder / "asyncio.py").write_text("raise SystemExit", "utf-8")
    intake = take_in(folder, NAME, RELEASED)
    assert intake.state == "mended"
    assert "final (2).ipynb" in intake.notes[0]
    assert "asyncio.py" in intake.notes[1]
    (folder / f"{NAME}.ipynb").symlink_to("/etc/passwd")
    assert take_in(folder, NAME, RELEASED).state == "quarantined"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.data())
def test_no_damage_raises(data: st.DataObject):
    """Any field of any cell can be replaced by any value, and bytes can be lost anywhere."""
    notebook = handed(on="def on(): return 1")
    for _ in range(data.draw(st.integers(1, 4))):
        cell = data.draw(st.sampled_from(notebook["cells"]))
        key = data.draw(st.sampled_from(["cell_type", "id", "metadata", "source", "nbgrader"]))
        place = cell["metadata"] if key == "nbgrader" and type(cell["metadata"]) is dict else cell
        place[key] = data.draw(json_values)
    content = raw(notebook)
    if data.draw(st.booleans()):
        cut = data.draw(st.integers(0, len(content)))
        content = content[:cut] + data.draw(st.binary(max_size=3)) + content[cut + 1 :]
    intake = mend(content, RELEASED)
    assert intake.state in {"accepted", "mended", "quarantined"}
    assert (intake.notebook is None) == (intake.state == "quarantined")
    assert intake.state == "accepted" or intake.notes
