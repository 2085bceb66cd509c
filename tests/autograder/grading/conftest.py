"""A PostgreSQL server and a Dask cluster: real ones, thrown away after the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from autograder.grading.plan import library
from tests.conftest import find_program

# This kind of cluster gives a worker up that is away for 15 s.  A test that kills one again and
# again wants it back however long a busy machine takes.
CLUSTER = """
import dask
from distributed import LocalCluster
if __name__ == "__main__":
    dask.config.set({"distributed.deploy.lost-worker-timeout": "1 hour"})
    cluster = LocalCluster(
        n_workers=2, threads_per_worker=2, processes=True, host="127.0.0.1",
        dashboard_address=None, worker_dashboard_address=None,
    )
    with cluster:
        print(cluster.scheduler_address, flush=True)
        input()
"""


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[str], str]]:
    """Start a server that only this folder's socket reaches; return what makes a database's URL.

    PostgreSQL refuses to run as root, so then another user runs it.
    """
    programs = Path(os.path.realpath(find_program("postgres") or "")).parent
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    user: dict[str, object] = {"cwd": home, "capture_output": True}
    if os.getuid() == 0:
        names = [entry.pw_name for entry in pwd.getpwall()]
        account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
        os.chown(home, account.pw_uid, account.pw_gid)
        user |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def call(program: str, *arguments: str) -> None:
        done = subprocess.run([programs / program, *arguments], check=False, **user)
        assert done.returncode == 0, done.stdout + done.stderr

    data = str(home / "data")
    try:
        call("initdb", "-D", data, "-U", "teacher", "-A", "trust", "-E", "UTF8", "--no-sync")
        settings = f"-k {home} -c listen_addresses='' -c fsync=off"
        call("pg_ctl", "-D", data, "-l", str(home / "log"), "-o", settings, "-w", "start")

        def database(name: str) -> str:
            call("createdb", "-h", str(home), "-U", "teacher", name)
            return f"postgresql://teacher@/{name}?host={home}"

        yield database
    finally:
        with suppress(AssertionError):  # it may never have started
            call("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(home)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """Start a scheduler and two workers, each a process, on loopback; return the address."""
    script = tmp_path / "cluster.py"
    script.write_text(CLUSTER, "utf-8")
    with (
        (tmp_path / "cluster.log").open("w") as log,
        subprocess.Popen(
            [sys.executable, script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        address = process.stdout.readline().strip()
        assert address.startswith("tcp://"), (tmp_path / "cluster.log").read_text("utf-8")
        library.cache_clear()  # workers have just read the library; so shall we
        yield address
        process.stdin.close()
