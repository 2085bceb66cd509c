"""Tell nbgrader's gradebook about a notebook: its graded cells, their points, their text.

This is what `nbgrader generate_assignment` does on the way.  It imports nbgrader, which takes
seconds, so it is done once: when the gradebook is new or the notebook's graded cells changed.
"""

from __future__ import annotations

import copy
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sql

from autograder.errors import CourseError
from autograder.grading.gradebook import NO_GRADEBOOK, Gradebook
from autograder.grading.schema import alembic_version

if TYPE_CHECKING:
    from autograder.grading.plan import Assignment

__all__ = ("ready",)

COURSE = "parallel-tool-use"
"""The course's id in the gradebook; `nbgrader_config.py` says the same."""


def ready(
    url: str, assignment: Assignment, root: Path, meanwhile: Callable[[], None] | None = None
) -> None:
    """Make sure that the gradebook exists and knows this assignment as it is now.

    `meanwhile` is called if that takes seconds: it starts something that goes on beside it.
    Raises `CourseError` if its cells changed after somebody was graded, which nbgrader refuses.
    """
    if _is_current(url, assignment):
        return
    if meanwhile is not None:
        meanwhile()
    from nbgrader.api import Gradebook as Theirs  # noqa: PLC0415 - takes seconds
    from nbgrader.preprocessors import SaveCells  # noqa: PLC0415

    from autograder.release.build import STEPS, nbgrader_config  # noqa: PLC0415
    from autograder.release.course import Course, read  # noqa: PLC0415

    name = assignment.name
    notebook = copy.deepcopy(read(Course(root).source(name)))
    resources = {"nbgrader": {"notebook": name, "assignment": name, "db_url": url}}
    config = nbgrader_config()
    with _alone(url):
        if _is_current(url, assignment):  # another process saw to it while we waited
            return
        _make(url)
        with Theirs(url, COURSE) as book:  # which makes the course; PostgreSQL insists on one
            book.update_or_create_assignment(name, course_id=COURSE)
        # Hidden tests stay in: nbgrader keeps the whole text to put back what a learner changed.
        for step in (*STEPS[: STEPS.index(_checksums(STEPS)) + 1], SaveCells):
            try:
                notebook, resources = step(config=config).preprocess(notebook, resources)
            except RuntimeError as error:
                raise CourseError(
                    f"The graded cells of {name} changed after submissions were graded: {error}. "
                    "Hint: keep the cells' ids, or start a new gradebook with --db."
                ) from error


@contextmanager
def _alone(url: str) -> Iterator[None]:
    """Let one process at a time change which notebooks a gradebook in a file knows."""
    path = _file(url)
    if path is None:
        yield
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _file(url: str) -> Path | None:
    """Return the file that a gradebook lies in, or `None` if a server keeps it."""
    path = url.removeprefix("sqlite:///")
    return None if path == url else Path(path)


def _make(url: str) -> None:
    """Make the tables of a new gradebook; raises `CourseError` if it is something else.

    nbgrader would do it, and start the program `alembic` to ask for the schema's version.
    """
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - takes long
    from nbgrader.api import Base  # noqa: PLC0415
    from nbgrader.dbutil import ALEMBIC_DIR  # noqa: PLC0415

    engine = sql.create_engine(url)
    try:
        known = sql.inspect(engine).get_table_names()
        if known and "alembic_version" not in known:
            raise CourseError(NO_GRADEBOOK)
        if not known:
            head = ScriptDirectory(ALEMBIC_DIR).get_current_head()
            with engine.begin() as connection:
                Base.metadata.create_all(connection)
                alembic_version.create(connection)
                connection.execute(alembic_version.insert().values(version_num=head))
    finally:
        engine.dispose()


def _checksums(steps: tuple[type, ...]) -> type:
    return next(step for step in steps if step.__name__ == "ComputeChecksums")


def _is_current(url: str, assignment: Assignment) -> bool:
    path = _file(url)
    if path is not None and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        return False
    try:
        with Gradebook(url) as book:
            known = book.most(assignment.name, assignment.name)
    except CourseError as error:
        if "schema" in str(error):
            raise
        return False
    return known == {cell.grade_id: cell.points for cell in assignment.graded}
