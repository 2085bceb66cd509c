"""Laws that hold for every notebook of the course.

A law that takes `notebook` is tried on each source notebook there is.
"""

from __future__ import annotations

import os
import subprocess
import sys

from autograder.release import publish, refresh
from autograder.release.course import Course
from autograder.release.lint import lint
from tests.notebooks.conftest import NAMES


def test_there_are_notebooks():
    """The laws are about something: the course has notebooks, and no two share a number."""
    numbers = [name.split("-")[0] for name in NAMES]
    assert numbers, "solutions/ holds no notebook, so no law was tried."
    assert len(numbers) == len(set(numbers))


def test_tables_are_current(course: Course):
    """The course tables say what the notebooks say, and every released folder has a source."""
    assert list(publish.check(course, ())) == []


def test_released_is_what_the_source_generates(course: Course, notebook: str):
    """Generating the learner's folder gives the very bytes that lie in course/."""
    about_it = f"course/{notebook}/"
    assert [line for line in publish.check(course, [notebook]) if line.startswith(about_it)] == []


def test_gate_is_passed(course: Course, notebook: str):
    """The notebook keeps every rule of the gate; its untouched stub runs and earns nothing."""
    assert list(lint(course, notebook)) == []


def test_stored_outputs_are_those_of_a_run(course: Course, notebook: str):
    """A run from top to bottom, offline, gives the stored bytes."""
    assert refresh.check(course, notebook) is None


def test_nbval_finds_outputs_equal(course: Course):
    """nbval, strict, finds every stored output equal to the one it gets."""
    command = [sys.executable, "-m", "pytest", "-p", "nbval.plugin", "--nbval", "-q"]
    paths = [str(course.source(name)) for name in NAMES]
    environment = {key: value for key, value in os.environ.items() if not key.endswith("_API_KEY")}
    done = subprocess.run(
        [*command, *paths],
        cwd=course.root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
