"""Stock nbgrader, with our configuration, grades a class as it deserves."""

from __future__ import annotations

import pytest

from tests.autograder.grading.stock.conftest import CLASS, MINICOURSE, NOTEBOOKS, PAGES, Classroom

HIDDEN = ("mississippi", "BEGIN HIDDEN", "END HIDDEN")


@pytest.mark.parametrize(
    "step",
    [
        *(f"release of {name}" for name in NOTEBOOKS),
        *CLASS,
        *(f"feedback of {name}" for name in PAGES),
    ],
)
def test_every_step_succeeds(classroom: Classroom, step: str):
    """Whatever a learner hands in, nbgrader ends its step without an error."""
    said = classroom.said[step]
    assert said["success"], said.get("error") or said.get("log")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_release_is_the_committed_one(classroom: Classroom, name: str):
    """`nbgrader generate_assignment` writes the files, byte for byte, that our command wrote."""
    ours, theirs = MINICOURSE / "course" / name, classroom.root / "course" / name
    assert {p.name: p.read_bytes() for p in theirs.iterdir()} == {
        p.name: p.read_bytes() for p in ours.iterdir()
    }


@pytest.mark.parametrize("student", CLASS)
def test_points(classroom: Classroom, student: str):
    """Each learner has exactly the points of the exercises that are solved."""
    learner = CLASS[student]
    wanted = {"count-all-check": learner.count, "most-check": learner.most}
    assert classroom.scores(student) == wanted


def test_export(classroom: Classroom):
    """The CSV export lists every learner with the same points."""
    rows = classroom.export()
    assert {name: float(row["score"]) for name, row in rows.items()} == {
        name: learner.count + learner.most for name, learner in CLASS.items()
    }
    assert {row["max_score"] for row in rows.values()} == {"5.0"}


@pytest.mark.parametrize("student", PAGES)
def test_feedback_hides_tests(classroom: Classroom, student: str):
    """No feedback page shows the source of a hidden test, even to a learner who peeked."""
    page = classroom.feedback(student)
    assert [word for word in HIDDEN if word in page] == []


def test_peeking_is_blacked_out(classroom: Classroom):
    """The learner who printed the check cell sees that something was taken out."""
    executed = "".join(str(cell.get("outputs")) for cell in classroom.autograded("peeked").cells)
    assert "mississippi" in executed
    assert "[hidden test]" in classroom.feedback("peeked")


def test_feedback_names_the_check(classroom: Classroom):
    """Feedback shows the report: the named check, what was seen, and its hint."""
    page = classroom.feedback("partly")
    assert "the most frequent letter comes back" in page
    assert "The first letter is not it." in page


@pytest.mark.parametrize(
    ("student", "sentence"),
    [
        ("silenced", "This check showed no result, so it earned nothing."),
        ("gone", "This check stopped with NameError: name 'count_all' is not defined"),
        ("hung", "This check did not come back in time, so it earned nothing."),
    ],
)
def test_feedback_says_why(classroom: Classroom, student: str, sentence: str):
    """A check that gave no report is explained in a sentence, not by a traceback."""
    page = classroom.feedback(student)
    assert sentence in page
    assert "Traceback (most recent" not in page


def test_warnings_stay_readable(classroom: Classroom):
    """What a learner's code wrote to stderr in a check cell is kept, as plain output."""
    notebook = classroom.autograded("warned")
    checks = [cell for cell in notebook.cells if cell.id.endswith("-check")]
    streams = [out for cell in checks for out in cell.outputs if out.output_type == "stream"]
    assert {(stream.name, stream.text) for stream in streams} == {("stdout", "!\n")}


def test_log_tells_of_tampering_only(classroom: Classroom):
    """The log names the check that was rewritten, and is silent about honest work."""
    warned = "The text of the locked cell most-check was changed; it is put back."
    assert warned in str(classroom.said["tampered"]["log"])
    assert "has changed" not in str(classroom.said["right"]["log"])
    assert "was changed" not in str(classroom.said["right"]["log"])
