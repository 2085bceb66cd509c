"""Fork servers belong to the command that started them, and to no terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path

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
