"""Points are read off a check cell's report, and nbgrader reads the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode, from_dict
from nbgrader.utils import determine_grade

from autograder.grading.stock.settle import settle
from autograder.grading.stock.verdict import REPORT, verdict

POSSIBLE = 4.0


def check_cell(*outputs: dict) -> NotebookNode:
    """Return an executed check cell worth four points."""
    about = {"grade": True, "solution": False, "locked": True, "points": POSSIBLE}
    return from_dict(
        {
            "cell_type": "code",
            "execution_count": 1,
            "metadata": {"nbgrader": about | {"grade_id": "x-check", "schema_version": 3}},
            "outputs": list(outputs),
            "source": "report",
        }
    )


def stream(text: str, name: str = "stderr") -> dict:
    """Return what was written to a stream."""
    return {"output_type": "stream", "name": name, "text": text}


def error(name: str, value: str = "") -> dict:
    """Return what an exception leaves behind."""
    lines = ["Cell In[9], line 3", "hidden_test(12345)", f"{name}: {value}"]
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": lines}


def value(data: dict) -> dict:
    """Return the value of a cell."""
    return {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}


def report(earned: object, plain: str = "4") -> dict:
    """Return a report as a check cell shows it."""
    return value({"text/plain": plain, REPORT: {"earned": earned, "possible": POSSIBLE}})


@pytest.mark.parametrize(
    ("outputs", "points"),
    [
        ([report(3)], 3),
        ([report(2.5, plain="a broken formatter")], 2.5),
        ([report(0)], 0),
        ([value({"text/plain": "1.5"})], 1.5),
        ([value({"text/plain": "4"})], 4),
        ([stream("DeprecationWarning"), report(4)], 4),
        ([report(4), stream("Task was destroyed but it is pending")], 4),
    ],
)
def test_points(outputs: list[dict], points: float):
    """A report, or a plain number, is worth what it says; stderr costs nothing."""
    cell = check_cell(*outputs)
    judged = verdict(cell, POSSIBLE)
    assert (judged.points, judged.reason) == (points, "")
    settle(cell)
    assert determine_grade(cell) == (points, POSSIBLE)


@pytest.mark.parametrize(
    ("outputs", "reason"),
    [
        ([], "showed no result"),
        ([stream("4 points!", "stdout")], "showed no result"),
        ([{"output_type": "display_data", "data": {"text/plain": "4"}}], "showed no result"),
        ([report(-1)], "no number of points from 0 to 4"),
        ([report(4.01)], "no number of points from 0 to 4"),
        ([report(float("nan"))], "no number of points from 0 to 4"),
        ([report(None)], "no number of points from 0 to 4"),
        ([report(earned=True)], "no number of points from 0 to 4"),
        ([report([4])], "no number of points from 0 to 4"),
        ([value({"text/plain": "'well done'"})], "no number of points from 0 to 4"),
        ([value({"text/plain": "inf"})], "no number of points from 0 to 4"),
        ([value({"text/html": "4"})], "no number of points from 0 to 4"),
        ([report(4), error("ValueError", "late")], "stopped with ValueError: late"),
        ([error("KeyboardInterrupt"), error("CellTimeoutError")], "did not come back in time"),
    ],
)
def test_nothing_earned(outputs: list[dict], reason: str):
    """Silence, errors and odd values earn 0 with a sentence that says so and what to do."""
    cell = check_cell(*outputs)
    judged = verdict(cell, POSSIBLE)
    assert judged.points == 0
    assert reason in judged.reason
    assert "Hint: " in judged.reason
    settle(cell)
    assert determine_grade(cell) == (0, POSSIBLE)


def test_reason_is_shown():
    """A check without a valid result shows the reason in the place of its value."""
    cell = check_cell(stream("noise"), value({"text/plain": "'well done'"}))
    settle(cell)
    assert [output.output_type for output in cell.outputs] == ["stream", "execute_result"]
    assert "earned nothing" in cell.outputs[1].data["text/html"]


def test_long_errors_are_cut():
    """An error's text is cut to one line of some length."""
    judged = verdict(check_cell(error("E", "x" * 9_999 + "\nsecond")), POSSIBLE)
    assert len(judged.reason) < 600
    assert "second" not in judged.reason


TEXT = st.text(max_size=5)
JUNK = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
OUTPUTS = st.lists(
    st.builds(stream, TEXT, st.sampled_from(["stdout", "stderr"]))
    | st.builds(error, st.sampled_from(["ValueError", "CellTimeoutError"]), TEXT)
    | st.builds(report, JUNK, TEXT)
    | st.builds(lambda plain: value({"text/plain": plain}), TEXT | st.floats().map(str)),
    max_size=4,
)


@given(OUTPUTS)
def test_nbgrader_reads_the_verdict(outputs: list[dict]):
    """Whatever a cell shows, nbgrader then gives the points of the verdict, from 0 to all."""
    cell = check_cell(*outputs)
    judged = verdict(cell, POSSIBLE)
    settle(cell)
    assert 0 <= judged.points <= POSSIBLE
    assert determine_grade(cell) == (judged.points, POSSIBLE)


@given(OUTPUTS, TEXT)
def test_stderr_decides_nothing(outputs: list[dict], text: str):
    """Writing to stderr, before or after anything else, changes no grade."""
    plain = verdict(check_cell(*outputs), POSSIBLE)
    assert verdict(check_cell(stream(text), *outputs, stream(text)), POSSIBLE) == plain
