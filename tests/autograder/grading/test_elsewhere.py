"""A Dask cluster and a PostgreSQL gradebook give what this machine and SQLite give."""

from __future__ import annotations

import json
from collections.abc import Callable

import nbgrader.api
import pytest

from autograder.errors import CourseError
from autograder.grading.cluster import cluster as connect
from autograder.grading.cluster import probe
from autograder.grading.course import gradebook_url
from autograder.grading.workers import version
from tests.classroom import NAME, RIGHT, Class, grades

pytestmark = pytest.mark.needs("bwrap")


def hand_in(room: Class) -> None:
    """Let a class hand in right, wrong, hanging, deadly, damaged and late work."""
    for number in range(6):
        room.hand_in(f"right{number}", "2026-11-02 12:00:00 UTC", **RIGHT, why="Because.")
    room.hand_in("wrong", on="def on():\n    return 2", twice=RIGHT["twice"])
    room.hand_in("dead", on="import os\ndef on():\n    os._exit(3)", twice=RIGHT["twice"])
    room.hand_in("idle")
    room.hand_in("broken")
    room.path("broken").write_bytes(b"\x80")


@pytest.mark.needs("postgres")
def test_the_gradebook_is_the_same_on_dask_and_on_postgres(
    room: Class, lamps, tmp_path, cluster: str, postgres: Callable[[str], str]
):
    """Every grade and comment is equal: local and SQLite, Dask and SQLite, Dask and PostgreSQL."""
    hand_in(room)
    assert room.command("grade").returncode == 3
    wanted = grades(room.room.gradebook)
    assert wanted["right0"]["on-check"] == (2.0, None, False)
    assert wanted["dead"]["twice-check"] == (3.0, None, False)
    other = Class.of(lamps, tmp_path / "other")
    hand_in(other)
    done = other.command("grade", "--dask", cluster, "--json")
    assert done.returncode == 3, done.stderr
    assert {s["jail"] for s in json.loads(done.stdout)["submissions"]} == {"", "bubblewrap"}
    assert grades(other.room.gradebook) == wanted
    url = postgres("grades")
    done = other.command("grade", "--dask", cluster, "--db", url, "--again")
    assert done.returncode == 3, done.stderr
    assert grades(gradebook_url(url)) == wanted
    with nbgrader.api.Gradebook(gradebook_url(url)) as book:
        assert book.find_submission(NAME, "right3").score == 5.0


@pytest.mark.needs("postgres")
def test_postgres_keeps_marks_and_registers_once(room: Class, postgres: Callable[[str], str]):
    """A mark by hand in PostgreSQL outlives a regrade, and feedback shows it."""
    url = postgres("marks")
    room.hand_in("ann", **RIGHT, why="Because.")
    assert room.command("grade", "--db", url).returncode == 0
    with nbgrader.api.Gradebook(gradebook_url(url)) as book:
        book.find_grade("why", NAME, NAME, "ann").manual_score = 1
        book.db.commit()
    room.hand_in("ann", on=RIGHT["on"], why="Because.")
    said = room.command("grade", "--db", url).stdout
    assert f"changed: ann {NAME} twice-check: 3 → 0" in said
    assert grades(gradebook_url(url))["ann"]["why"][1] == 1
    room.command("feedback", "--db", url)
    page = (room.room.feedback / "ann" / NAME / f"{NAME}.html").read_text("utf-8")
    assert "<strong>3 of 6 points</strong>" in page


def test_addresses_of_gradebooks():
    """A PostgreSQL address gets the driver that is installed; a path is a SQLite file."""
    assert gradebook_url("postgresql://t@h/g") == "postgresql+psycopg://t@h/g"
    assert gradebook_url("postgres://t@h/g") == "postgresql+psycopg://t@h/g"
    assert gradebook_url("postgresql+pg8000://t@h/g") == "postgresql+pg8000://t@h/g"
    assert gradebook_url("/tmp/g.db") == "sqlite:////tmp/g.db"  # noqa: S108 - only a name


def test_a_worker_with_another_version_is_refused(cluster: str, monkeypatch):
    """A worker that would judge differently grades nobody."""
    assert probe(unsafe=False) == ("bubblewrap", version())
    with connect(cluster) as workers:
        assert (workers.wall, workers.width) == ("bubblewrap", 8)
    monkeypatch.setattr("autograder.grading.workers.library", lambda: b"another")
    with pytest.raises(CourseError, match="another version"), connect(cluster):
        pass
