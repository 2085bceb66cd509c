"""Write grades into nbgrader's gradebook, without importing nbgrader.

`import nbgrader.api` costs seconds; a few small tables do not.  They are pinned, and a gradebook
of another version is refused before anything is written.  One writer, one
transaction a submission: a grade is there whole, or not at all.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Self

import sqlalchemy as sql

from autograder.errors import CourseError
from autograder.grading.schema import (
    SCHEMA_VERSION,
    alembic_version,
    assignment,
    base_cell,
    comment,
    grade,
    grade_cells,
    notebook,
    student,
    submitted_assignment,
    submitted_notebook,
    task_cells,
)
from autograder.grading.scores import CellScore, Change, Mark, Submission

__all__ = ("NO_GRADEBOOK", "Gradebook")

NO_GRADEBOOK = (
    "This is no gradebook of nbgrader, or one that is only half made. Hint: if another process is"
    " making it, wait; if not, move it away or name another with --db, and"
    " `python -m autograder grade` makes a new one."
)


@dataclass(frozen=True, slots=True)
class _Cells:
    notebook_id: str
    assignment_id: str
    graded: dict[str, str]  # grade_id → base_cell.id
    answers: dict[str, str]
    most: dict[str, float]


class Gradebook:
    """An open gradebook; use it as a context manager.

    `url` is any SQLAlchemy URL: SQLite and PostgreSQL are tested.  Raises `CourseError` if the
    gradebook is of a version this code does not know.
    """

    def __init__(self, url: str) -> None:
        self._engine = sql.create_engine(url)
        self._cells: dict[tuple[str, str], _Cells] = {}

    def __enter__(self) -> Self:
        self._check_version()
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    def _check_version(self) -> None:
        known = sql.inspect(self._engine).get_table_names()
        if "alembic_version" not in known:
            raise CourseError(NO_GRADEBOOK)
        with self._engine.connect() as connection:
            found = connection.scalar(sql.select(alembic_version.c.version_num))
        if found != SCHEMA_VERSION:
            raise CourseError(
                f"The gradebook has schema {found}, and only {SCHEMA_VERSION} is known here. "
                "Hint: `nbgrader db upgrade` brings an older one up to date."
            )

    def most(self, assignment_name: str, notebook_name: str) -> dict[str, float]:
        """Return the highest score of each graded cell; raises `CourseError` if unknown."""
        with self._engine.connect() as connection:
            return self._known_cells(connection, assignment_name, notebook_name).most

    def has(self, assignment_name: str, notebook_name: str) -> bool:
        """Tell whether the notebook was registered."""
        try:
            self.most(assignment_name, notebook_name)
        except CourseError:
            return False
        return True

    def marks(self, assignment_name: str, notebook_name: str) -> dict[str, dict[str, Mark]]:
        """Return what people marked, by learner, then by cell."""
        with self._engine.connect() as connection:
            cells = self._known_cells(connection, assignment_name, notebook_name)
            found: dict[str, dict[str, Mark]] = {}
            for table, column, field in (
                (grade, grade.c.manual_score, "score"),
                (grade, grade.c.extra_credit, "extra"),
                (comment, comment.c.manual_comment, "comment"),
            ):
                rows = connection.execute(
                    sql.select(submitted_assignment.c.student_id, base_cell.c.name, column)
                    .join(base_cell, base_cell.c.id == table.c.cell_id)
                    .join(submitted_notebook, submitted_notebook.c.id == table.c.notebook_id)
                    .join(
                        submitted_assignment,
                        submitted_assignment.c.id == submitted_notebook.c.assignment_id,
                    )
                    .where(base_cell.c.notebook_id == cells.notebook_id, column.is_not(None))
                )
                for who, name, value in rows:
                    mark = found.setdefault(who, {}).get(name, Mark())
                    found[who][name] = replace(mark, **{field: value})
        return found

    def late(self, assignment_name: str) -> set[str]:
        """Return who handed an assignment in after it was due, or has a penalty for that."""
        due, handed = assignment.c.duedate, submitted_assignment.c
        rows = (
            sql.select(
                handed.student_id,
                due,
                handed.timestamp,
                handed.extension,
                submitted_notebook.c.late_submission_penalty,
            )
            .join(assignment, assignment.c.id == handed.assignment_id)
            .join(submitted_notebook, submitted_notebook.c.assignment_id == handed.id)
            .where(assignment.c.name == assignment_name)
        )
        with self._engine.connect() as connection:
            return {
                student_id
                for student_id, due, at, more, penalty in connection.execute(rows)
                if penalty or (due and at and at > due + (more or timedelta()))
            }

    def penalties(self, assignment_name: str) -> dict[str, float]:
        """Return the points that each learner loses for being late."""
        taken = sql.func.sum(submitted_notebook.c.late_submission_penalty)
        rows = (
            sql.select(submitted_assignment.c.student_id, taken)
            .join(assignment, assignment.c.id == submitted_assignment.c.assignment_id)
            .join(
                submitted_notebook, submitted_notebook.c.assignment_id == submitted_assignment.c.id
            )
            .where(assignment.c.name == assignment_name)
            .group_by(submitted_assignment.c.student_id)
        )
        with self._engine.connect() as connection:
            return {
                student_id: float(points or 0) for student_id, points in connection.execute(rows)
            }

    def record(self, submission: Submission) -> list[Change]:
        """Write one result in one transaction and return which scores it changed.

        Manual marks and comments stay; a cell that has one is flagged for review, as nbgrader
        does, unless the submission is `known`.  Recording the same result twice changes nothing.
        """
        with self._engine.begin() as connection:
            cells = self._known_cells(connection, submission.assignment, submission.notebook)
            place = self._place(connection, submission, cells)
            return list(self._write(connection, submission, cells, place))

    # -- rows -----------------------------------------------------------------------------

    def _known_cells(
        self, connection: sql.Connection, assignment_name: str, notebook_name: str
    ) -> _Cells:
        key = (assignment_name, notebook_name)
        if key in self._cells:
            return self._cells[key]
        row = connection.execute(
            sql.select(notebook.c.id, assignment.c.id)
            .join(assignment, assignment.c.id == notebook.c.assignment_id)
            .where(assignment.c.name == assignment_name, notebook.c.name == notebook_name)
        ).first()
        if row is None:
            raise CourseError(
                f"The gradebook does not know the notebook {notebook_name}. "
                f"Hint: `python -m autograder grade {assignment_name}` makes it known."
            )
        rows = connection.execute(
            sql.select(
                base_cell.c.name,
                base_cell.c.id,
                base_cell.c.type,
                sql.func.coalesce(grade_cells.c.max_score, task_cells.c.max_score).label("most"),
            )
            .outerjoin(grade_cells, grade_cells.c.id == base_cell.c.id)
            .outerjoin(task_cells, task_cells.c.id == base_cell.c.id)
            .where(base_cell.c.notebook_id == row[0])
        ).all()
        graded = {r.name: r.id for r in rows if r.most is not None}
        self._cells[key] = _Cells(
            notebook_id=row[0],
            assignment_id=row[1],
            graded=graded,
            answers={r.name: r.id for r in rows if r.type in {"SolutionCell", "TaskCell"}},
            most={r.name: float(r.most) for r in rows if r.most is not None},
        )
        return self._cells[key]

    def _place(self, connection: sql.Connection, submission: Submission, cells: _Cells) -> str:
        """Return the submitted_notebook's id, making the rows above it where they miss."""
        _ensure(connection, student, {"id": submission.student}, {})
        handed = {"assignment_id": cells.assignment_id, "student_id": submission.student}
        submitted = _ensure(connection, submitted_assignment, handed, {"id": _new()})
        if submission.timestamp is not None:
            connection.execute(
                sql.update(submitted_assignment)
                .where(submitted_assignment.c.id == submitted)
                .values(timestamp=submission.timestamp)
            )
        # nbgrader makes a row for every notebook of the assignment; so must we.
        for other in connection.scalars(
            sql.select(notebook.c.id).where(notebook.c.assignment_id == cells.assignment_id)
        ).all():
            key = {"assignment_id": submitted, "notebook_id": other}
            _ensure(connection, submitted_notebook, key, {"id": _new(), "flagged": False})
        return _ensure(
            connection,
            submitted_notebook,
            {"assignment_id": submitted, "notebook_id": cells.notebook_id},
            {"id": _new(), "flagged": False},
        )

    def _write(
        self, connection: sql.Connection, submission: Submission, cells: _Cells, place: str
    ) -> Iterator[Change]:
        old = {
            row.cell_id: row
            for row in connection.execute(sql.select(grade).where(grade.c.notebook_id == place))
        }
        for name, cell_id in cells.graded.items():
            score = submission.scores.get(name, CellScore(None)).score
            row = old.get(cell_id)
            manual = row.manual_score if row is not None else None
            needs = manual is not None or score is None
            if row is not None and manual is not None and submission.known:
                needs = bool(row.needs_manual_grade) or row.auto_score != score
            values = {"auto_score": score, "needs_manual_grade": needs}
            if row is None:
                fresh = {"id": _new(), "notebook_id": place, "cell_id": cell_id}
                connection.execute(sql.insert(grade).values(**fresh, **values))
            elif (row.auto_score, bool(row.needs_manual_grade)) != tuple(values.values()):
                connection.execute(sql.update(grade).where(grade.c.id == row.id).values(**values))
                if row.auto_score != score:
                    yield Change(
                        submission.student, submission.notebook, name, row.auto_score, score
                    )
        said = {
            row.cell_id: row
            for row in connection.execute(sql.select(comment).where(comment.c.notebook_id == place))
        }
        for name, cell_id in cells.answers.items():
            text = submission.comments.get(name)
            if cell_id not in said:
                fresh = {"id": _new(), "notebook_id": place, "cell_id": cell_id}
                connection.execute(sql.insert(comment).values(**fresh, auto_comment=text))
            elif said[cell_id].auto_comment != text:
                connection.execute(
                    sql.update(comment)
                    .where(comment.c.id == said[cell_id].id)
                    .values(auto_comment=text)
                )


def _ensure(
    connection: sql.Connection, table: sql.Table, key: dict[str, Any], extra: dict[str, Any]
) -> str:
    """Return the id of the row with this key, making it with `extra` if there is none."""
    where = [table.c[column] == value for column, value in key.items()]
    found = connection.scalar(sql.select(table.c.id).where(*where))
    if found is None:
        connection.execute(sql.insert(table).values(**key, **extra))
        found = extra.get("id", key.get("id"))
    return str(found)


def _new() -> str:
    return uuid.uuid4().hex
