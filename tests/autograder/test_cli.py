"""The command line: it parses, calls, prints, and its status tells."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.autograder.conftest import MINICOURSE


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m autograder` with these arguments."""
    line = [sys.executable, "-m", "autograder", *arguments]
    return subprocess.run(line, capture_output=True, text=True, check=False)


def test_help_lists_every_command():
    """Help names each command with one line."""
    done = command("--help")
    assert done.returncode == 0
    for name in ("release", "refresh", "lint"):
        assert f"\n  {name} " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("release", "--check"), "Released as it should be: 01-shouting, 02-counting.\n"),
        (("release", "02"), ""),
        (("refresh", "02", "--check"), "A run gives what is stored: 02-counting.\n"),
        (
            ("lint", "01", "--no-run"),
            "01-shouting: shows real time in waited\nEvery rule is kept: 01-shouting.\n",
        ),
    ],
)
def test_good_course(arguments: tuple[str, ...], said: str):
    """On a good course each command says so and leaves with status 0."""
    done = command(*arguments, "--root", str(MINICOURSE))
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")


def test_problems_go_to_stderr(course):
    """What is to be mended is listed on stderr, counted, and the status is 1."""
    course.learner("01-shouting").unlink()
    course.learner("02-counting").unlink()
    done = command("release", "--check", "--root", str(course.root))
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("course/01-shouting/01-shouting.ipynb: The file is missing.")
    assert lines[-1] == "2 to mend."
    again = command("release", "--root", str(course.root))
    assert again.returncode == 0
    assert again.stdout.splitlines() == [
        "written: course/01-shouting/01-shouting.ipynb",
        "written: course/02-counting/02-counting.ipynb",
    ]


def test_a_failing_notebook_does_not_stop_the_next(course):
    """Refreshing goes on after a notebook that fails, and leaves with status 1."""
    path = course.source("01-shouting")
    path.write_bytes(path.read_bytes().replace(b"1 / 0", b"oh no"))
    path.write_bytes(path.read_bytes().replace(b"raises-exception", b"nbval-ignore-output"))
    done = command("refresh", "--root", str(course.root))
    assert done.returncode == 1
    assert done.stdout == "unchanged: solutions/02-counting/02-counting.ipynb\n"
    assert "01-shouting.ipynb: raises: The cell raised SyntaxError" in done.stderr


def test_an_error_is_one_sentence():
    """What stops a command is one sentence with a hint, without a traceback."""
    done = command("release", "07", "--root", str(MINICOURSE))
    assert done.returncode == 1
    assert done.stderr == (
        "No notebook is called '07'. Hint: the notebooks are 01-shouting, 02-counting.\n"
    )
