"""The zygote: imports once what every notebook imports, and forks for each submission.

It is started inside the outer wall and runs no learner's code.  A request is one packet on the
control socket, with the descriptors that the fork is to have.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from collections.abc import Sequence

import msgspec

from autograder.grading.jail.birth import Cradle
from autograder.grading.jail.cells import serve_cells
from autograder.grading.jail.isolate import Walls
from autograder.grading.jail.kernel import make_shell
from autograder.grading.jail.shell import ZMQInteractiveShell
from autograder.grading.jail.warden import guard, prepare
from autograder.grading.jail.warmth import ALWAYS, WITH_SDKS
from autograder.grading.wire.advance import import_in_advance
from autograder.grading.wire.cells import Command
from autograder.grading.wire.channel import get_to_know
from autograder.grading.wire.messages import Begin, Find, Turn
from toollab.clock._where import leave_out

__all__ = ("main",)

_MOST_DESCRIPTORS = 250
_PACKET = 1 << 16


def main(control: socket.socket, modules: Sequence[str], libraries: Sequence[str]) -> None:
    """Get ready, say so, and fork on request until the control socket is closed.

    `modules` are imported in advance, and all that is below a package if `.*` follows its name;
    one that cannot be is left to the notebook that wants it.
    `libraries` are folders whose code is no learner's.
    """
    for folder in libraries:
        leave_out(folder)
    for module in modules:
        try:
            import_in_advance(module)
        except Exception as error:  # noqa: BLE001 - the notebook that imports it will tell
            sys.stderr.write(f"zygote: {module}: {error}\n")
    ready = sys.modules.keys() >= {"anthropic", "openai", "toollab.providers"}
    shell = make_shell([*ALWAYS, *(WITH_SDKS if ready else ())])
    for name in ("PYTHONHASHSEED", "MALLOC_ARENA_MAX", "PWD", "OLDPWD"):
        os.environ.pop(name, None)
    get_to_know(Command, Find | Begin | Turn)
    gc.collect()
    gc.freeze()  # what is here now is shared by all forks; the collector need not touch it
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    cradle = Cradle()
    control.send(b"ready")
    while True:
        packet, descriptors, _, _ = socket.recv_fds(control, _PACKET, _MOST_DESCRIPTORS)
        if not packet:
            return
        _reap()
        _answer(control, packet, descriptors, shell, cradle)


def _answer(
    control: socket.socket,
    packet: bytes,
    descriptors: Sequence[int],
    shell: ZMQInteractiveShell,
    cradle: Cradle,
) -> None:
    try:
        walls = msgspec.msgpack.decode(packet, type=Walls)

        def be() -> None:
            _become(walls, control, descriptors, shell, power=cradle.power)

        pidfd = cradle.fork(be, walled=walls.walled)
        socket.send_fds(control, [b"forked"], [pidfd])
        os.close(pidfd)
    except OSError as error:
        control.send(f"error {error}".encode())
    finally:
        for number in descriptors:
            os.close(number)


def _become(
    walls: Walls,
    control: socket.socket,
    descriptors: Sequence[int],
    shell: ZMQInteractiveShell,
    *,
    power: bool,
) -> None:
    """Be the first process of a submission.  Never comes back."""
    try:
        control.close()
        leash, main_fd, *check_fds = descriptors
        work = prepare(walls, power=power)
        checks = [socket.socket(fileno=number) for number in check_fds]

        def run(main: socket.socket, checks: Sequence[socket.socket]) -> None:
            serve_cells(shell, main, checks)

        held = socket.socket(fileno=leash)
        guard(walls, work, held, socket.socket(fileno=main_fd), checks, run)
    except BaseException as error:  # noqa: BLE001 - it ends here, whatever it was
        sys.__stderr__ and sys.__stderr__.write(f"zygote: {type(error).__name__}: {error}\n")
    finally:
        os._exit(1)


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


if __name__ == "__main__":
    number, *rest = sys.argv[1:]
    split = rest.index("--")
    main(socket.socket(fileno=int(number)), rest[:split], rest[split + 1 :])
