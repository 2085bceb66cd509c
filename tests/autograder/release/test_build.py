"""The learner's notebook as a pure function of its source."""

from __future__ import annotations

import ast
import copy
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import IncludeHeaderFooter, InstantiateTests, SaveCells

from autograder.errors import CourseError
from autograder.release.build import STEPS, learner_notebook, nbgrader_config
from autograder.release.course import Course, read, to_bytes


def solution(source: str):
    """Return a notebook with one solution cell."""
    about = {"grade": False, "grade_id": "x", "locked": False, "schema_version": 3}
    meta = {"nbgrader": about | {"solution": True, "task": False}}
    return new_notebook(cells=[new_code_cell(source, id="x", metadata=meta)])


@pytest.mark.parametrize("path", [None, "/usr/bin"])
def test_reading_the_settings_changes_no_environment(monkeypatch, path: str | None):
    """What the file sets for nbgrader's commands does not reach who only reads it."""
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    monkeypatch.delenv("PATH") if path is None else monkeypatch.setenv("PATH", path)
    before = dict(os.environ)
    nbgrader_config.cache_clear()
    assert nbgrader_config()["CourseDirectory"]
    assert dict(os.environ) == before


def test_steps_are_those_of_nbgrader():
    """We run nbgrader's own steps in its order, but for a gradebook, a header and a kernel."""
    left_out = (IncludeHeaderFooter, InstantiateTests, SaveCells)
    theirs = GenerateAssignment.preprocessors.default_args[0]
    assert [step for step in theirs if step not in left_out] == list(STEPS)


@pytest.mark.parametrize("name", ["01-shouting", "02-counting"])
def test_pure(course: Course, name: str):
    """The same source gives the same bytes, and is left as it was."""
    source = read(course.source(name))
    before = copy.deepcopy(source)
    assert to_bytes(learner_notebook(source)) == to_bytes(learner_notebook(source))
    assert source == before


@pytest.mark.parametrize("name", ["01-shouting", "02-counting"])
def test_nothing_is_given_away(course: Course, name: str):
    """A learner's notebook holds no solution, no hidden test and no output."""
    notebook = learner_notebook(read(course.source(name)))
    text = to_bytes(notebook).decode()
    assert "SOLUTION" not in text
    assert "HIDDEN" not in text
    assert "straße" not in text
    assert "mississippi" not in text
    assert all(not cell.get("outputs") for cell in notebook.cells)


def test_cells_are_locked(course: Course):
    """Cards and checks can neither be edited nor deleted, answers can be edited."""
    cells = {cell.id: cell for cell in learner_notebook(read(course.source("02-counting"))).cells}
    for name, editable in (("most-card", False), ("most-check", False), ("most", True)):
        assert cells[name].metadata.get("editable", True) is editable
        assert cells[name].metadata.deletable is False


@given(depth=st.integers(1, 6), width=st.sampled_from(["  ", "    ", "\t"]))
def test_stub_takes_the_indentation_of_the_solution(depth: int, width: str):
    """However deep a solution stands, its stub is valid Python that fails when it is called."""
    heads = [f"{width * level}def level_{level}():" for level in range(depth)]
    inside = width * depth
    region = ["### BEGIN SOLUTION", "return 1", "### END SOLUTION"]
    source = "\n".join([*heads, *(inside + line for line in region)])
    stub = learner_notebook(solution(source)).cells[0].source
    assert stub.split("\n")[depth:] == [
        f"{inside}# YOUR CODE HERE",
        f"{inside}raise NotImplementedError",
    ]
    ast.parse(stub)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("### BEGIN SOLUTION\n1", "no end solution statement found"),
        ("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION", "nested begin solution"),
        ("### BEGIN HIDDEN TESTS\n1", "No end hidden tests statement found"),
    ],
)
def test_refused_source(source: str, complaint: str):
    """A source that nbgrader refuses is an error that says why."""
    notebook = solution(source)
    notebook.cells[0].metadata.nbgrader |= {"solution": "SOLUTION" in source, "grade": False}
    with pytest.raises(CourseError, match=f"(?i){complaint}.*Hint: "):
        learner_notebook(notebook)
