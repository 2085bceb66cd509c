"""A teacher's own checks, written in the notebook, under `grade` and `doctor`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from autograder.grading.jobs import Blueprint
from autograder.grading.vetting import Vetting
from autograder.release.course import Course
from tests.classroom import Class
from tests.walled import REPORT, answer, code, shared_grader
from tests.walled import test as check_cell

pytestmark = pytest.mark.needs("bwrap")

NAME = "02-counting"
TYPED = "\nimport inspect\nassert inspect.getsource(most), 'its text'"


def rewrite(path: Path, **sources: str) -> None:
    """Write other text into some cells of a notebook."""
    notebook = json.loads(path.read_text("utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = sources.get(cell["id"].replace("-", "_"), "".join(cell["source"]))
    path.write_text(json.dumps(notebook), "utf-8")


@pytest.fixture
def counting(course: Course) -> Class:
    """Return the minicourse, whose exercises are all made in its own cells, with a class.

    One of its checks looks at the text of the learner's function, which no check can see.
    """
    for path in (course.source(NAME), course.learner(NAME)):
        rewrite(path, most_check=f"report = check.most(most){TYPED}\nreport")
    return Class(course.root)


def hand_in(room: Class, student: str, **answers: str) -> Path:
    """Hand in the notebook with these answers."""
    path = room.room.submitted / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    shutil.copy(room.root / "course" / NAME / f"{NAME}.ipynb", path)
    rewrite(path, **answers)
    return path


RIGHT = "def count_all(text):\n    return {c: text.count(c) for c in text}"
WRONG = "def count_all(text):\n    return dict.fromkeys(text, 1)"
MOST = "def most(text):\n    return max(text, key=text.count)"


def test_grade_judges_what_it_can_and_says_what_it_cannot(counting: Class) -> None:
    """Right and wrong are told apart by name; what fails the solution, too, fails nobody."""
    hand_in(counting, "ann", count_all=RIGHT, most=MOST)
    hand_in(counting, "bo", count_all=WRONG)
    done = counting.command("grade", "--json")
    assert done.returncode == 3, done.stderr
    found = {
        (submission["student"], exercise["grade_id"]): exercise
        for submission in json.loads(done.stdout)["submissions"]
        for exercise in submission["exercises"]
    }
    assert found["ann", "count-all-check"]["earned"] == 2
    wrong = found["bo", "count-all-check"]
    assert (wrong["earned"], wrong["outcome"]) == (0, "failed")
    assert [check["mistake"] for check in wrong["checks"]] == ["once"]
    for student in ("ann", "bo"):
        unfit = found[student, "most-check"]
        assert (unfit["earned"], unfit["outcome"]) == (None, "could not judge")
        assert "does not pass the course's own solution here" in unfit["reason"]
        assert "Hint: " in unfit["reason"]


def test_doctor_says_the_same(counting: Class) -> None:
    """With the sources at hand the reason is told; with the notebook alone, its own checks run."""
    path = hand_in(counting, "ann", count_all=RIGHT, most=MOST)
    done = counting.command("doctor", str(path))
    assert "does not pass the course's own solution here" in done.stdout + done.stderr
    shutil.rmtree(counting.root / "solutions")
    done = counting.command("doctor", str(path))
    assert "own solution" not in done.stdout + done.stderr


def blueprint(check: str, *, library: bool = False) -> tuple[dict[str, Any], Blueprint]:
    """Return a source with one check of four points, and its blueprint."""
    cells = [
        code("set-up", "from toollab.checks import parallel as kit" if library else "kit = 1"),
        answer("f", "def f(x):\n    return 2 * x"),
        check_cell("f-check", check, 4),
    ]
    source = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return source, Blueprint(source)


@pytest.mark.parametrize(
    ("check", "library", "answers", "reasons", "runs"),
    [
        ("assert f(1) == 2", False, ["return 9", "return 2 * x"], ["", ""], 1),
        ("assert f(1) == 3", False, ["return 3", "return 2", "return 1"], ["", "AE", "AE"], 1),
        ("f(1) == 3", False, ["return 2"], ["the last line is False"], 1),
        ("assert f(1) == 2", False, ["raise NotImplementedError"], [""], 0),
        ("assert kit and f(1) == 3", True, ["return 2"], [""], 0),
    ],
)
def test_the_solution_is_asked_only_when_somebody_loses_points(
    check: str, library: bool, answers: list[str], reasons: list[str], runs: int
) -> None:
    """It is run once for all, never for a check from the library, and nobody loses by a bad one."""
    source, plan = blueprint(check, library=library)
    asked: list[int] = []
    vetting = Vetting()

    def run() -> Any:
        asked.append(1)
        return shared_grader().grade(plan.job(source))

    for body, reason in zip(answers, reasons, strict=True):
        handed = json.loads(json.dumps(source))
        handed["cells"][1]["source"] = f"def f(x):\n    {body}"
        seen = shared_grader().grade(plan.job(handed))
        verdict = vetting.vetted("key", plan.checks, seen, run)["f-check"]
        assert (verdict.bundle is None) == bool(reason)
        assert reason.replace("AE", "AssertionError") in verdict.reason
        if not reason and verdict.bundle is not None:
            assert verdict.bundle[REPORT] == seen.verdicts["f-check"].bundle[REPORT]
    assert len(asked) == runs


def test_a_solution_that_cannot_be_run_is_tried_again() -> None:
    """Three times; until then, and after, nobody fails by a check of which nothing is known."""
    source, plan = blueprint("assert f(1) == 2")
    handed = json.loads(json.dumps(source))
    handed["cells"][1]["source"] = "def f(x):\n    return 7"
    seen = shared_grader().grade(plan.job(handed))
    asked: list[int] = []

    def run() -> Any:
        asked.append(1)
        bad = shared_grader().grade(plan.job(source))
        bad.verdicts = {name: type(v)(None, "It died.") for name, v in bad.verdicts.items()}
        return bad

    vetting = Vetting()
    for _ in range(3):
        verdict = vetting.vetted("key", plan.checks, seen, run)["f-check"]
        assert verdict.bundle is None
        assert "could not be run: It died. Hint: " in verdict.reason
    assert len(asked) == 3


def test_results_carry_the_reason(counting: Class) -> None:
    """The page of a learner whose check could not be judged says why, and what to do."""
    hand_in(counting, "ann", count_all=RIGHT, most=MOST)
    counting.command("grade", "--feedback")
    (page,) = counting.room.feedback.glob("ann/*/*.html")
    assert "does not pass the course&#39;s own solution here" in page.read_text("utf-8")


def test_what_a_function_prints_can_be_checked() -> None:
    """It is written here before the function's value is."""
    check = """
    import contextlib, io
    with contextlib.redirect_stdout(io.StringIO()) as said:
        assert f(1) == 2
    assert said.getvalue() == "1\\n"
    """
    source, plan = blueprint(check)
    source["cells"][1]["source"] = "def f(x):\n    print(x)\n    return 2 * x"
    verdict = shared_grader().grade(plan.job(source)).verdicts["f-check"]
    assert verdict.bundle is not None
    assert verdict.bundle[REPORT]["earned"] == 4
