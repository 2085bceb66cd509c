"""Run submissions on a Dask cluster instead of this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from time import sleep  # noqa: TID251 - it waits for a real cluster
from typing import Any

from autograder.errors import CourseError
from autograder.grading.attending import PATIENCE, Attendance
from autograder.grading.outer import choose
from autograder.grading.workers import Workers, version

__all__ = ("cluster", "probe")

_LOOK = 0.5  # seconds between two looks for a cluster's first worker


@contextmanager
def cluster(
    address: str,
    jobs: int | None = None,
    *,
    unsafe: bool = False,
    patience: float = PATIENCE,
    say: Callable[[str], None] = print,
) -> Iterator[Workers]:
    """Run submissions on the workers of a `dask.distributed` scheduler.

    Workers that come later take part; without any for `patience` seconds, at the beginning or
    in the middle, the run ends.  `say` shows a sentence to whoever waits.  Raises `CourseError`
    if the scheduler cannot be reached, has no workers for so long, or one of them is not fit.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, and it takes a second
    except ImportError as error:
        raise CourseError(
            "Dask is not installed. Hint: `pip install -e '.[cluster]'` in the course's root."
        ) from error
    try:
        make: Any = Client  # it is not typed
        client = make(address, timeout=20, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CourseError(
            f"No Dask scheduler answers at {address}: {error}. Hint: start one with"
            " `dask scheduler`, and give the address that it prints."
        ) from error
    with client:
        attend = Attendance(lambda: len(client.nthreads()), say, patience=patience)
        while not client.nthreads():
            attend()
            sleep(_LOOK)
        walls = _look_at(client.run(probe, unsafe=unsafe, on_error="return"))
        width = jobs or 2 * sum(client.nthreads().values())
        yield Workers(
            lambda: _cancelling(client.get_executor(pure=False)), width, walls, attend=attend
        )


@contextmanager
def _cancelling(executor: Executor) -> Iterator[Executor]:
    """Give a cluster's executor; left by an error, it takes back what it gave out."""
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=False)
        raise
    executor.shutdown()


def probe(*, unsafe: bool) -> tuple[str, str]:
    """Tell which wall this worker has and which version of the library."""
    return choose(unsafe=unsafe).name, version()


def _look_at(said: dict[str, Any]) -> str:
    """Return the walls' names; raises `CourseError` if a worker will not do."""
    if not said:
        raise CourseError("The Dask cluster has no workers. Hint: start some with `dask worker`.")
    for worker, answer in said.items():
        if isinstance(answer, BaseException):
            raise CourseError(f"The Dask worker {worker} cannot grade: {answer}")
        if answer[1] != version():
            raise CourseError(
                f"The Dask worker {worker} has another version of this course. "
                "Hint: install the same one everywhere, and start the workers again."
            )
    return ", ".join(sorted({wall for wall, _ in said.values()}))
