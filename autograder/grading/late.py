"""Late penalties, by nbgrader's own plug-in and settings.

Importing nbgrader takes seconds, so it is asked only where somebody is late.
"""

from __future__ import annotations

from collections.abc import Collection

from autograder.grading.gradebook import Gradebook

__all__ = ("penalise",)


def penalise(
    url: str, book: Gradebook, assignment: str, students: Collection[str]
) -> dict[str, float]:
    """Set the penalty of each of these learners who is late, and take it off who is not.

    What it comes to is decided by `c.AssignLatePenalties` in `nbgrader_config.py`, which by
    default takes nothing.  Returns the penalties that were given.
    """
    late = sorted(book.late(assignment) & set(students))
    if not late:
        return {}
    from nbformat.v4 import new_notebook  # noqa: PLC0415 - takes seconds
    from nbgrader.preprocessors import AssignLatePenalties  # noqa: PLC0415

    from autograder.release.build import nbgrader_config  # noqa: PLC0415

    step = AssignLatePenalties(config=nbgrader_config())
    notebook = new_notebook()  # type: ignore[no-untyped-call]
    step.log.setLevel("ERROR")  # it warns of every late learner, which is not news
    for student in late:
        names = {"notebook": assignment, "assignment": assignment, "student": student}
        step.preprocess(notebook, {"nbgrader": {**names, "db_url": url}})
    return {s: taken for s, taken in book.penalties(assignment).items() if s in late and taken}
