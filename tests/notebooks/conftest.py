"""The real course, and every source notebook in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.release.course import Course

COURSE = Course(Path(__file__).resolve().parents[2])
NAMES = COURSE.names() if COURSE.solutions.is_dir() else ()


@pytest.fixture
def course() -> Course:
    """Return the real course.  Tests only read it."""
    return COURSE


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a law once for each source notebook."""
    if "notebook" in metafunc.fixturenames:
        metafunc.parametrize("notebook", NAMES)
