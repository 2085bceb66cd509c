"""What `python -m autograder grade` leaves behind is nbgrader's to work on.

Its formgrader marks it by hand; its feedback, export and late penalties are made from it.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

import nbgrader.api
import pytest
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import CsvExportPlugin
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.grading.course import Run, grade_class
from autograder.grading.workers import local
from autograder.release import build
from tests.autograder.grading.stock.test_formgrader import STARTER, get
from tests.classroom import HIDDEN, NAME, RIGHT, Class, grades
from tests.conftest import ROOT

pytestmark = pytest.mark.needs("bwrap")

NOON = "2026-11-02 12:00:00 UTC"
ONE_O_CLOCK = "2026-11-02 13:00:00 UTC"


def run(room: Class, *, again: bool = False) -> Run:
    """Grade the class in this process."""
    with local(2) as workers:
        return grade_class(room.root, [NAME], room.room, room.room.gradebook, workers, again=again)


@dataclass(frozen=True)
class Nbgrader:
    """nbgrader, called from the course with our settings."""

    config: Config

    @property
    def api(self) -> NbGraderAPI:
        """Its own API."""
        return NbGraderAPI(CourseDirectory(config=self.config), config=self.config)


@pytest.fixture
def theirs(room: Class, monkeypatch: pytest.MonkeyPatch) -> Nbgrader:
    """Return nbgrader in the class's course."""
    monkeypatch.chdir(room.root)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:/usr/bin:/bin")
    monkeypatch.setenv("PYTHONSAFEPATH", "1")
    loader = PyFileConfigLoader("nbgrader_config.py", str(ROOT / "autograder"))
    return Nbgrader(loader.load_config())


def test_its_lists_show_the_class_as_graded(room: Class, theirs: Nbgrader):
    """Every submission counts as autograded, with its points and who waits for a mark."""
    room.hand_in("ann", NOON, **RIGHT, why="Because.")
    room.hand_in("bo", NOON, on=RIGHT["on"])
    run(room)
    listed = {entry["student"]: entry for entry in theirs.api.get_submissions(NAME)}
    assert {s: (e["autograded"], e["score"]) for s, e in listed.items()} == {
        "ann": (True, 5.0),
        "bo": (True, 2.0),
    }
    assert {s: e["needs_manual_grade"] for s, e in listed.items()} == {"ann": True, "bo": False}
    assert {e["timestamp"] for e in listed.values()} == {"2026-11-02T12:00:00"}


def test_its_feedback_shows_the_report_and_no_hidden_test(room: Class, theirs: Nbgrader):
    """`nbgrader generate_feedback` works on what we stored, also where nothing could be read."""
    room.hand_in("ann", NOON, on="def on():\n    return 2", twice=RIGHT["twice"])
    room.hand_in("bo")
    room.path("bo").write_bytes(b"{")
    run(room)
    for student, word in (("ann", "Twice as bright"), ("bo", "The file is not valid JSON")):
        said = theirs.api.generate_feedback(NAME, student)
        assert said["success"], said
        page = (room.room.feedback / student / NAME / f"{NAME}.html").read_text("utf-8")
        assert word in page
        assert HIDDEN not in page


def test_its_export_has_our_points(room: Class, theirs: Nbgrader):
    """`nbgrader export` lists each learner with the points we recorded."""
    room.hand_in("ann", NOON, **RIGHT)
    room.hand_in("bo", NOON)
    run(room)
    assert exported(room, theirs) == {"ann": 5, "bo": 0}


def exported(room: Class, theirs: Nbgrader) -> dict[str, float]:
    """Return each learner's score in nbgrader's export, penalties taken off."""
    with nbgrader.api.Gradebook(room.room.gradebook) as book:
        CsvExportPlugin(config=theirs.config).export(book)
    with Path(theirs.config.CsvExportPlugin.to).open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def due(room: Class, moment: datetime) -> None:
    """Set when the assignment is due."""
    with nbgrader.api.Gradebook(room.room.gradebook) as book:
        book.update_or_create_assignment(NAME, duedate=moment.replace(tzinfo=None))


def test_late_work_is_penalised_by_nbgraders_plug_in(
    room: Class, theirs: Nbgrader, monkeypatch: pytest.MonkeyPatch
):
    """Who is late loses what the plug-in says; who is not late any more gets it back."""
    theirs.config.LateSubmissionPlugin.penalty_method = "zero"
    monkeypatch.setattr(build, "nbgrader_config", lambda: theirs.config)
    room.hand_in("ann", NOON, **RIGHT)
    room.hand_in("bo", ONE_O_CLOCK, **RIGHT)
    due(room, datetime(2026, 11, 2, 12, 30, tzinfo=UTC))
    assert run(room).penalties == {("bo", NAME): 5.0}
    assert exported(room, theirs) == {"ann": 5, "bo": 0}
    due(room, datetime(2026, 11, 2, 13, 30, tzinfo=UTC))
    assert run(room).penalties == {}
    assert exported(room, theirs) == {"ann": 5, "bo": 5}


def test_without_a_method_being_late_costs_nothing(room: Class, theirs: Nbgrader):
    """With our settings as they are shipped a late submission keeps its points."""
    room.hand_in("bo", ONE_O_CLOCK, **RIGHT)
    due(room, datetime(2026, 11, 2, 12, 30, tzinfo=UTC))
    assert run(room).penalties == {}
    assert exported(room, theirs) == {"bo": 5}


@pytest.fixture
def server(room: Class) -> Iterator[int]:
    """Grade a class, start a Jupyter server in its course, and yield the port."""
    room.hand_in("ann", NOON, **RIGHT, why="Because of the current.")
    run(room)
    options = {
        "ServerApp.open_browser": "False",
        "ServerApp.port": "0",
        "ServerApp.allow_root": "True",
        "ServerApp.root_dir": str(room.root),
        "ServerApp.disable_check_xsrf": "True",
        "IdentityProvider.token": "",
    }
    log = room.root / "server.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [sys.executable, "-c", STARTER, *(f"--{k}={v}" for k, v in options.items())],
            cwd=room.root,
            env=os.environ | {"JUPYTER_CONFIG_PATH": str(ROOT / "autograder")},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        said = process.stdout.readline()
        assert said.strip().isdigit(), log.read_text()
        yield int(said)
        process.terminate()


def put(port: int, path: str, **values: object) -> None:
    """Change one thing on the server."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "application/json"}
    connection.request("PUT", path, json.dumps(values), headers)
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    assert answer.status == 200, said


def test_formgrader_marks_by_hand_and_the_mark_survives(room: Class, server: int):
    """Its marking page shows the answer; a mark and a comment given there outlive a regrade."""
    listed = json.loads(get(server, f"/formgrader/api/submitted_notebooks/{NAME}/{NAME}"))
    (entry,) = listed
    page = get(server, f"/formgrader/submissions/{entry['id']}/")
    assert "Because of the current." in page
    assert "Twice as bright" in page
    marks = json.loads(get(server, f"/formgrader/api/grades?submission_id={entry['id']}"))
    (why,) = (mark for mark in marks if mark["name"] == "why")
    put(server, f"/formgrader/api/grade/{why['id']}", manual_score=1.0)
    said = json.loads(get(server, f"/formgrader/api/comments?submission_id={entry['id']}"))
    (comment,) = (each for each in said if each["name"] == "why")
    put(server, f"/formgrader/api/comment/{comment['id']}", manual_comment="Well put.")
    before = grades(room.room.gradebook)
    assert before["ann"]["why"] == (None, 1.0, False)
    room.hand_in("ann", NOON, on=RIGHT["on"], why="Because of the current.")
    changes = [(c.cell, c.before, c.after) for c in run(room).changes]
    assert changes == [("twice-check", 3.0, 0.0)]
    after = grades(room.room.gradebook)["ann"]
    assert after["why"][1] == 1.0
    assert after["comment on why"][1] == "Well put."
