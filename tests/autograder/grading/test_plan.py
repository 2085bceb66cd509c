"""The plan names every learner who handed something in, and every cell that earns points."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import CourseError
from autograder.grading.plan import load, plan

NAME = "01-lamp"


def cell(kind: str, source: str, **rules: Any) -> dict[str, Any]:
    """Make one cell of a source notebook."""
    return {"cell_type": kind, "metadata": {"nbgrader": rules} if rules else {}, "source": source}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Write a course with one notebook."""
    cells = [
        cell("markdown", "# Lamps"),
        cell("markdown", "## Switch on"),
        cell("code", "def on(): ...", grade_id="on", solution=True, grade=False),
        cell("code", "check(on)", grade_id="on-check", grade=True, solution=False, points=2),
        cell("markdown", "## Why?"),
        cell("markdown", "Your words", grade_id="why", grade=True, solution=True, points=1),
    ]
    for folder in ("solutions", "course"):
        path = tmp_path / folder / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"cells": cells}), "utf-8")
    return tmp_path


def test_graded_cells_carry_title_points_and_answers(course: Path):
    """A check knows the answers it judges; a question to be marked by hand is its own answer."""
    on, why = load(course, NAME).graded
    assert (on.title, on.points, on.manual, on.answers) == ("Switch on", 2.0, False, ("on",))
    assert (why.title, why.points, why.manual, why.answers) == ("Why?", 1.0, True, ("why",))
    assert (on.check, why.check) == ("check(on)", "")


def test_another_source_has_another_digest(course: Path):
    """A mended check makes every submission due for grading again."""
    before = load(course, NAME).digest
    path = course / "solutions" / NAME / f"{NAME}.ipynb"
    path.write_text(path.read_text("utf-8").replace("check(on)", "check(on, 2)"), "utf-8")
    assert load(course, NAME).digest != before


def test_a_missing_release_names_the_command(course: Path):
    """The error's hint mends it."""
    (course / "course" / NAME / f"{NAME}.ipynb").unlink()
    with pytest.raises(CourseError, match="python -m autograder release 01-lamp"):
        load(course, NAME)


def test_times_are_kept_in_utc_and_bad_ones_are_told(tmp_path: Path):
    """A timestamp in any zone becomes naive UTC; nonsense costs nothing but the time."""
    times = {
        "ann": "2026-11-02 10:00:00 +0100",
        "ben": "2026-11-02 10:00:00.500000 Europe/Berlin",
        "bo": "yesterday-ish",
        "dan": "2026-11-02T09:00:00",
        "eva": "2026-11-02 09:00:00 UTC",
        "fay": "2026-11-02 09:00:00 ../../etc/passwd",
    }
    for student, text in times.items():
        (tmp_path / student / NAME).mkdir(parents=True)
        (tmp_path / student / NAME / "timestamp.txt").write_text(text, "utf-8")
    (tmp_path / "cy" / NAME).mkdir(parents=True)
    jobs = {job.student: job for job in plan(tmp_path, NAME)}
    nine = datetime(2026, 11, 2, 9)  # noqa: DTZ001 - naive on purpose
    assert [jobs[s].handed_in for s in ("ann", "dan", "eva")] == [nine] * 3
    assert jobs["ben"].handed_in == nine.replace(microsecond=500_000)
    for student in ("bo", "fay"):
        assert jobs[student].handed_in is None
        assert "timestamp.txt" in jobs[student].notes[0]
    assert (jobs["cy"].handed_in, jobs["cy"].notes) == (None, ())


def test_learners_are_found_by_their_folders(tmp_path: Path):
    """Links and learners without this assignment are passed over; unknown names are errors."""
    (tmp_path / "ann" / NAME).mkdir(parents=True)
    (tmp_path / "bo" / "02-x").mkdir(parents=True)
    (tmp_path / "eve").symlink_to(tmp_path / "ann")
    assert [job.student for job in plan(tmp_path, NAME)] == ["ann"]
    with pytest.raises(CourseError, match=r"Nobody called zoe .* the folders are ann, bo\.$"):
        plan(tmp_path, NAME, ["zoe"])
    with pytest.raises(CourseError, match="Nobody handed in 03-y"):
        plan(tmp_path, "03-y")
    with pytest.raises(CourseError, match="There is no folder"):
        plan(tmp_path / "none", NAME)


def test_a_wrong_name_brings_up_those_like_it(tmp_path: Path):
    """A large class is not listed: names like the wrong one are, else the first few."""
    for number in range(300):
        (tmp_path / f"learner{number:03}" / NAME).mkdir(parents=True)
    with pytest.raises(
        CourseError, match=r"the folders are .*learner123.*; all 300 are in "
    ) as near:
        plan(tmp_path, NAME, ["learner1233"])
    with pytest.raises(CourseError, match=r"learner000, .*learner004; all 300 are in ") as far:
        plan(tmp_path, NAME, ["zoe"])
    assert max(len(str(near.value)), len(str(far.value))) < 300 + len(str(tmp_path))
