"""Submissions get back what they were handed out with."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.grading.stock.rebuild import Known, rebuild


def known(name: str, **facts: Any) -> Known:
    """Return what the gradebook knows about one cell."""
    facts = {
        "cell_type": "code",
        "source": name,
        "shown": name,
        "locked": False,
        "grade": False,
        "solution": False,
        "task": False,
        "points": 0.0,
        "checksum": None,
    } | facts
    return Known(name=name, **facts)


KNOWN = {
    cell.name: cell
    for cell in (
        known("x-card", cell_type="markdown", locked=True),
        known("x", solution=True),
        known(
            "x-check",
            source="visible\nhidden",
            shown="visible",
            locked=True,
            grade=True,
            points=3.0,
        ),
        known(
            "why",
            cell_type="markdown",
            source="YOUR ANSWER HERE",
            solution=True,
            grade=True,
            points=2.0,
        ),
    )
}


def submission() -> NotebookNode:
    """Return an honest submission."""
    cells = []
    for each in KNOWN.values():
        make = new_code_cell if each.cell_type == "code" else new_markdown_cell
        source = "answer" if each.solution else each.shown
        cells.append(make(source, id=each.name, metadata={"nbgrader": each.metadata()}))
    cells.insert(2, new_code_cell("hints()", id="x-hints"))
    return new_notebook(cells=cells)


def rebuilt(notebook: NotebookNode) -> tuple[list[tuple[str, str]], list[str]]:
    """Rebuild; return `(grade_id or "", source)` of every cell, and which cells were edited."""
    edited: list[str] = []
    rebuild(notebook, KNOWN, edited.append)
    about = [cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in notebook.cells]
    return list(zip(about, [cell.source for cell in notebook.cells], strict=True)), edited


HONEST = [
    ("x-card", "x-card"),
    ("x", "answer"),
    ("", "hints()"),
    ("x-check", "visible\nhidden"),
    ("why", "answer"),
]


def place(notebook: NotebookNode, name: str) -> int:
    """Return the position of the cell with this id."""
    return [cell.id for cell in notebook.cells].index(name)


def test_honest_work_is_left_alone():
    """An honest submission gets its hidden tests back, and nothing is said about it."""
    assert rebuilt(submission()) == (HONEST, [])


def strip(notebook: NotebookNode) -> None:
    """Lose all metadata."""
    for cell in notebook.cells:
        cell.metadata = NotebookNode()


def lie(notebook: NotebookNode) -> None:
    """Claim other points, kinds and versions."""
    for cell in notebook.cells:
        claimed = {"points": 99, "grade": False, "schema_version": 1}
        name = cell.metadata.get("nbgrader", {}).get("grade_id") if cell.id in KNOWN else None
        cell.metadata["nbgrader"] = claimed | ({"grade_id": name} if name else {})


def tag(notebook: NotebookNode) -> None:
    """Ask for cells not to be run."""
    for cell in notebook.cells:
        cell.metadata["tags"] = ["skip-execution"]


def paste_above(notebook: NotebookNode) -> None:
    """Paste a copy of a check above everything, as JupyterLab does it: with metadata, a new id."""
    pasted = copy.deepcopy(notebook.cells[place(notebook, "x-check")])
    pasted["id"] = "pasted"
    notebook.cells.insert(0, pasted)


def odd(notebook: NotebookNode) -> None:
    """Bring grading metadata of one's own, some of it no metadata at all."""
    notebook.cells[2].metadata["nbgrader"] = {"grade_id": "mine", "grade": True, "points": 9}
    notebook.cells.append(new_code_cell("mine", id="y", metadata={"nbgrader": 5}))
    notebook.cells.append(new_code_cell("mine", id="z", metadata={"nbgrader": {"grade_id": []}}))


@pytest.mark.parametrize("harm", [strip, lie, tag])
def test_metadata_is_restored(harm):
    """Lost, changed and added metadata comes back as it was handed out."""
    notebook = submission()
    harm(notebook)
    assert rebuilt(notebook) == (HONEST, [])
    cells = {cell.id: cell.metadata for cell in notebook.cells}
    assert cells["x-check"]["nbgrader"] == KNOWN["x-check"].metadata()
    assert all("tags" not in metadata for metadata in cells.values())


def test_copies_are_ordinary_cells():
    """Of two cells that claim to be one check, the one that was handed out is it."""
    notebook = submission()
    paste_above(notebook)
    assert rebuilt(notebook) == ([("", "visible"), *HONEST], [])


def test_first_copy_counts_when_none_is_the_original():
    """Where all ids were renewed, the first of the claimants is the check."""
    notebook = submission()
    paste_above(notebook)
    notebook.cells[-2]["id"] = "renewed"
    assert [name for name, _ in rebuilt(notebook)[0]] == ["x-check", "x-card", "x", "", "", "why"]


def test_own_grading_metadata_is_dropped():
    """Nobody makes cells of their own count."""
    notebook = submission()
    odd(notebook)
    assert rebuilt(notebook)[0] == [*HONEST, ("", "mine"), ("", "mine")]


@pytest.mark.parametrize("gone", [["x-check"], ["x-check", "x-hints"], ["x-check", "x", "x-hints"]])
def test_missing_check_is_put_back_behind_its_exercise(gone: list[str]):
    """A deleted check comes back, with a note, where the rest of its exercise stands."""
    notebook = submission()
    notebook.cells = [cell for cell in notebook.cells if cell.id not in gone]
    cells, edited = rebuilt(notebook)
    names = [name for name, _ in cells]
    at = names.index("x-check")
    assert cells[at] == ("x-check", "visible\nhidden")
    assert cells[at - 1][1].startswith("*The cell `x-check` was missing")
    assert names[at + 1] == "why"
    assert edited == []


def test_everything_missing_is_put_back():
    """From an empty notebook every cell that earns points comes back, and only those."""
    names = [name for name, _ in rebuilt(new_notebook())[0]]
    assert [name for name in names if name] == ["why", "x-check"]


def test_edited_locked_cells_are_named():
    """A locked cell that was changed gets its text back and is named."""
    notebook = submission()
    notebook.cells[place(notebook, "x-check")].source = "3"
    assert rebuilt(notebook) == (HONEST, ["x-check"])


HARMS = st.lists(st.sampled_from([strip, lie, tag, paste_above, odd]), unique=True, max_size=5)


@given(harms=HARMS, gone=st.sets(st.sampled_from(list(KNOWN))), order=st.randoms())
def test_every_point_can_be_earned_once(harms, gone, order):
    """However a notebook was harmed, each cell that earns points is there exactly once."""
    notebook = submission()
    for harm in harms:
        harm(notebook)
    notebook.cells = [cell for cell in notebook.cells if cell.id not in gone]
    order.shuffle(notebook.cells)
    rebuild(notebook, KNOWN, lambda _: None)
    metas = [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]
    names = [meta.grade_id for meta in metas]
    assert len(names) == len(set(names))
    assert {"x-check", "why"} <= set(names) <= set(KNOWN)
    assert sum(meta.get("points", 0) for meta in metas) == 5
