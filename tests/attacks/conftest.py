"""Attacks share one grader."""

from __future__ import annotations

import pytest

from autograder.grading.grader import Grader
from tests.walled import shared_grader


@pytest.fixture(scope="session")
def grader() -> Grader:
    """Return the grader of this test run."""
    return shared_grader()
