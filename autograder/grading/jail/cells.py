"""One submission's kernel process: runs cells, and keeps a copy of itself for each check.

First all cells run, and nothing that learners must not see is in the jail.  Only then are the
copies asked to play checks; what those learn of a hidden test, nobody shows any more.
"""

from __future__ import annotations

import linecache
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from autograder.grading.jail.kernel import Kernel
from autograder.grading.jail.outputs import Outputs
from autograder.grading.jail.session import Session
from autograder.grading.jail.shell import ZMQInteractiveShell
from autograder.grading.wire.cells import Command, Done, Fork, Forked, Report, RunCell, Serve, Start
from autograder.grading.wire.channel import Channel, ClosedError
from autograder.grading.wire.messages import Begin, Find, Place, Printed, Turn
from toollab.clock._where import is_theirs

__all__ = ("serve_cells",)

_FRAME = 1 << 28  # from the witness, which is trusted; a submission's files come in one frame
_PRINTED = 20_000


def serve_cells(
    shell: ZMQInteractiveShell, main: socket.socket, checks: Sequence[socket.socket]
) -> None:
    """Do what the witness says until it hangs up."""
    channel: Channel[Command] = Channel(main, Command, limit=_FRAME)
    outputs = Outputs(lambda report: _send(channel, report))
    kernel = Kernel(shell, outputs)
    sys.path.insert(0, "")  # files beside a notebook can be imported
    waiting = dict(enumerate(checks))
    while True:
        command = channel.receive()
        if isinstance(command, Start):
            outputs.text_bytes, outputs.display_bytes = command.text_bytes, command.display_bytes
            for name, content in command.files.items():
                Path(name).parent.mkdir(parents=True, exist_ok=True)
                Path(name).write_bytes(content)
        elif isinstance(command, RunCell):
            state = kernel.run(command.place, command.source, command.count, command.seconds)
            _send(channel, Done(command.place, state))  # type: ignore[arg-type]
        elif isinstance(command, Fork):
            _keep_copy(kernel, channel, waiting, command.check)
        elif isinstance(command, Serve):
            _send(channel, Forked(0))  # what comes next is no command any more
            _serve_checks(kernel, channel.socket)


def _send(channel: Channel[Command], report: Report) -> None:
    try:
        channel.send(report)
    except ClosedError:
        os._exit(0)  # the witness has gone: there is nothing left to run for


def _keep_copy(
    kernel: Kernel, channel: Channel[Command], waiting: dict[int, socket.socket], check: int
) -> None:
    pid, reason = kernel.fork()
    if pid == 0:
        channel.close()
        for number, other in waiting.items():
            if number != check:
                other.close()
        _serve_checks(kernel, waiting[check])
    if pid > 0:
        waiting.pop(check).close()
    _send(channel, Forked(check, reason))


def _serve_checks(kernel: Kernel, sock: socket.socket) -> None:
    """Play checks on this channel; never comes back."""
    try:
        channel: Channel[Find | Begin | Turn] = Channel(sock, Find | Begin | Turn, limit=_FRAME)
        session = Session(channel, kernel.shell.user_ns, _places)
        room = [_PRINTED]

        def divert(name: str, text: str) -> None:
            if room[0] > 0:
                room[0] -= len(text)
                clean = text[:_PRINTED].encode("utf-8", "replace").decode()
                session.peer.printed.append(Printed(name, clean))  # type: ignore[arg-type]

        kernel.outputs.divert = divert
        session.serve()
    except ClosedError:
        pass
    finally:
        os._exit(0)


def _places(error: BaseException) -> list[Place]:
    """Return the lines of the learner's code that an exception came through.

    If it began elsewhere, in a library or a tool, the last line is that one.
    """
    places: list[Place] = []
    step: TracebackType | None = error.__traceback__
    while step is not None:
        code, line = step.tb_frame.f_code, min(step.tb_lineno or 0, 100_000)
        theirs = is_theirs(step.tb_frame)
        if theirs or step.tb_next is None:
            text = linecache.getline(code.co_filename, line).strip() if theirs else ""
            places.append(Place(code.co_name[:200], line, text[:200], theirs))
        step = step.tb_next
    return places
