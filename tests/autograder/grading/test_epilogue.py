"""Cells after the last check are left out only where nobody can tell the difference."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from autograder.grading.jobs import Blueprint
from autograder.grading.workers import Attempt, local
from tests.conftest import ROOT
from tests.proofs.corpus import COURSE

NAMES = sorted({exercise.notebook for exercise in COURSE.exercises})


def _cell(name: str, source: str, **rules: object) -> dict[str, Any]:
    metadata = {"nbgrader": {"grade_id": name, **rules}} if rules else {}
    output = {"output_type": "execute_result", "data": {"text/plain": name}, "metadata": {}}
    return {
        "id": name,
        "cell_type": "code",
        "source": source,
        "metadata": metadata,
        "outputs": [output | {"execution_count": 77}],
        "execution_count": 77,
    }


SOURCE = {
    "cells": [
        _cell("set-up", "import math\nlimit = 3"),
        _cell("answer", "def double(x):\n    return 2 * x", solution=True, grade=False),
        _cell("try", "tried = double(limit)\ntried"),
        _cell("answer-check", "assert double(2) == 4", grade=True, solution=False, points=1),
        _cell("uses-answer", "double(4)"),
        _cell("uses-try", "tried + 1"),
        _cell("field", "story = math.sqrt(limit)\nstory"),
        _cell("loop", "await __import__('asyncio').sleep(0)\n[limit for _ in range(2)]"),
        _cell("quiz", "story"),
    ]
}


def _left_out(change: Callable[[list[dict[str, Any]]], object] = len) -> list[str]:
    """Return the ids of cells that need not run in a learner's copy that was changed so."""
    learner = copy.deepcopy(SOURCE)
    learner["cells"][1]["source"] = "def double(x):\n    return x + x"
    change(learner["cells"])
    return [learner["cells"][place]["id"] for place in Blueprint(SOURCE).epilogue(learner)]


def test_the_course_s_own_end_is_left_out() -> None:
    """What stands behind the last cell that uses an answer, directly or not, need not run."""
    assert _left_out() == ["field", "loop", "quiz"]


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("def double(x):\n    return x\nlimit = 4", []),
        ("def double(x):\n    return x\nstory = 4", ["field", "loop", "quiz"]),
        ("def double(x):\n    return x\nmath = None", []),
        ("from math import *", []),
        ("this is no Python", []),
        ("%%javascript\nlimit", []),
        ("import math", []),
        ("", ["uses-answer", "uses-try", "field", "loop", "quiz"]),
    ],
)
def test_names_that_an_answer_binds_have_to_run(source: str, left: list[str]) -> None:
    """A cell that uses a name of the learner's runs, and so does all before it.

    A name that the course binds anew is the course's.
    """
    found = _left_out(lambda cells: cells[1].update(source=source))
    # `story` is bound anew, by the course's own cell, which uses nothing of the learner's.
    assert found == left


@pytest.mark.parametrize("place", [4, 6, 9])
def test_a_cell_of_the_learner_s_own_runs(place: int) -> None:
    """Nothing is left out in front of a cell that a learner added."""
    found = _left_out(lambda cells: cells.insert(place, _cell("mine", "print(limit)")))
    assert found == ([] if place == 9 else ["field", "loop", "quiz"])


def test_a_changed_cell_runs() -> None:
    """A course's cell with another text is the learner's."""
    assert _left_out(lambda cells: cells[7].update(source="limit")) == ["quiz"]


def test_without_a_check_everything_runs() -> None:
    """A notebook whose checks are gone is run whole."""
    assert _left_out(lambda cells: cells.pop(3)) == []


def test_stored_outputs_get_the_number_of_the_cell() -> None:
    """What is shown is the source's, under the number that the cell has in this notebook."""
    shown = Blueprint(SOURCE).epilogue(SOURCE)
    assert {place: outputs[0]["execution_count"] for place, outputs in shown.items()} == {
        6: 7,
        7: 8,
        8: 9,
    }
    assert SOURCE["cells"][6]["outputs"][0]["execution_count"] == 77


@pytest.mark.needs("bwrap")
def test_what_is_left_out_is_shown() -> None:
    """A submission's executed notebook has outputs in every cell that shows something."""
    with local(1):
        attempt = Attempt(json.dumps(SOURCE).encode(), ())
        trial = attempt("lamp", copy.deepcopy(SOURCE))
    texts = {
        SOURCE["cells"][place]["id"]: outputs[0]["data"]["text/plain"]
        for place, outputs in trial.outputs.items()
        if outputs
    }
    assert texts == {
        "try": "6",
        "uses-answer": "8",
        "uses-try": "7",
        "field": "field",
        "loop": "loop",
        "quiz": "quiz",
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_notebook_ends_with_its_own_words(name: str) -> None:
    """In each notebook of the course at least the quiz need not run."""
    source = json.loads((COURSE.solutions / name / f"{name}.ipynb").read_text("utf-8"))
    learner = json.loads((ROOT / "course" / name / f"{name}.ipynb").read_text("utf-8"))
    left = Blueprint(source).epilogue(learner)
    assert learner["cells"][max(left)]["id"] == "quiz"
