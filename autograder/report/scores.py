"""What a submission is worth once people's marks are counted, as nbgrader counts them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from autograder.grading.gradebook import Gradebook
from autograder.grading.results import ExerciseResult, NotebookResult
from autograder.grading.scores import Mark

__all__ = ("Marks", "is_judged", "score", "total", "waiting", "what_people_gave")

Marks = Mapping[str, Mark]
"""What people gave one submission, by the graded cell's id."""

_NONE = Mark()


def what_people_gave(
    url: str, names: Iterable[str]
) -> tuple[dict[tuple[str, str], Marks], set[tuple[str, str]]]:
    """Return people's marks, and who was late, by learner and assignment."""
    marks: dict[tuple[str, str], Marks] = {}
    late: set[tuple[str, str]] = set()
    with Gradebook(url) as book:
        for name in names:
            marks |= {(student, name): given for student, given in book.marks(name, name).items()}
            late |= {(student, name) for student in book.late(name)}
    return marks, late


def score(exercise: ExerciseResult, marks: Marks) -> float:
    """Return an exercise's points: a mark by hand replaces what the checks gave."""
    mark = marks.get(exercise.grade_id, _NONE)
    return float((exercise.earned or 0.0) if mark.score is None else mark.score) + mark.extra


def total(result: NotebookResult, marks: Marks) -> float:
    """Return a submission's points, before anything is taken off for being late."""
    return sum(score(exercise, marks) for exercise in result.exercises)


def is_judged(result: NotebookResult, marks: Marks) -> bool:
    """Tell whether anything was judged; of what nothing was there is no score, not even 0."""
    return any(
        exercise.earned is not None or marks.get(exercise.grade_id, _NONE).score is not None
        for exercise in result.exercises
    )


def waiting(result: NotebookResult, marks: Marks) -> list[ExerciseResult]:
    """Return the questions that a person has yet to mark."""
    return [
        exercise
        for exercise in result.exercises
        if exercise.outcome == "to be marked" and marks.get(exercise.grade_id, _NONE).score is None
    ]
