"""A copy of the minicourse that a test may change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.release.course import Course

MINICOURSE = Path(__file__).resolve().parents[1] / "minicourse"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a course of its own, released and executed."""
    shutil.copytree(MINICOURSE, tmp_path / "minicourse")
    return Course(tmp_path / "minicourse")
