"""The house rules of these tests, tried on a small suite of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
SUITE = """
import os
import pytest
from hypothesis import settings

def test_profile():
    print("profile", settings.get_current_profile_name())

def test_sample(sample):
    print("sample", *sample(range(100), 3))

@pytest.mark.full
def test_only_full():
    print("only full")

@pytest.mark.needs("no-such-program")
def test_needs():
    print("never printed")

def test_leaks():
    os.environ["LEAK"] = "1"

def test_sees_no_leak():
    assert "LEAK" not in os.environ
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Return a folder with these tests' conftest and a small suite."""
    shutil.copy(HERE / "conftest.py", tmp_path)
    (tmp_path / "test_small.py").write_text(SUITE, encoding="utf-8")
    return tmp_path


def outcome(suite: Path, *options: str, ci: str = "") -> tuple[int, str]:
    """Run the small suite and return exit status and output."""
    config = ["-c", str(HERE.parent / "pyproject.toml"), f"--rootdir={suite}", "-s"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *config, *options, str(suite)],
        capture_output=True,
        text=True,
        check=False,
        cwd=suite,
        env={**os.environ, "CI": ci},
    )
    return done.returncode, done.stdout


def test_quick_run(suite: Path) -> None:
    """By default full tests are left out, a missing program skips and says how to get it."""
    status, said = outcome(suite)
    assert status == 0
    assert "4 passed, 1 skipped, 1 deselected" in said
    assert "no-such-program is not installed; on Debian: apt-get install" in said
    assert "profile dev" in said
    assert "never printed" not in said


def test_ci_run(suite: Path) -> None:
    """Under CI=true Hypothesis is repeatable and the test that was skipped has failed."""
    status, said = outcome(suite, ci="true")
    assert status == 1
    assert "4 passed, 1 deselected, 1 error" in said
    assert "Skipped under CI=true" in said
    assert "profile ci" in said


def test_full_run(suite: Path) -> None:
    """With --full, nothing is left out and samples are whole."""
    status, said = outcome(suite, "--full")
    assert status == 0
    assert "5 passed, 1 skipped" in said
    assert "only full" in said
    assert "profile full" in said
    assert f"sample {' '.join(map(str, range(100)))}\n" in said


def test_sample_is_the_same_each_time(suite: Path) -> None:
    """A sample holds as many cases as asked for, the same ones in every run."""
    drawn = {
        line
        for _ in range(2)
        for line in outcome(suite, "-k", "sample")[1].splitlines()
        if "sample " in line
    }
    assert len(drawn) == 1
    assert len(drawn.pop().split("sample ")[1].split()) == 3
