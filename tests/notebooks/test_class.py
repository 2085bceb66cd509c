"""A class hands in a real notebook; stock nbgrader and our own grading give what the checks say.

Every learner takes one answer of the proof corpus for each exercise: right ones in several
styles, wrong ones, stubs.  The points they must get are those the checks award directly.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config.loader import PyFileConfigLoader

from autograder.grading.course import grade_class
from autograder.grading.engine import Classroom
from autograder.grading.workers import local
from autograder.release.course import Course
from tests.proofs.corpus import COURSE, Exercise
from tests.proofs.judge import judge

NAME = "03-parallel-execution"
NOISE = "import sys, warnings\nwarnings.warn('noise')\nprint('noise', file=sys.stderr)\n"


def submissions(
    exercises: Sequence[Exercise], sample: Callable[[Sequence[Any], int], list[Any]]
) -> dict[str, list[str]]:
    """Return for each learner the answers to the exercises, in order."""
    right = [[answer.source for answer in sample(e.right, 2)] for e in exercises]
    wrong = [[answer.source for answer in sample(e.wrong, 2)] for e in exercises]
    solved = [e.solution for e in exercises]
    styles = {f"style {n}": [row[n % len(row)] for row in right] for n in range(2)}
    faults = {f"fault {n}": [row[n % len(row)] for row in wrong] for n in range(2)}
    return {
        "solution": solved,
        "untouched": [e.stub for e in exercises],
        "noisy": [NOISE + answer for answer in solved],
        "half": [*solved[:1], *(e.stub for e in exercises[1:])],
        **styles,
        **faults,
    }


@pytest.mark.needs("bwrap")
def test_class(course: Course, tmp_path: Path, monkeypatch, sample):
    """Stock nbgrader, our own grading and the checks alone give each learner the same points."""
    exercises = [exercise for exercise in COURSE.exercises if exercise.notebook == NAME]
    shutil.copytree(course.source(NAME).parent, tmp_path / "solutions" / NAME)
    for name in ("PATH", "PYTHONSAFEPATH"):  # the configuration sets them; put them back
        monkeypatch.setenv(name, "/usr/bin")
    monkeypatch.chdir(tmp_path)
    home = str(course.root / "autograder")
    config = PyFileConfigLoader("nbgrader_config.py", home).load_config()
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    assert api.generate_assignment(NAME)["success"]
    released = tmp_path / "course" / NAME / f"{NAME}.ipynb"
    assert released.read_bytes() == course.learner(NAME).read_bytes()
    wanted, got = {}, {}
    for student, answers in submissions(exercises, sample).items():
        notebook = nbformat.read(released, as_version=4)
        cells = {cell.id: cell for cell in notebook.cells}
        for exercise, answer in zip(exercises, answers, strict=True):
            cells[exercise.id].source = answer
        folder = tmp_path / "classroom" / "submitted" / student / NAME
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / released.name)
        said = api.autograde(NAME, student)
        assert said["success"], said
        with Gradebook(config.CourseDirectory.db_url) as gradebook:
            grades = gradebook.find_submission_notebook(NAME, NAME, student).grades
            scores = {grade.name: grade.auto_score for grade in grades}
        got[student] = [scores[f"{exercise.id}-check"] for exercise in exercises]
        wanted[student] = [
            judge(exercise, answer).earned
            for exercise, answer in zip(exercises, answers, strict=True)
        ]
    assert got == wanted
    url = f"sqlite:///{tmp_path / 'ours.db'}"
    with local(4) as workers:
        run = grade_class(tmp_path, [NAME], Classroom(tmp_path / "classroom"), url, workers)
    ours = {
        result.student: [exercise.earned for exercise in result.exercises if exercise.checks]
        for result in run.results
    }
    assert ours == wanted
    full = [exercise.points for exercise in exercises]
    assert wanted["solution"] == wanted["noisy"] == wanted["style 1"] == full
    assert wanted["untouched"] == [0] * len(full)
    assert all(sum(wanted[f"fault {n}"]) < sum(full) for n in range(2))
