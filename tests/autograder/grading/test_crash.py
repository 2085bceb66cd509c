"""SIGKILL anywhere, then resume: the gradebook is that of an undisturbed run.

The coordinator, a grader's servers (the workers of this machine), a jail and a Dask worker are
killed at seeded moments, counted in events.  A hundred moments with `--full`, a dozen without.
"""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from autograder.grading.cluster import cluster as connect
from autograder.grading.workers import local
from tests.autograder.grading.crash import grade_here, hand_in, jails, kill, servers, told
from tests.classroom import Class, grades
from tests.conftest import ROOT

pytestmark = pytest.mark.needs("bwrap")


def moments(most: int, count: int, seed: int) -> list[int]:
    """Return so many moments out of the first ones, the same each time."""
    return sorted(random.Random(seed).sample(range(1, most), count))  # noqa: S311 - a sample


@pytest.fixture(scope="module")
def undisturbed(lamps: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Grade the class without a disturbance."""
    room = Class.of(lamps, tmp_path_factory.mktemp("undisturbed") / "lamps")
    hand_in(room)
    with local(2) as workers:
        grade_here(room, workers)
    found = grades(room.room.gradebook)
    assert found["right0"]["on-check"] == (2.0, None, False)
    return found


@pytest.fixture
def fresh(lamps: Path, tmp_path: Path) -> Callable[[str], Class]:
    """Return a function that makes a class that nobody has graded."""

    def make(name: str) -> Class:
        room = Class.of(lamps, tmp_path / name)
        hand_in(room)
        return room

    return make


def coordinate(room: Class, moment: int, kind: str) -> subprocess.CompletedProcess[str]:
    """Grade the class in a process that kills itself at this moment; at 0 it does not."""
    line = [sys.executable, "-m", "tests.autograder.grading.crash", str(room.root), str(moment)]
    return subprocess.run(
        [*line, kind],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_coordinator(fresh: Callable[[str], Class], undisturbed, full: bool):
    """Killed in a transaction, in half a line, between two files: nothing is lost or doubled."""
    whole = coordinate(fresh("whole"), 0, "read")
    events = int(whole.stdout)
    assert events > 100, whole.stderr
    for moment in moments(events, 36 if full else 3, 1):
        room = fresh(f"at-{moment}")
        assert coordinate(room, moment, "read").returncode == -signal.SIGKILL
        assert coordinate(room, 0, "read").returncode == 0
        assert grades(room.room.gradebook) == undisturbed, f"killed at event {moment}"
        lines = room.room.journal("01-lamp").read_bytes().splitlines()
        assert len(lines) == len(undisturbed)


def test_the_coordinator_with_jails(fresh: Callable[[str], Class], undisturbed, full: bool):
    """Killed while learners' code runs, it leaves no server behind, and can be resumed."""
    for moment in moments(150, 4 if full else 1, 2):
        room = fresh(f"at-{moment}")
        killed = coordinate(room, moment, "real")
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        for orphan in map(int, killed.stdout.split()):
            with suppress(ProcessLookupError):
                handle = os.pidfd_open(orphan)
                ended, _, _ = select.select([handle], [], [], 60)
                os.close(handle)
                assert ended, f"process {orphan} lives on"
        resumed = coordinate(room, 0, "real")
        assert resumed.returncode == 0, resumed.stderr
        assert grades(room.room.gradebook) == undisturbed, f"killed at event {moment}"


@pytest.mark.parametrize(("kind", "find"), [("worker", servers), ("jail", jails)])
def test_workers_and_jails(
    kind: str, find: Callable[[int], list[int]], fresh: Callable[[str], Class], undisturbed, full
):
    """A server or a jail that is killed costs nobody a point, even without a second run."""
    shared = servers(os.getpid())  # those of the grader that other tests share

    def strike(moment: int) -> bool:
        return kill([one for one in find(os.getpid()) if one not in shared], moment)

    for moment in moments(30, 20 if full else 3, 3):
        room = fresh(f"{kind}-{moment}")
        with local(2) as workers:
            with told(lambda moment=moment: strike(moment), moment):
                run = grade_here(room, workers)
            states = {result.student: result.state for result in run.results}
            assert [s for s in states if states[s] != "graded"] == ["broken"], f"event {moment}"
            assert grades(room.room.gradebook) == undisturbed, f"killed at event {moment}"
            assert grade_here(room, workers).reused == 7


def test_dask_workers(fresh: Callable[[str], Class], undisturbed, full: bool, cluster: str):
    """A Dask worker that is killed is replaced, and what it had is run elsewhere."""
    from distributed import Client  # noqa: PLC0415 - it takes a second

    with Client(cluster, set_as_default=False) as client:
        for number, moment in enumerate(moments(8, 4 if full else 2, 4) * (5 if full else 1)):
            room = fresh(f"dask-{number}")
            workers = sorted(client.run(os.getpid).values())

            def strike(done: int, *_: object, moment=moment, workers=workers) -> None:
                if done == moment:
                    assert kill(workers, moment)

            with connect(cluster) as them:
                grade_here(room, them, progress=lambda _, strike=strike: strike)
            assert grades(room.room.gradebook) == undisturbed, f"killed at event {moment}"
