"""Courses that a test may change: a copy of the minicourse, and a small one with a class."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.release.course import Course
from tests.classroom import Class, write_course

MINICOURSE = Path(__file__).resolve().parents[1] / "minicourse"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a course of its own, released and executed."""
    shutil.copytree(MINICOURSE, tmp_path / "minicourse")
    return Course(tmp_path / "minicourse")


@pytest.fixture(scope="session")
def lamps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small course with an empty gradebook; nobody changes it."""
    root = tmp_path_factory.mktemp("lamps")
    write_course(root)
    return root


@pytest.fixture
def room(lamps: Path, tmp_path: Path) -> Class:
    """Return that course with a class of its own."""
    return Class.of(lamps, tmp_path / "lamps")
