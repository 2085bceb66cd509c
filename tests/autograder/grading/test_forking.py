"""Fork servers belong to the command that started them, and to no terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.grading.forking import ForkServer

_SAYS_ITS_GROUP = """
import os, socket, sys
control = socket.socket(fileno=int(sys.argv[1]))
open(sys.argv[2], "w").write(str(os.getpgrp()))
control.send(b"ready")
control.recv(1)
"""


def test_a_terminals_ctrl_c_does_not_reach_a_fork_server(tmp_path: Path):
    """A terminal interrupts the process group of its command, and a server is in another."""
    told = tmp_path / "group"
    server = ForkServer(
        "server", lambda number: [sys.executable, "-c", _SAYS_ITS_GROUP, str(number), str(told)]
    )
    try:
        server.wait()
        assert int(told.read_text()) != os.getpgrp()
    finally:
        server.close()


_ENDS_WHEN_LEFT = """
import os, socket, sys
control = socket.socket(fileno=int(sys.argv[1]))
control.send(b"ready")
open(sys.argv[2], "w").close()
try:
    said = repr(control.recv(1))
except OSError as error:
    said = repr(error)
open(sys.argv[3], "w").write(said)
"""


def test_a_server_that_nobody_waited_for_ends_in_peace(tmp_path: Path):
    """Closed before its first answer was read, a server reads the end, and no error."""
    up, told = tmp_path / "up", tmp_path / "told"
    server = ForkServer(
        "server",
        lambda number: [sys.executable, "-c", _ENDS_WHEN_LEFT, str(number), str(up), str(told)],
    )
    while not up.exists():
        os.sched_yield()
    server.close()
    assert told.read_text() == "b''"


_ECHOES = """
import socket, sys
control = socket.socket(fileno=int(sys.argv[1]))
control.send(b"ready")
while said := control.recv(100):
    control.send(said)
"""


def test_a_fork_that_closes_its_copy_ends_nothing():
    """Only the process that started a server ends it; a fork of that one closes a descriptor."""
    server = ForkServer("echo", lambda number: [sys.executable, "-c", _ECHOES, str(number)])
    server.wait()
    pid = os.fork()
    if pid == 0:
        server.close()
        os._exit(0)
    os.waitpid(pid, 0)
    with pytest.raises(CourseError, match="The echo cannot fork: I am here"):
        server.fork(b"I am here", [])
    server.close()
