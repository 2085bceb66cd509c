"""The Formgrader of a real Jupyter server shows a class graded with our configuration."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from tests.autograder.grading.stock.conftest import ASSIGNMENT, CLASS, ROOT, Classroom

STARTER = """
from jupyter_server.serverapp import ServerApp
app = ServerApp.instance()
app.initialize()  # queues the binding of the port
app.io_loop.add_callback(lambda: print(app.port, flush=True))  # so this comes after it
app.start()
"""


@pytest.fixture(scope="module")
def server(classroom: Classroom) -> Iterator[int]:
    """Start a Jupyter server in the course, as the manual says, and yield its port."""
    options = {
        "ServerApp.open_browser": "False",
        "ServerApp.port": "0",
        "ServerApp.allow_root": "True",
        "ServerApp.root_dir": str(classroom.root),
        "IdentityProvider.token": "",
    }
    log = classroom.root / "server.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [sys.executable, "-c", STARTER, *(f"--{k}={v}" for k, v in options.items())],
            cwd=classroom.root,
            env=os.environ | {"JUPYTER_CONFIG_PATH": str(ROOT / "autograder")},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        said = process.stdout.readline()
        assert said.strip().isdigit(), log.read_text()
        yield int(said)
        process.terminate()


def get(port: int, path: str) -> str:
    """Return a page of the server; anything but success fails the test."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    assert answer.status == 200, page
    return page


def test_assignments(server: int):
    """The list of assignments shows ours with its points and submissions."""
    listed = {
        entry["name"]: entry for entry in json.loads(get(server, "/formgrader/api/assignments"))
    }
    assert listed[ASSIGNMENT]["num_submissions"] == len(CLASS)
    assert listed[ASSIGNMENT]["max_score"] == 5
    assert "nbgrader formgrade" in get(server, "/formgrader/manage_assignments")


def test_scores(server: int):
    """The submissions of an assignment are listed with the scores of the gradebook."""
    listed = json.loads(get(server, f"/formgrader/api/submissions/{ASSIGNMENT}"))
    assert {entry["student"]: entry["score"] for entry in listed} == {
        name: learner.count + learner.most for name, learner in CLASS.items()
    }


def test_marking_page(server: int):
    """The page for marking by hand shows the report and, to the teacher, the hidden tests."""
    listed = json.loads(
        get(server, f"/formgrader/api/submitted_notebooks/{ASSIGNMENT}/{ASSIGNMENT}")
    )
    (entry,) = (entry for entry in listed if entry["student"] == "partly")
    page = get(server, f"/formgrader/submissions/{entry['id']}/")
    assert "the most frequent letter comes back" in page
    assert "mississippis" in page
