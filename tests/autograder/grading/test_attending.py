"""A cluster without workers is told of, waited for, and given up; what is finished is kept."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import CourseError
from autograder.grading.attending import Attendance
from autograder.grading.running import run
from tests.classroom import NAME, RIGHT, Class, grades


class Cluster:
    """A cluster whose workers come and go by a script, a second between two looks."""

    def __init__(self, workers: list[int]) -> None:
        self.seconds = 0
        self.said: list[str] = []
        self._workers = workers

    def count(self) -> int:
        """Return how many workers there are now."""
        return self._workers[min(self.seconds, len(self._workers) - 1)]

    def look(self, times: int, patience: float) -> None:
        """Look so many times, a second apart."""
        attend = Attendance(
            self.count, self.said.append, patience=patience, now=lambda: float(self.seconds)
        )
        for _ in range(times):
            attend()
            self.seconds += 1


def test_a_cluster_with_workers_is_left_alone() -> None:
    """Nothing is said of one that has workers, nor of a moment without."""
    cluster = Cluster([2] * 20 + [0] * 9 + [1])
    cluster.look(100, 30)
    assert cluster.said == []


def test_a_cluster_without_workers_is_told_of_and_given_up() -> None:
    """After ten seconds it is said, then every minute, and in the end there is an error."""
    cluster = Cluster([0])
    with pytest.raises(CourseError, match=r"had no worker for 300 s\. Hint: .* is kept\."):
        cluster.look(1000, 300)
    assert cluster.seconds == 300
    left = [re.findall(r"waiting for one, (\d+) s more\. Hint: ", said) for said in cluster.said]
    assert left == [["290"], ["230"], ["170"], ["110"], ["50"]]


def test_workers_that_come_back_are_told_of() -> None:
    """The patience begins anew with each worker."""
    cluster = Cluster(([0] * 25 + [1]) * 4)
    cluster.look(100, 30)
    assert [said.split(":")[0] for said in cluster.said] == [
        "The Dask cluster has no worker",
        "The Dask cluster has workers again.",
    ] * 3 + ["The Dask cluster has no worker"]


class Deserted(Executor):
    """An executor whose workers have gone: what is given to it never comes back."""

    def __init__(self) -> None:
        self.taken: list[Future[Any]] = []

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        """Take the work, and do nothing."""
        self.taken.append(Future())
        return self.taken[-1]


def test_the_engine_asks_while_nothing_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks again and again, and ends with the error."""
    monkeypatch.setattr("autograder.grading.running._LOOK", 0.0)
    looks: list[int] = []

    def attend() -> None:
        looks.append(1)
        if len(looks) == 5:
            raise CourseError("Nobody is there.")

    tasks: Any = iter([type("Task", (), {"intake": type("", (), {"notebook": {}}), "failures": 0})])
    nothing: Callable[..., Any] = dict
    with pytest.raises(CourseError, match="Nobody is there"):
        list(run(tasks, NAME, Deserted, nothing, 1, attend))
    assert len(looks) == 5


SCHEDULER = """
import asyncio, sys
from distributed import Scheduler, Worker
async def main():
    async with Scheduler(host="127.0.0.1", port=0, dashboard_address=None) as scheduler:
        print(scheduler.address, flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line == "worker\\n":
                worker = await Worker(scheduler.address, dashboard_address=None, nthreads=1)
            else:
                await worker.close(reason="told to")
            print("done", flush=True)
asyncio.run(main())
"""


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Start a scheduler without workers; return what tells it to get or lose one."""
    with (
        (tmp_path / "scheduler.log").open("w") as log,
        subprocess.Popen(
            [sys.executable, "-c", SCHEDULER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        lines = process.stdin, process.stdout
        address = lines[1].readline().strip()

        def tell(what: str) -> str:
            if what:
                lines[0].write(f"{what}\n")
                lines[0].flush()
                assert lines[1].readline() == "done\n"
            return address

        yield tell
        process.terminate()


@pytest.mark.needs("bwrap")
def test_a_run_without_workers_ends_and_goes_on_later(
    room: Class, scheduler: Callable[[str], str]
) -> None:
    """It ends with an error that says what to do; with a worker, the same command grades all."""
    room.hand_in("ann", **RIGHT)
    line = ("grade", "--dask", scheduler(""), "--dask-patience", "0")
    done = room.command(*line)
    assert done.returncode == 1
    assert "The Dask cluster had no worker for " in done.stderr
    assert "Hint: start some with `dask worker`, then the same command again" in done.stderr
    scheduler("worker")
    assert room.command(*line).returncode == 0
    assert grades(room.room.gradebook)["ann"]["twice-check"][0] == 3.0


HANGING = """
import sys, time
def on():
    return 1
while True:
    time.sleep(0.01)
"""


@pytest.mark.needs("bwrap")
def test_a_run_that_loses_all_its_workers_keeps_what_is_finished(
    room: Class, scheduler: Callable[[str], str]
) -> None:
    """What was finished is recorded and not run again; the rest waits for the next command."""
    room.hand_in("ann", **RIGHT)
    room.hand_in("bo", on=HANGING, twice=RIGHT["twice"])
    line = room.line("grade", "--dask", scheduler("worker"), "--jobs", "1", "--dask-patience", "0")
    with subprocess.Popen(
        line, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as run_:
        assert run_.stderr is not None
        assert "1/2" in run_.stderr.readline()
        scheduler("leave")
        said = run_.stderr.read()
    assert run_.returncode == 1
    assert "The Dask cluster had no worker" in said
    assert grades(room.room.gradebook)["ann"]["on-check"][0] == 2.0
    room.hand_in("bo", **RIGHT)
    done = room.command("grade")
    assert done.returncode == 0
    assert "Taken over from before: 1" in done.stdout
