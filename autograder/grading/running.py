"""Run a class's submissions in an executor, whatever its workers do."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from autograder.grading.intake import Intake
from autograder.grading.marking import Trial
from autograder.grading.plan import Job

__all__ = ("Task", "Try", "run")

_TRIES = 3
_LOOK = 1.0  # seconds between two looks at who works

Try = Callable[[str, dict[str, Any]], Trial]
"""Run one notebook of the assignment with this name; it must be picklable."""


@dataclass(slots=True)
class Task:
    """One submission on its way."""

    place: int
    job: Job
    intake: Intake
    failures: int = 0
    repeated: bool = False


def run(
    tasks: Iterator[Task],
    name: str,
    pool: Callable[[], AbstractContextManager[Executor]],
    attempt: Try,
    width: int,
    attend: Callable[[], None] | None,
) -> Iterator[tuple[Task, Trial]]:
    """Yield tasks as they finish; an executor whose workers died is replaced.

    Whatever was running when a worker died is suspect and runs alone the next time: so nobody
    is given up for what another submission did.  A trial that a kernel's death or a limit of
    time had a part in is run once more at the end, when less else is running: a learner's code
    does it again, a machine that was short of memory or time does not.
    """
    queue = _Queue(tasks)
    while queue:
        running: dict[Future[Trial], Task] = {}
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
                done = _first(running, attend)
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


def _first(
    running: Collection[Future[Trial]], attend: Callable[[], None] | None
) -> Collection[Future[Trial]]:
    """Wait until some are done, and look from time to time whether anybody works on them."""
    done, _ = wait(running, None if attend is None else _LOOK, FIRST_COMPLETED)
    while not done and attend is not None:
        attend()
        done, _ = wait(running, _LOOK, FIRST_COMPLETED)
    return done


class _Queue:
    """What is still to be run: suspects first, then the class, then who was shaken."""

    def __init__(self, tasks: Iterator[Task]) -> None:
        self._tasks = tasks
        self._next = next(tasks, None)
        self.suspects: deque[Task] = deque()
        self.shaken: deque[Task] = deque()

    def __bool__(self) -> bool:
        return self._next is not None or bool(self.suspects or self.shaken)

    def waits_for(self, running: Collection[Task]) -> bool:
        """Tell whether what is running must be left alone: a suspect, or others before one."""
        return bool(running) and (bool(self.suspects) or any(t.failures for t in running))

    def take(self) -> Task | None:
        """Return the next one, if there is any."""
        if self.suspects:
            return self.suspects.popleft()
        if self._next is not None:
            task, self._next = self._next, next(self._tasks, None)
            return task
        return self.shaken.popleft() if self.shaken else None


def _submit(executor: Executor, attempt: Try, name: str, task: Task) -> Future[Trial]:
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
