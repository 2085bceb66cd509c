"""`grade`, `feedback` and `doctor`: a class from its folders to its pages, as a teacher runs it."""

from __future__ import annotations

import csv
import json
import os
import signal
import sqlite3
import subprocess
from contextlib import closing
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import nbgrader.api
import pytest
from click.testing import CliRunner

from autograder.cli import cli
from autograder.errors import CourseError
from autograder.grading import workers
from autograder.grading.outer import Wall, no_wall
from tests.classroom import HIDDEN, NAME, RIGHT, Class, grades

pytestmark = pytest.mark.needs("bwrap")

HANGS = "def on():\n    while True:\n        pass"


@pytest.fixture(scope="module")
def graded(lamps: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Class, str, str]:
    """Grade a class with every kind of end; return what was said on stdout and stderr."""
    room = Class.of(lamps, tmp_path_factory.mktemp("graded") / "lamps")
    room.hand_in("ann", **RIGHT, why="Because of the current.")
    room.hand_in("bo", on=RIGHT["on"])
    room.hand_in("cy")
    room.path("cy").write_bytes(b"{")
    room.hand_in("dan", set_up="import os\nos._exit(1)", **RIGHT)
    (room.room.submitted / "two+two").mkdir()
    done = room.command(
        "grade",
        "--junit",
        str(room.root / "junit.xml"),
        "--csv",
        str(room.root / "grades.csv"),
        "--feedback",
    )
    assert done.returncode == 3
    return room, done.stdout, done.stderr


def test_the_table_tells_how_each_ended(graded):
    """A teacher reads each learner's state and points, the totals, and which wall there was."""
    _, said, _ = graded
    rows = {line.split()[0]: " ".join(line.split()) for line in said.splitlines() if line.strip()}
    assert rows[NAME] == f"{NAME} state points"
    assert rows["ann"] == "ann ✓ graded 5 of 6 To be marked by hand: why."
    assert rows["bo"] == "bo ✓ graded 2 of 6"
    assert rows["cy"].startswith("cy ✗ failed – of 6 The file is not valid JSON")
    assert "4 submissions: 3 graded, 1 failed." in said
    assert "Learners' code ran behind bubblewrap." in said
    assert said.rstrip().endswith("feedback")
    assert "written: 4 pages in " in said


def test_progress_and_warnings_go_to_stderr(graded):
    """Progress has a rate and the time left; a folder that is nobody's is told of."""
    _, _, said = graded
    assert f"{NAME}: 4/4, " in said
    assert "/s, 0 s left" in said
    assert f"cy {NAME}: failed. The file is not valid JSON" in said
    assert "submitted/two+two was passed over: nbgrader allows no + in a learner's name." in said


def test_nbgrader_reads_the_same_grades(graded):
    """The gradebook is nbgrader's, and a dead kernel in the set-up cost only the set-up."""
    room, _, _ = graded
    with nbgrader.api.Gradebook(room.room.gradebook) as book:
        found = {
            s.student.id: (s.score, s.needs_manual_grade) for s in book.assignment_submissions(NAME)
        }
    assert found == {"ann": (5, True), "bo": (2, False), "cy": (0, True), "dan": (5, False)}


def test_other_programs_read_the_same_grades(graded):
    """CSV and JUnit hold every graded cell of every learner, and name the wall."""
    room, _, _ = graded
    rows = list(csv.DictReader(StringIO((room.root / "grades.csv").read_text("utf-8"))))
    assert {(r["student"], r["grade_id"]) for r in rows} == {
        (s, c) for s in ("ann", "bo", "cy", "dan") for c in ("on-check", "twice-check", "why")
    }
    assert {r["jail"] for r in rows if r["student"] == "ann"} == {"bubblewrap"}
    suites = ET.parse(room.root / "junit.xml").getroot()  # noqa: S314 - our own document
    walls = {s.get("name"): s.find("properties/property").get("value") for s in suites}
    assert walls[f"ann.{NAME}"] == "bubblewrap"
    assert walls[f"cy.{NAME}"] == "not run"


def test_pages_hide_tests_and_say_what_was_done(graded):
    """Each learner has a page with the reasons, and none shows a hidden test."""
    room, _, _ = graded
    pages = {
        path.parts[-3]: path.read_text("utf-8") for path in room.room.feedback.glob("*/*/*.html")
    }
    assert set(pages) == {"ann", "bo", "cy", "dan"}
    assert not [student for student, page in pages.items() if HIDDEN in page]
    assert "The file is not valid JSON" in pages["cy"]
    assert "<strong>5 of 6 points</strong>" in pages["ann"]


def test_json_is_one_document_and_a_second_run_runs_nothing(graded):
    """What is known is not run again; the document is the whole of stdout."""
    room, _, _ = graded
    before = grades(room.room.gradebook)
    done = room.command("grade", "--json")
    data = json.loads(done.stdout)
    assert {s["student"]: s["earned"] for s in data["submissions"]} == {
        "ann": 5,
        "bo": 2,
        "cy": 0,
        "dan": 5,
    }
    assert (data["changes"], len(data["passed_over"])) == ([], 1)
    assert grades(room.room.gradebook) == before


def test_a_regrade_says_who_changed_and_why(room: Class):
    """Handing in anew and mending a check are told apart; marks by hand survive.

    A mark is flagged for a second look where the submission was run again, and only there.
    """
    room.hand_in("ann", **RIGHT, why="Because.")
    room.hand_in("bo", on="def on():\n    return 2")
    assert room.command("grade").returncode == 0
    with nbgrader.api.Gradebook(room.room.gradebook) as book:
        mark = book.find_grade("why", NAME, NAME, "ann")
        mark.manual_score, mark.needs_manual_grade = 1, False  # as the Formgrader does
        book.find_comment("why", NAME, NAME, "ann").manual_comment = "Well put."
        book.db.commit()
    room.hand_in("bo", on=RIGHT["on"])
    said = room.command("grade").stdout
    assert f"changed: bo {NAME} on-check: 0 → 2, because it was handed in anew" in said
    assert "changed: ann" not in said
    assert grades(room.room.gradebook)["ann"]["why"] == (None, 1, False)
    source = room.root / "solutions" / NAME / f"{NAME}.ipynb"
    changed = source.read_text("utf-8").replace("on() == 1", "on() == 5")
    source.write_text(changed.replace("return 1", "return 5"), "utf-8")
    said = room.command("grade").stdout
    for student in ("ann", "bo"):
        line = (
            f"changed: {student} {NAME} on-check: 2 → 0, because the notebook or its checks changed"
        )
        assert line in said
    assert grades(room.room.gradebook)["ann"]["why"] == (None, 1, True)
    room.command("feedback", "--student", "ann")
    page = (room.room.feedback / "ann" / NAME / f"{NAME}.html").read_text("utf-8")
    assert "Marked by hand: 1 of 1 point." in page
    assert "Well put." in page


def no_wall_works(*, unsafe: bool = False) -> Wall:
    """Choose a wall on a machine where none works."""
    if unsafe:
        return no_wall()
    raise CourseError("None works here. Hint: grade work that you trust with --unsafe-no-jail.")


def test_without_a_wall_nothing_is_run_unless_asked_for(
    room: Class, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Where no wall works grading is refused; asked for by name, every report says so."""
    monkeypatch.setattr(workers, "choose", no_wall_works)
    room.hand_in("ann", **RIGHT)
    line = ["grade", "--root", str(room.root)]
    with pytest.raises(CourseError, match="--unsafe-no-jail"):
        CliRunner().invoke(cli, line, catch_exceptions=False)
    assert not room.room.journal(NAME).exists()
    paths = {kind: tmp_path / f"out.{kind}" for kind in ("junit", "csv")}
    line += [word for kind, path in paths.items() for word in (f"--{kind}", str(path))]
    done = CliRunner().invoke(cli, [*line, "--unsafe-no-jail", "--feedback"])
    assert done.exit_code == 0, done.output
    page = (room.room.feedback / "ann" / NAME / f"{NAME}.html").read_text("utf-8")
    stored = (room.room.autograded / "ann" / NAME / f"{NAME}.ipynb").read_text("utf-8")
    for text in (done.stdout, page, stored, *(path.read_text("utf-8") for path in paths.values())):
        assert "no jail" in text or "without a wall" in text
    monkeypatch.undo()
    known = json.loads(CliRunner().invoke(cli, [*line, "--json"]).stdout)
    assert known["submissions"][0]["jail"] == "bubblewrap", "it was run anew, behind a wall"


def test_mistakes_are_one_sentence(room: Class):
    """Nothing handed in, an unknown learner, no cluster: status 1 and a hint."""
    done = room.command("grade")
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no folder" in done.stderr
    room.hand_in("ann")
    assert "Nobody called zoe" in room.command("grade", "--student", "zoe").stderr
    done = room.command("grade", "--dask", "tcp://127.0.0.1:9")
    assert done.returncode == 1
    assert "No Dask scheduler answers" in done.stderr.splitlines()[-1]


def test_doctor_gives_the_verdict_of_grading(room: Class):
    """A learner sees the points, hidden tests included, and what intake would mend."""
    room.hand_in("ann", on="def on():\n    return 2", twice=RIGHT["twice"])
    path = room.path("ann")
    done = room.command("doctor", str(path))
    assert done.returncode == 0
    assert "Switch on: failed, 0 of 2 points" in done.stdout
    assert "Twice as bright: passed, 3 of 3 points" in done.stdout
    assert HIDDEN not in done.stdout
    other = path.rename(path.with_name("final.ipynb"))
    said = room.command("doctor", str(other)).stdout
    assert f"The file is called final.ipynb; hand it in as {NAME}.ipynb." in said
    other.write_bytes(b"{")
    path.write_bytes(b"{")
    done = room.command("doctor", str(path))
    assert done.returncode == 3
    assert "The file is not valid JSON" in done.stdout


def test_doctor_runs_no_asserts_of_a_notebook_whose_source_is_missing(room: Class, tmp_path: Path):
    """They would run outside the wall: a learner hears that they were left out, and why."""
    room.hand_in("ann", on="def on():\n    return 2", twice=RIGHT["twice"])
    done = room.command("doctor", str(room.path("ann")), "--root", str(tmp_path))
    assert "Only the checks that stand in the notebook were run" in done.stdout
    assert "Switch on: could not judge" in done.stdout
    assert "is run only where the notebook's source is" in " ".join(done.stdout.split())


def test_doctor_knows_a_notebook_that_was_worked_on_where_it_was_handed_out(room: Class):
    """Deleting a cell in course/ itself is noticed: the source says what stood there."""
    handed = room.root / "course" / NAME / f"{NAME}.ipynb"
    notebook = json.loads(handed.read_text("utf-8"))
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "twice"]
    handed.write_text(json.dumps(notebook), "utf-8")
    said = room.command("doctor", str(handed)).stdout
    assert "Cell twice was missing; it was put back as it was handed out." in said


def test_stopping_keeps_what_is_finished(room: Class):
    """Ctrl-C ends the run at once, in one sentence; the same command goes on from there."""
    room.hand_in("ann")
    room.path("ann").write_bytes(b"{")  # is finished before anybody's code runs
    room.hand_in("bo", on=HANGS, set_up="import time\ntime.sleep(50)")
    with subprocess.Popen(
        room.line("grade"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    ) as process:
        told = process.stderr.readline()
        assert told.startswith(f"ann {NAME}: failed.")
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all that belongs to it
        _, said = process.communicate()
    assert process.returncode == 130
    assert said.splitlines()[-1] == (
        "Stopped. What is finished is kept; the same command goes on from here."
    )
    assert "Traceback" not in said
    assert set(grades(room.room.gradebook)) == {"ann"}


def test_feedback_leaves_out_what_is_not_graded(room: Class):
    """A notebook that waits to be graded costs the others no page, and is named."""
    later = "02-later"
    for folder in ("solutions", "course"):
        source = room.root / folder / NAME / f"{NAME}.ipynb"
        copy = room.root / folder / later / f"{later}.ipynb"
        copy.parent.mkdir()
        copy.write_bytes(source.read_bytes())
    (room.room.submitted / "ann" / later).mkdir(parents=True)
    room.hand_in("bo")
    done = room.command("feedback")
    assert (done.returncode, done.stderr) == (
        0,
        f"{later} is not graded yet, so it has no pages.\n",
    )
    assert done.stdout.startswith("written: 0 pages in ")
    named = room.command("feedback", later)
    assert named.returncode == 1
    assert f"Hint: `python -m autograder grade {later}`" in named.stderr


def test_two_at_once_make_one_gradebook(room: Class):
    """Of two that find no gradebook, both use the one that is made, or one says it has to wait."""
    room.hand_in("ann", **RIGHT)
    (room.room.root / "gradebook.db").unlink()
    both = [
        subprocess.Popen(
            room.line("grade"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    ends = {process.communicate()[1]: process.returncode for process in both}
    assert 0 in ends.values()
    for said, status in ends.items():
        assert status == 0 or said.startswith(f"Another process is grading {NAME} in")
    assert grades(room.room.gradebook)["ann"]["on-check"][0] == 2


def test_another_programs_database_is_left_alone(room: Class):
    """A database that is no gradebook is refused before anything is written into it."""
    room.hand_in("ann", **RIGHT)
    theirs = room.root / "theirs.db"
    with closing(sqlite3.connect(theirs)) as database:
        database.execute("create table lamps (id)")
    before = theirs.read_bytes()
    done = room.command("grade", "--db", str(theirs))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("This is no gradebook of nbgrader, or one that")
    assert theirs.read_bytes() == before
