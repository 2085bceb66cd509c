"""The engine: plan, take in, execute, mark, record.

One process coordinates and is the only writer.  What runs learners' code is an executor of
`concurrent.futures`: local processes, or a Dask cluster; nothing here knows the difference.
Kill it anywhere and start it again: finished submissions are in the journal, and recording one
twice changes nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from autograder.grading.gradebook import CellScore, Change, Gradebook, Submission
from autograder.grading.intake import Intake, take_in
from autograder.grading.journal import Journal
from autograder.grading.marking import Trial, digest, mark, not_graded
from autograder.grading.plan import Assignment, Job
from autograder.grading.results import NotebookResult
from autograder.grading.storing import store

__all__ = ("Classroom", "Graded", "Progress", "grade")

_TRIES = 3


class Progress(Protocol):
    """Is told after each submission: how many of how many are done."""

    def __call__(self, done: int, total: int, result: NotebookResult) -> None:
        """Show it."""


@dataclass(frozen=True, slots=True)
class Classroom:
    """Where a class's files lie; all of it is made by grading and ignored by git."""

    root: Path

    @property
    def submitted(self) -> Path:
        """What learners handed in: `student/assignment/notebook.ipynb`."""
        return self.root / "submitted"

    @property
    def autograded(self) -> Path:
        """Executed notebooks with their reports, as nbgrader's formgrader shows them."""
        return self.root / "autograded"

    @property
    def feedback(self) -> Path:
        """One HTML page for each learner and notebook."""
        return self.root / "feedback"

    def journal(self, assignment: str) -> Path:
        """Return where the results of one assignment are kept."""
        return self.root / "journal" / f"{assignment}.jsonl"


@dataclass(slots=True)
class Graded:
    """What a run gave: results in the order of the plan, and scores that changed."""

    results: list[NotebookResult] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    reused: int = 0


Try = Callable[[str, dict[str, Any]], Trial]
"""Run one notebook of the assignment with this name; it must be picklable."""


@dataclass(slots=True)
class _Task:
    place: int
    job: Job
    intake: Intake
    tries: int = 0


def grade(
    assignment: Assignment,
    jobs: Sequence[Job],
    classroom: Classroom,
    book: Gradebook,
    *,
    pool: Callable[[], Executor],
    attempt: Try,
    width: int,
    again: bool = False,
    progress: Progress | None = None,
) -> Graded:
    """Grade every job and return the results.

    `pool` makes an executor; it is called again if its workers die.  At most `width`
    submissions are in the executor at a time.  Submissions whose text and whose notebook's
    source are unchanged are taken from the journal, unless `again`.
    """
    graded = Graded()
    found: dict[int, NotebookResult] = {}
    with Journal(classroom.journal(assignment.name)) as journal:

        def finish(place: int, result: NotebookResult, *, known: bool = False) -> None:
            if not known:
                journal.add(result)
            graded.changes += _record(result, assignment, jobs[place], classroom, book)
            found[place] = result
            if progress is not None:
                progress(len(found), len(jobs), result)

        todo: deque[_Task] = deque()
        for place, job in enumerate(jobs):
            intake = take_in(job.folder, assignment.name, assignment.released)
            if intake.notebook is None:
                finish(place, not_graded(assignment, job, intake))
                continue
            key = digest(intake.notebook, intake.notes)
            known = journal.find(job.student, assignment.name, key, assignment.digest)
            if known is not None and known.state == "graded" and not again:
                graded.reused += 1
                finish(place, known, known=True)
            else:
                todo.append(_Task(place, job, intake))
        for task, trial in _run(todo, assignment.name, pool, attempt, width):
            finish(task.place, mark(assignment, task.job, task.intake, trial))
    graded.results = [found[place] for place in range(len(jobs))]
    return graded


def _run(
    todo: deque[_Task], name: str, pool: Callable[[], Executor], attempt: Try, width: int
) -> Iterator[tuple[_Task, Trial]]:
    """Yield tasks as they finish; an executor whose workers died is replaced."""
    while todo:
        with pool() as executor:
            running: dict[Future[Trial], _Task] = {}
            broken = False
            while (todo or running) and not broken:
                while todo and len(running) < width:
                    task = todo.popleft()
                    task.tries += 1
                    running[executor.submit(attempt, name, task.intake.notebook or {})] = task
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    task = running.pop(future)
                    try:
                        yield task, future.result()
                    except Exception as error:  # noqa: BLE001 - any way a worker can fail
                        broken = True
                        if task.tries < _TRIES:
                            todo.append(task)
                        else:
                            yield task, _given_up(error)
            # What else was in a broken executor goes back; it was not to blame.
            for future, task in running.items():
                future.cancel()
                task.tries -= 1
                todo.appendleft(task)


def _given_up(error: Exception) -> Trial:
    return Trial(
        outputs={},
        judgements={},
        jail="",
        reason=f"The grader's worker failed {_TRIES} times on it ({type(error).__name__}).",
    )


def _record(
    result: NotebookResult,
    assignment: Assignment,
    job: Job,
    classroom: Classroom,
    book: Gradebook,
) -> list[Change]:
    """Write one result where nbgrader looks for it; doing it twice changes nothing."""
    if result.state == "missing":
        return []
    store(result, assignment, classroom.autograded)
    scores = {exercise.grade_id: CellScore(exercise.earned) for exercise in result.exercises}
    comments = {
        answer: "No response."
        for cell in assignment.graded
        for answer in cell.answers
        if any(
            e.grade_id == cell.grade_id and e.outcome == "not attempted" for e in result.exercises
        )
    }
    return book.record(
        Submission(
            student=result.student,
            assignment=result.assignment,
            notebook=result.notebook,
            scores=scores,
            comments=comments,
            timestamp=job.handed_in,
        )
    )
