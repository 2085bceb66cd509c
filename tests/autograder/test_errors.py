"""What the user can mend is told in a sentence and a hint; our own mistakes keep a traceback."""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import pytest
from sqlalchemy.exc import ArgumentError
from traitlets import TraitError

from autograder.errors import CourseError, explain
from tests.classroom import RIGHT, Class
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (CourseError("As it is."), "As it is."),
        (OSError(errno.EACCES, "Permission denied", "/grades"), "Permission denied: /grades. Hint"),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device. Hint: free"),
        (ModuleNotFoundError("No module", name="MySQLdb"), "This Python has no module MySQLdb."),
        (ArgumentError("Could not parse."), "The gradebook cannot be used: Could not parse. Hint"),
        (TraitError("no such plug-in"), "nbgrader_config.py has a setting that cannot be: no such"),
    ],
)
def test_what_can_be_mended_is_one_sentence_and_a_hint(error: Exception, said: str):
    """The sentence names the cause, and there is one hint."""
    told = explain(error)
    assert told is not None
    assert told.startswith(said)
    assert told.count("Hint: ") == (not isinstance(error, CourseError))


@pytest.mark.parametrize(
    "error",
    [
        ValueError("ours"),
        OSError(errno.EBADF, "Bad file descriptor"),
        ModuleNotFoundError("No module", name="autograder.gone"),
    ],
)
def test_a_mistake_of_ours_is_not_explained_away(error: Exception):
    """Whoever has to mend it needs the traceback."""
    assert explain(error) is None


@pytest.mark.parametrize("url", ["garbage://x", "://", "a-folder", "no-database"])
def test_a_gradebook_that_cannot_be_used(room: Class, url: str):
    """An address that is none, a folder and a file that is no database are all told in words."""
    room.hand_in("ann", **RIGHT)
    (room.root / "a-folder").mkdir()
    (room.root / "no-database").write_text("not a database, and longer than a header " * 9)
    done = room.command("feedback", "--db", url, cwd=room.root)
    assert done.returncode == 1
    assert done.stderr.startswith("The gradebook cannot be used: ")
    assert done.stderr.count("\n") == 1
    assert "Hint: it is a file that is yours to write, or what --db names" in done.stderr


def test_a_report_that_cannot_be_written_stops_the_command_at_once(room: Class):
    """Nobody grades a class for an hour to learn that the folder for the CSV file is missing."""
    room.hand_in("ann", **RIGHT)
    done = room.command("grade", "--csv", str(room.root / "gone" / "grades.csv"))
    assert done.returncode == 2
    assert "There is no folder" in done.stderr
    assert not room.room.autograded.exists()


def test_another_python_is_sent_to_the_courses_own():
    """A Python without the course's packages names the one that has them."""
    line = [sys.executable, "-S", "-m", "autograder", "grade"]
    clean = {name: value for name, value in os.environ.items() if "PATH" not in name}
    done = subprocess.run(line, capture_output=True, text=True, check=False, cwd=ROOT, env=clean)
    assert done.returncode == 1
    assert done.stderr.startswith("This Python has no module click. Hint: use the course's own, ")
    assert done.stderr.count("\n") == 1
