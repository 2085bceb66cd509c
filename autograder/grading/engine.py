"""The engine: plan, take in, execute, mark, record.

One process coordinates and is the only writer.  What runs learners' code is an executor of
`concurrent.futures`: local ones, or a Dask cluster's; nothing here knows the difference.
Kill it anywhere and start it again: finished submissions are in the journal, and recording one
twice changes nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec

from autograder.grading.gradebook import Gradebook
from autograder.grading.intake import take_in
from autograder.grading.journal import Head, Journal
from autograder.grading.marking import digest, mark, not_graded, when
from autograder.grading.plan import Assignment, Job
from autograder.grading.results import NotebookResult, light, walled
from autograder.grading.running import Task, Try, run
from autograder.grading.scores import CellScore, Change, Submission
from autograder.grading.storing import store

__all__ = ("Classroom", "Graded", "Progress", "grade")


class Progress(Protocol):
    """Is told after each submission: how many of how many are done."""

    def __call__(self, done: int, total: int, result: NotebookResult, /) -> None:
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

    @property
    def gradebook(self) -> str:
        """The URL of the class's own gradebook."""
        return f"sqlite:///{(self.root / 'gradebook.db').absolute()}"

    def journal(self, assignment: str) -> Path:
        """Return where the results of one assignment are kept."""
        return self.root / "journal" / f"{assignment}.jsonl"


@dataclass(slots=True)
class Graded:
    """What a run gave: results in the order of the plan, and scores that changed.

    The results are without executed cells and pages; those are in the journal.
    """

    results: list[NotebookResult] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    reused: int = 0


def grade(
    assignment: Assignment,
    jobs: Sequence[Job],
    classroom: Classroom,
    book: Gradebook,
    *,
    pool: Callable[[], AbstractContextManager[Executor]],
    attempt: Try,
    width: int,
    again: bool = False,
    unwalled: bool = False,
    progress: Progress | None = None,
    attend: Callable[[], None] | None = None,
) -> Graded:
    """Grade every job and return the results.

    `pool` makes an executor; it is called again if its workers die.  At most `width`
    submissions are in the executor, and in memory, at a time.  Submissions whose text and whose
    notebook's source are unchanged are taken from the journal, unless `again`; results of a run
    without a wall only if `unwalled` says that this is one, too.  `attend` is called from time
    to time while nothing comes back; what it raises ends the run.
    """
    graded = Graded()
    found: dict[int, NotebookResult] = {}
    with Journal(classroom.journal(assignment.name)) as journal:

        def finish(place: int, result: NotebookResult, *, known: bool = False) -> None:
            why = _why(journal.newest(result.student, result.notebook), result)
            if not known:
                journal.add(result)
            changes = _record(result, assignment, jobs[place], classroom, book, known=known)
            graded.changes += [dataclasses.replace(change, why=why) for change in changes]
            found[place] = light(result)
            if progress is not None:
                progress(len(found), len(jobs), found[place])

        def tasks() -> Iterator[Task]:
            for place, job in enumerate(jobs):
                intake = take_in(job.folder, assignment.name, assignment.released, assignment.files)
                if intake.notebook is None:
                    result = not_graded(assignment, job, intake)
                    known = journal.find(*_key(result))
                    finish(place, result, known=known == result)
                    continue
                key = digest(intake.notebook, intake.notes)
                known = journal.find(job.student, assignment.name, key, assignment.digest)
                good = known is not None and known.state == "graded"
                if known is None or again or not good or not (unwalled or walled(known.jail)):
                    yield Task(place, job, intake)
                    continue
                graded.reused += 1
                current = msgspec.structs.replace(
                    known, notes=(*job.notes, *intake.notes), handed_in=when(job)
                )
                finish(place, current, known=current == known)

        for task, trial in run(tasks(), assignment.name, pool, attempt, width, attend):
            finish(task.place, mark(assignment, task.job, task.intake, trial))
    graded.results = [found[place] for place in range(len(jobs))]
    return graded


def _key(result: NotebookResult) -> tuple[str, str, str, str]:
    return (result.student, result.notebook, result.submission, result.source)


def _why(before: Head | None, result: NotebookResult) -> str:
    """Return why a submission was graded once more, for the list of changes."""
    if before is None:
        return "it had been graded by other means"
    if before.submission != result.submission:
        return "it was handed in anew"
    if before.source != result.source:
        return "the notebook or its checks changed"
    if before.state != "graded":
        return "it could not be judged whole before"
    return "it was graded again"


def _record(
    result: NotebookResult,
    assignment: Assignment,
    job: Job,
    classroom: Classroom,
    book: Gradebook,
    *,
    known: bool,
) -> list[Change]:
    """Write one result where nbgrader looks for it; doing it twice changes nothing."""
    if result.state == "missing":
        return []
    store(result, assignment, classroom.autograded, job.handed_in)
    scores = {exercise.grade_id: CellScore(exercise.earned) for exercise in result.exercises}
    idle = {e.grade_id for e in result.exercises if e.outcome == "not attempted"}
    comments = {
        answer: "No response."
        for cell in assignment.graded
        if cell.grade_id in idle
        for answer in cell.answers
    }
    return book.record(
        Submission(
            student=result.student,
            assignment=result.assignment,
            notebook=result.notebook,
            scores=scores,
            comments=comments,
            timestamp=job.handed_in,
            known=known,
        )
    )
