"""The same class gets the same grades every time, also on a machine that has no time to spare."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from autograder.grading.course import Run, grade_class
from autograder.grading.engine import Classroom
from autograder.grading.workers import local
from tests.conftest import ROOT
from tests.proofs.corpus import COURSE


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
    notebook = "03-parallel-execution"
    room = Classroom(tmp_path / "classroom")
    hand_in(room, notebook, 20 if full else 4)
    with local() as workers:

        def again() -> dict[str, list[object]]:
            run = grade_class(ROOT, [notebook], room, room.gradebook, workers, again=True)
            assert (run.changes, run.whole) == ([], True)
            return verdicts(run)

        first = again()
        assert len({str(said) for said in first.values()}) > 1
        with no_time_to_spare():
            for number in range(20 if full else 1):
                assert again() == first, f"the run under load number {number + 1}"
