"""The engine: plan, take in, execute, mark, record.

One process coordinates and is the only writer.  What runs learners' code is an executor of
`concurrent.futures`: local ones, or a Dask cluster's; nothing here knows the difference.
Kill it anywhere and start it again: finished submissions are in the journal, and recording one
twice changes nothing.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import msgspec

from autograder.grading.gradebook import CellScore, Change, Gradebook, Submission
from autograder.grading.intake import Intake, take_in
from autograder.grading.journal import Head, Journal
from autograder.grading.marking import Trial, digest, mark, not_graded, when
from autograder.grading.plan import Assignment, Job
from autograder.grading.results import NotebookResult, light, walled
from autograder.grading.storing import store

__all__ = ("Classroom", "Graded", "Progress", "grade")

_TRIES = 3


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


Try = Callable[[str, dict[str, Any]], Trial]
"""Run one notebook of the assignment with this name; it must be picklable."""


@dataclass(slots=True)
class _Task:
    place: int
    job: Job
    intake: Intake
    failures: int = 0
    repeated: bool = False


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
    unwalled: bool = False,
    progress: Progress | None = None,
) -> Graded:
    """Grade every job and return the results.

    `pool` makes an executor; it is called again if its workers die.  At most `width`
    submissions are in the executor, and in memory, at a time.  Submissions whose text and whose
    notebook's source are unchanged are taken from the journal, unless `again`; results of a run
    without a wall only if `unwalled` says that this is one, too.
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

        def tasks() -> Iterator[_Task]:
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
                    yield _Task(place, job, intake)
                    continue
                graded.reused += 1
                current = msgspec.structs.replace(
                    known, notes=(*job.notes, *intake.notes), handed_in=when(job)
                )
                finish(place, current, known=current == known)

        for task, trial in _run(tasks(), assignment.name, pool, attempt, width):
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


def _run(
    tasks: Iterator[_Task], name: str, pool: Callable[[], Executor], attempt: Try, width: int
) -> Iterator[tuple[_Task, Trial]]:
    """Yield tasks as they finish; an executor whose workers died is replaced.

    Whatever was running when a worker died is suspect and runs alone the next time: so nobody
    is given up for what another submission did.  A trial that a kernel's death or a limit of
    time had a part in is run once more at the end, when less else is running: a learner's code
    does it again, a machine that was short of memory or time does not.
    """
    queue = _Queue(tasks)
    while queue:
        running: dict[Future[Trial], _Task] = {}
        broken = False
        with pool() as executor:
            while running or not broken:
                while not broken and len(running) < width and not queue.waits_for(running.values()):
                    task = queue.take()
                    if task is None:
                        break
                    running[_submit(executor, attempt, name, task)] = task
                if not running:
                    break
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    task = running.pop(future)
                    try:
                        trial = future.result()
                    except Exception as error:  # noqa: BLE001 - any way a worker can fail
                        broken = True
                        task.failures += 1
                        if task.failures < _TRIES:
                            queue.suspects.append(task)
                            continue
                        trial = _given_up(error)
                    if trial.shaken and not task.repeated:
                        task.repeated = True
                        queue.shaken.append(task)
                    else:
                        yield task, trial


class _Queue:
    """What is still to be run: suspects first, then the class, then who was shaken."""

    def __init__(self, tasks: Iterator[_Task]) -> None:
        self._tasks = tasks
        self._next = next(tasks, None)
        self.suspects: deque[_Task] = deque()
        self.shaken: deque[_Task] = deque()

    def __bool__(self) -> bool:
        return self._next is not None or bool(self.suspects or self.shaken)

    def waits_for(self, running: Collection[_Task]) -> bool:
        """Tell whether what is running must be left alone: a suspect, or others before one."""
        return bool(running) and (bool(self.suspects) or any(t.failures for t in running))

    def take(self) -> _Task | None:
        """Return the next one, if there is any."""
        if self.suspects:
            return self.suspects.popleft()
        if self._next is not None:
            task, self._next = self._next, next(self._tasks, None)
            return task
        return self.shaken.popleft() if self.shaken else None


def _submit(executor: Executor, attempt: Try, name: str, task: _Task) -> Future[Trial]:
    try:
        return executor.submit(attempt, name, task.intake.notebook or {})
    except Exception as error:  # noqa: BLE001 - an executor may be broken before it has begun
        failed: Future[Trial] = Future()
        failed.set_exception(error)
        return failed


def _given_up(error: Exception) -> Trial:
    told = " ".join(str(error).split())[:300]
    return Trial(
        outputs={},
        judgements={},
        jail="",
        reason=f"The grader's worker failed {_TRIES} times on it ({type(error).__name__}: {told}).",
    )


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
