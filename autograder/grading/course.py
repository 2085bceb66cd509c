"""Grade a class: every assignment that anybody handed in, one after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import CourseError
from autograder.grading.engine import Classroom, Progress, grade
from autograder.grading.gradebook import Gradebook
from autograder.grading.late import penalise
from autograder.grading.plan import handed_in, load, passed_over, plan
from autograder.grading.register import ready
from autograder.grading.results import NotebookResult
from autograder.grading.scores import Change
from autograder.grading.workers import Attempt, Workers

__all__ = ("Run", "chosen", "grade_class", "gradebook_url")


@dataclass(slots=True)
class Run:
    """What grading a class gave.

    `reused` counts results that were known already, `penalties` are points lost for being late
    by learner and assignment, and `passed_over` tells of folders that are nobody's.
    """

    wall: str
    results: list[NotebookResult] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    penalties: dict[tuple[str, str], float] = field(default_factory=dict)
    passed_over: list[str] = field(default_factory=list)
    reused: int = 0

    @property
    def whole(self) -> bool:
        """Tell whether everything was graded, but for what a person has to mark."""
        return not self.passed_over and all(result.state == "graded" for result in self.results)


def grade_class(
    root: Path,
    names: Sequence[str],
    classroom: Classroom,
    url: str,
    workers: Workers,
    *,
    students: Sequence[str] = (),
    again: bool = False,
    unsafe: bool = False,
    progress: Callable[[str], Progress] | None = None,
) -> Run:
    """Grade assignments of the course in `root` and record them in the gradebook at `url`.

    `progress` is called with each assignment's name and gives what is told of its submissions.
    Raises `CourseError` if nothing was handed in.
    """
    run = Run(workers.wall, passed_over=passed_over(classroom.submitted))
    for name in names:
        assignment = load(root, name)
        jobs = plan(classroom.submitted, name, students)
        ready(url, assignment, root, workers.warm if jobs else None)
        with Gradebook(url) as book:
            graded = grade(
                assignment,
                jobs,
                classroom,
                book,
                pool=workers.make,
                attempt=Attempt.of(assignment, unsafe=unsafe),
                width=workers.width,
                again=again,
                unwalled=unsafe,
                progress=progress(name) if progress else None,
                attend=workers.attend,
            )
            taken = penalise(url, book, name, [job.student for job in jobs])
        run.results += graded.results
        run.changes += graded.changes
        run.reused += graded.reused
        run.penalties |= {(student, name): points for student, points in taken.items()}
    return run


def chosen(
    classroom: Classroom, names: Sequence[str], wanted: Sequence[str], students: Sequence[str]
) -> Sequence[str]:
    """Return which of `names` to grade: those `wanted`, or all that anybody handed in."""
    if wanted:
        return names
    found = handed_in(classroom.submitted, names, students)
    if not found:
        raise CourseError(
            f"Nobody handed in anything in {classroom.submitted}. Hint: collect it there, as "
            "STUDENT/NOTEBOOK/NOTEBOOK.ipynb, or name another class with --classroom."
        )
    return found


def gradebook_url(url: str) -> str:
    """Return the URL that SQLAlchemy wants; raises `CourseError` if a driver is missing."""
    # psycopg is the driver that `[postgres]` installs; without a name another one is looked for.
    for short in ("postgresql://", "postgres://"):
        if url.startswith(short):
            url = "postgresql+psycopg://" + url.removeprefix(short)
    if url.startswith("postgresql+psycopg://"):
        try:
            import psycopg  # noqa: F401, PLC0415 - an extra
        except ImportError as error:
            raise CourseError(
                "The driver of PostgreSQL is not installed. "
                "Hint: `pip install -e '.[postgres]'` in the course's root."
            ) from error
    if "://" not in url:
        url = f"sqlite:///{Path(url).absolute()}"
    return url
