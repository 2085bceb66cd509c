"""Our writer and nbgrader's own gradebook agree, row by row."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import nbgrader.api
import pytest
import sqlalchemy as sql

from autograder.errors import CourseError
from autograder.grading.gradebook import Gradebook
from autograder.grading.schema import SCHEMA_VERSION, tables
from autograder.grading.scores import CellScore, Change, Submission

ANN = Submission(
    "ann",
    "01-lamp",
    "01-lamp",
    scores={"on-check": CellScore(1.5), "why": CellScore(None)},
    comments={"on": None, "why": "No response."},
)


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a gradebook by nbgrader itself, with one registered notebook: once, it is slow."""
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
        book = nbgrader.api.Gradebook(f"sqlite:///{path}")
    with book:
        book.update_or_create_assignment("01-lamp", course_id="lamps")
        book.update_or_create_notebook("01-lamp", "01-lamp")
        for name, most, kind in (("on-check", 2, "code"), ("why", 1, "markdown")):
            book.update_or_create_grade_cell(
                name, "01-lamp", "01-lamp", max_score=most, cell_type=kind
            )
        for name in ("on", "why"):
            book.update_or_create_solution_cell(name, "01-lamp", "01-lamp")
    return path


@pytest.fixture
def url(registered: Path, tmp_path: Path) -> str:
    """Return the URL of a fresh copy of that gradebook."""
    return f"sqlite:///{shutil.copy(registered, tmp_path / 'gradebook.db')}"


def test_the_pinned_schema_is_nbgraders():
    """Every table and column used here exists in nbgrader, at the version it stamps."""
    theirs = nbgrader.api.Base.metadata.tables
    for name, columns in tables().items():
        if name == "alembic_version":
            continue
        assert columns <= {column.name for column in theirs[name].columns}, name


def test_nbgrader_reads_what_was_recorded(url: str):
    """Scores, comments and the need for a person come back through nbgrader's own API."""
    with Gradebook(url) as book:
        assert book.record(ANN) == []
        assert book.most("01-lamp", "01-lamp") == {"on-check": 2.0, "why": 1.0}
    with nbgrader.api.Gradebook(url) as theirs:
        graded = theirs.find_submission_notebook("01-lamp", "01-lamp", "ann")
        assert (graded.score, graded.max_score, graded.needs_manual_grade) == (1.5, 3.0, True)
        said = theirs.find_comment("why", "01-lamp", "01-lamp", "ann")
        assert said.auto_comment == "No response."


def test_recording_twice_changes_nothing(url: str):
    """A resumed run may record again; no row is doubled."""
    with Gradebook(url) as book:
        book.record(ANN)
        before = dump(url)
        assert book.record(ANN) == []
    assert dump(url) == before


def test_manual_marks_survive_a_regrade(url: str):
    """A person's mark stays, the new automatic score is reported and flagged for review."""
    with Gradebook(url) as book:
        book.record(ANN)
    with nbgrader.api.Gradebook(url) as theirs:
        mark = theirs.find_grade("on-check", "01-lamp", "01-lamp", "ann")
        mark.manual_score = 2.0
        theirs.db.commit()
    better = Submission(
        "ann", "01-lamp", "01-lamp", {"on-check": CellScore(1.0), "why": CellScore(None)}, {}
    )
    with Gradebook(url) as book:
        assert book.record(better) == [Change("ann", "01-lamp", "on-check", 1.5, 1.0)]
    with nbgrader.api.Gradebook(url) as theirs:
        mark = theirs.find_grade("on-check", "01-lamp", "01-lamp", "ann")
        assert (mark.auto_score, mark.manual_score, mark.needs_manual_grade) == (1.0, 2.0, True)


def test_an_unknown_schema_is_refused(url: str):
    """Nothing is written into a gradebook of another version."""
    engine = sql.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sql.text("update alembic_version set version_num = 'newer'"))
    engine.dispose()
    with pytest.raises(CourseError, match="schema newer"), Gradebook(url):
        pass


def test_an_unknown_notebook_is_an_error_with_a_remedy(url: str):
    """The message names the command that makes the notebook known."""
    with Gradebook(url) as book:
        assert not book.has("02-x", "02-x")
        with pytest.raises(CourseError, match="autograder grade 02-x"):
            book.most("02-x", "02-x")


def test_the_pinned_version_is_what_nbgrader_stamps(url: str):
    """A new nbgrader with another schema fails here first."""
    engine = sql.create_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(sql.text("select version_num from alembic_version"))
    engine.dispose()
    assert found == SCHEMA_VERSION


def dump(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table."""
    engine = sql.create_engine(url)
    with engine.connect() as connection:
        rows = {
            name: sorted(
                map(
                    tuple,
                    connection.execute(sql.select(sql.text("*")).select_from(sql.table(name))),
                )
            )
            for name in ("grade", "comment", "submitted_notebook", "submitted_assignment")
        }
    engine.dispose()
    return rows
