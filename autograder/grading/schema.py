"""The tables of nbgrader's gradebook, as far as they are used here, and the version they are of."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sql

__all__ = (
    "SCHEMA_VERSION",
    "alembic_version",
    "assignment",
    "base_cell",
    "comment",
    "grade",
    "grade_cells",
    "notebook",
    "student",
    "submitted_assignment",
    "submitted_notebook",
    "tables",
    "task_cells",
)

SCHEMA_VERSION = "e43177bfe90b"
"""nbgrader's own (alembic) version of the gradebook's schema."""

metadata = sql.MetaData()


def _table(table: str, /, **columns: sql.types.TypeEngine[Any]) -> sql.Table:
    return sql.Table(
        table,
        metadata,
        *(sql.Column(column, kind, primary_key=column == "id") for column, kind in columns.items()),
    )


_id, _name, _bool, _float = sql.String(32), sql.String(128), sql.Boolean(), sql.Float()
student = _table("student", id=_name)
assignment = _table("assignment", id=_id, name=_name, duedate=sql.DateTime())
notebook = _table("notebook", id=_id, name=_name, assignment_id=_id)
submitted_assignment = _table(
    "submitted_assignment",
    id=_id,
    assignment_id=_id,
    student_id=_name,
    timestamp=sql.DateTime(),
    extension=sql.Interval(),
)
submitted_notebook = _table(
    "submitted_notebook",
    id=_id,
    assignment_id=_id,
    notebook_id=_id,
    flagged=_bool,
    late_submission_penalty=_float,
)
base_cell = _table("base_cell", id=_id, name=_name, notebook_id=_id, type=sql.String(50))
grade_cells = _table("grade_cells", id=_id, max_score=_float, cell_type=sql.String(8))
task_cells = _table("task_cells", id=_id, max_score=_float, cell_type=sql.String(8))
grade = _table(
    "grade",
    id=_id,
    notebook_id=_id,
    cell_id=_id,
    auto_score=_float,
    manual_score=_float,
    extra_credit=_float,
    needs_manual_grade=_bool,
)
comment = _table(
    "comment",
    id=_id,
    notebook_id=_id,
    cell_id=_id,
    auto_comment=sql.Text(),
    manual_comment=sql.Text(),
)
alembic_version = sql.Table(
    "alembic_version", metadata, sql.Column("version_num", sql.String(32), primary_key=True)
)


def tables() -> dict[str, set[str]]:
    """Return the tables and columns that are used here, to be compared with nbgrader's own."""
    return {
        table.name: {column.name for column in table.columns} for table in metadata.sorted_tables
    }
