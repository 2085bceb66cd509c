"""Who runs learners' notebooks: this machine, or a Dask cluster.

Each process that runs any has one grader, which starts two servers: of jails and of witnesses.
A submission is a fork of both, so a thread of the process only waits for it.  That is why the
local executor has threads: the processes that compute are the forks.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from autograder.errors import CourseError
from autograder.grading.grader import Grader, Seen, Verdict
from autograder.grading.jobs import Blueprint
from autograder.grading.limits import Limits
from autograder.grading.marking import REPORT, Judgement, Trial
from autograder.grading.outer import choose
from autograder.grading.plan import Assignment, library
from autograder.grading.vetting import Vetting

__all__ = ("Attempt", "Workers", "local", "usual_jobs", "version")

_JOBS_A_CORE = 3
"""A submission's jail and its witness take turns: with three of them no core waits."""
_MEMORY_A_JOB = 1 << 30


@dataclass(frozen=True, slots=True)
class Workers:
    """Something that runs submissions: `make` gives an executor, `width` is how many at a time.

    `wall` names what keeps learners' code in.  `warm` starts in advance what takes a while.
    `attend` raises when nobody is at work any more, and none will come.
    """

    make: Callable[[], AbstractContextManager[Executor]]
    width: int
    wall: str
    warm: Callable[[], None] | None = None
    attend: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """Runs one notebook of one assignment.

    It is plain data and travels to any worker: no worker needs the course's files.  `source` is
    the source notebook as JSON, `files` are the path and content of what lies beside a notebook.
    `vets` says that the source has the solution, by which a teacher's own checks are tried out.
    """

    source: bytes
    files: tuple[tuple[str, bytes], ...]
    unsafe: bool = False
    vets: bool = True
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def of(cls, assignment: Assignment, *, unsafe: bool = False, vets: bool = True) -> Attempt:
        """Make the attempt of an assignment."""
        source = msgspec.json.encode(assignment.source)
        return cls(source, tuple(assignment.files.items()), unsafe, vets)

    def __call__(self, name: str, notebook: dict[str, Any]) -> Trial:
        """Run one submission, and return what was seen.  Raises if the servers are gone."""
        del name
        blueprint = _blueprint(self)
        known = blueprint.epilogue(notebook)
        job = blueprint.job(notebook, without=known)
        with _graders.use(unsafe=self.unsafe) as grader:
            seen = grader.grade(job)

            def solution() -> Seen:
                return grader.grade(blueprint.job(msgspec.json.decode(self.source)))

            verdicts = seen.verdicts
            if self.vets:
                verdicts = _vetting.vetted(self, blueprint.checks, seen, solution)
        return Trial(
            outputs=seen.outputs if seen.reason else {**seen.outputs, **known},
            judgements={
                grade_id: Judgement(bundle=verdict.bundle, reason=verdict.reason)
                for grade_id, verdict in verdicts.items()
            },
            jail=seen.wall,
            reason=seen.reason,
            shaken=bool(seen.reason)
            or "died" in seen.states.values()
            or any(_lost(verdict) for verdict in seen.verdicts.values()),
        )


def _lost(verdict: Verdict) -> bool:
    """Tell whether a kernel's death or a limit had a part in this verdict."""
    if verdict.bundle is None or verdict.reason:
        return True
    report = verdict.bundle[REPORT]
    return bool(report["outcome"] == "could not judge")


_vetting = Vetting()


@lru_cache(8)
def _blueprint(attempt: Attempt) -> Blueprint:
    source = msgspec.json.decode(attempt.source)
    return Blueprint(source, files=dict(attempt.files), limits=attempt.limits)


class _Graders:
    """The graders of this process: one with a wall, perhaps one without.

    One that fails is taken away, and closed when the last submission has left it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._current: dict[bool, Grader] = {}
        self._users: dict[Grader, int] = {}

    @contextmanager
    def use(self, *, unsafe: bool) -> Iterator[Grader]:
        """Give the grader, starting it if there is none."""
        with self._lock:
            grader = self._there(unsafe=unsafe)
            self._users[grader] += 1
        try:
            yield grader
        except CourseError:
            with self._lock:
                if self._current.get(unsafe) is grader:
                    del self._current[unsafe]
            raise
        finally:
            with self._lock:
                self._users[grader] -= 1
                last = self._users[grader] == 0 and grader not in self._current.values()
                if last:
                    del self._users[grader]
            if last:
                grader.close()

    def warm(self, *, unsafe: bool) -> None:
        """Start the grader if there is none; whoever uses it waits until it is ready."""
        with self._lock:
            self._there(unsafe=unsafe)

    def _there(self, *, unsafe: bool) -> Grader:
        grader = self._current.get(unsafe)
        if grader is None:
            grader = self._current[unsafe] = Grader(choose(unsafe=unsafe))
            self._users[grader] = 0
        return grader

    def close(self) -> None:
        """End them all, with whatever runs in them."""
        with self._lock:
            graders = list(self._current.values())
            self._current.clear()
            for grader in graders:
                if not self._users[grader]:
                    del self._users[grader]
        for grader in graders:
            grader.close()


_graders = _Graders()


# -- this machine -----------------------------------------------------------------------------


class _Threads(ThreadPoolExecutor):
    """Threads that wait for jails; left by an error, it ends the jails at once."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None:
            self.shutdown(wait=False, cancel_futures=True)
            _graders.close()
        self.shutdown()


def usual_jobs() -> int:
    """Return how many submissions this machine should run at a time."""
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(_JOBS_A_CORE * cores, memory // _MEMORY_A_JOB))


@contextmanager
def local(jobs: int | None = None, *, unsafe: bool = False) -> Iterator[Workers]:
    """Run up to `jobs` submissions at a time on this machine.

    Raises `CourseError` if no wall works here and nobody asked to go without.
    """
    wall = choose(unsafe=unsafe)
    width = jobs or usual_jobs()
    try:
        yield Workers(
            lambda: _Threads(width, thread_name_prefix="submission"),
            width,
            wall.name,
            lambda: _graders.warm(unsafe=unsafe),
        )
    finally:
        _graders.close()


def version() -> str:
    """Return what tells this installation's grader and checks from another's."""
    home = Path(__file__).parent
    own = hashlib.sha256(library())
    for path in sorted(home.rglob("*.py")):
        own.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes())
    return own.hexdigest()
