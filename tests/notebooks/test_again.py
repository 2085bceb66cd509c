"""The same class gets the same grades every time, also on a machine that has no time to spare."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from autograder.grading.course import Run, grade_class
from autograder.grading.engine import Classroom
from autograder.grading.workers import local
from tests.autograder.grading.damage import damage
from tests.classroom import grades
from tests.conftest import ROOT
from tests.proofs.corpus import COURSE

NOTEBOOK = "03-parallel-execution"


@contextmanager
def no_time_to_spare() -> Iterator[None]:
    """Keep every core busy."""
    with ExitStack() as stack:
        for _ in range(len(os.sched_getaffinity(0))):
            busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            stack.enter_context(busy)
            stack.callback(busy.kill)
        yield


def hand_in(room: Classroom, notebook: str, students: int) -> None:
    """Let a class hand in answers of the proof corpus, right and wrong."""
    path = ROOT / "course" / notebook / f"{notebook}.ipynb"
    exercises = [exercise for exercise in COURSE.exercises if exercise.notebook == notebook]
    for number in range(students):
        chance = random.Random(number)  # noqa: S311 - a sample, not a secret
        answers = {
            e.id: chance.choice([e.solution, *(a.source for a in (*e.right, *e.wrong))])
            for e in exercises
        }
        learner = json.loads(path.read_text("utf-8"))
        for cell in learner["cells"]:
            cell["source"] = answers.get(cell["id"], cell["source"])
        target = room.submitted / f"s{number}" / notebook / f"{notebook}.ipynb"
        target.parent.mkdir(parents=True)
        target.write_text(json.dumps(learner), "utf-8")


def verdicts(run: Run) -> dict[str, list[object]]:
    """Return what was said of each learner, check by check, in words and points."""
    return {
        result.student: [
            (c.check, c.outcome, c.earned, c.saw, c.mistake)
            for exercise in result.exercises
            for c in exercise.checks
        ]
        for result in run.results
    }


@pytest.mark.needs("bwrap")
def test_the_same_verdicts_again_and_again(tmp_path: Path, full: bool):
    """Graded alone, and again under load, each check says the same, word for word."""
    room = Classroom(tmp_path / "classroom")
    hand_in(room, NOTEBOOK, 20 if full else 4)
    with local() as workers:

        def again() -> dict[str, list[object]]:
            run = grade_class(ROOT, [NOTEBOOK], room, room.gradebook, workers, again=True)
            assert (run.changes, run.whole) == ([], True)
            return verdicts(run)

        first = again()
        assert len({str(said) for said in first.values()}) > 1
        with no_time_to_spare():
            for number in range(20 if full else 1):
                assert again() == first, f"the run under load number {number + 1}"


_FORGED = """
from IPython.display import publish_display_data
from toollab.checks import REPORT_MIME
publish_display_data({"text/plain": "8", REPORT_MIME: {"earned": 8, "possible": 8}})
print("8 of 8 points")
"""
HOSTILE = {
    "dies": "import os\nos._exit(3)",
    "dies-later": "async def dispatch_all(calls, registry):\n    import os\n    os._exit(3)",
    "spins": "async def dispatch_all(calls, registry):\n    while True:\n        pass",
    "grows": "async def dispatch_all(calls, registry):\n    return bytearray(1 << 40)",
    "forks": "import os\nwhile True:\n    os.fork()",
    "forges": f"{_FORGED}\nasync def dispatch_all(calls, registry):\n    {{}}[0]",
    "patches": "import toollab.clock\ntoollab.clock.simulate = None\ndispatch_all = len",
    "equals": (
        "class Equal(list):\n    __eq__ = lambda *_: True\n    __hash__ = None\n"
        "async def dispatch_all(calls, registry):\n    return Equal()"
    ),
}


def trouble(room: Classroom, names: Sequence[str], damaged: int) -> None:
    """Let hostile learners hand in, whose other answers are right, and some damaged notebooks."""
    learner = json.loads((ROOT / "course" / NOTEBOOK / f"{NOTEBOOK}.ipynb").read_text("utf-8"))
    right = {e.id: e.solution for e in COURSE.exercises if e.notebook == NOTEBOOK}
    for cell in learner["cells"]:
        cell["source"] = right.get(cell["id"], cell["source"])
    work = {f"damaged{seed}": damage(learner, seed)[0] for seed in range(damaged)}
    for name in names:
        for cell in learner["cells"]:
            if cell["id"] == "dispatch-all":
                cell["source"] = HOSTILE[name]
        work[name] = json.dumps(learner).encode()
    for student, content in work.items():
        target = room.submitted / student / NOTEBOOK / f"{NOTEBOOK}.ipynb"
        target.parent.mkdir(parents=True)
        target.write_bytes(content)


@pytest.mark.needs("bwrap")
def test_a_class_in_which_some_do_harm_gets_equal_grades(tmp_path: Path, full: bool):
    """Honest, wrong, damaged and hostile work is graded in one run, the same under load."""
    room = Classroom(tmp_path / "classroom")
    hand_in(room, NOTEBOOK, 10 if full else 2)
    names = list(HOSTILE) if full else ["dies", "forges", "equals"]
    trouble(room, names, 20 if full else 4)
    with local() as workers:

        def again() -> tuple[dict[str, dict[str, tuple[object, ...]]], dict[str, float]]:
            run = grade_class(ROOT, [NOTEBOOK], room, room.gradebook, workers, again=True)
            return grades(room.gradebook), {r.student: r.earned for r in run.results}

        first, earned = again()
        assert {name: earned[name] for name in names} == dict.fromkeys(names, 16.0)
        with no_time_to_spare():
            for number in range(20 if full else 1):
                assert again() == (first, earned), f"the run under load number {number + 1}"
