"""The zygote: imports once what every notebook imports, and forks for each submission.

It is started inside the outer wall and runs no learner's code.  A request is one packet on the
control socket, with the descriptors that the fork is to have.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import socket
import sys
from collections.abc import Sequence

import msgspec

from autograder.grading.jail.cells import serve_cells
from autograder.grading.jail.isolate import (
    Walls,
    enter_namespaces,
    own_pid_namespace,
    spare_users,
)
from autograder.grading.jail.kernel import ZMQInteractiveShell, make_shell
from autograder.grading.jail.warden import guard, prepare
from toollab.clock._where import leave_out

__all__ = ("main",)

_MOST_DESCRIPTORS = 250
_PACKET = 1 << 16


def main(control: socket.socket, modules: Sequence[str], libraries: Sequence[str]) -> None:
    """Get ready, say so, and fork on request until the control socket is closed.

    `modules` are imported in advance; one that cannot be is left to the notebook that wants it.
    `libraries` are folders whose code is no learner's.
    """
    for folder in libraries:
        leave_out(folder)
    for module in modules:
        try:
            importlib.import_module(module)
        except Exception as error:  # noqa: BLE001 - the notebook that imports it will tell
            sys.stderr.write(f"zygote: {module}: {error}\n")
    shell = make_shell()
    for name in ("PYTHONHASHSEED", "MALLOC_ARENA_MAX", "PWD", "OLDPWD"):
        os.environ.pop(name, None)
    gc.collect()
    gc.freeze()  # what is here now is shared by all forks; the collector need not touch it
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    root = bool(spare_users())
    home = os.open("/proc/self/ns/pid", os.O_RDONLY) if root else None
    control.send(b"ready")
    while True:
        packet, descriptors, _, _ = socket.recv_fds(control, _PACKET, _MOST_DESCRIPTORS)
        if not packet:
            return
        _reap()
        _answer(control, packet, descriptors, shell, home)


def _answer(
    control: socket.socket,
    packet: bytes,
    descriptors: Sequence[int],
    shell: ZMQInteractiveShell,
    home: int | None,
) -> None:
    try:
        walls = msgspec.msgpack.decode(packet, type=Walls)
        pid, pidfd = _fork(walls, control, descriptors, shell, home)
        socket.send_fds(control, [f"{pid}".encode()], [pidfd])
        os.close(pidfd)
    except OSError as error:
        control.send(f"error {error}".encode())
    finally:
        for number in descriptors:
            os.close(number)


def _fork(
    walls: Walls,
    control: socket.socket,
    descriptors: Sequence[int],
    shell: ZMQInteractiveShell,
    home: int | None,
) -> tuple[int, int]:
    """Fork the first process of a new namespace; return its id and a descriptor for it."""
    if home is not None:
        own_pid_namespace(None)
        try:
            pid = os.fork()
        finally:
            if os.getpid() != 1:
                own_pid_namespace(home)
        if pid == 0:
            _become(walls, control, descriptors, shell, root=True)
        return pid, os.pidfd_open(pid)
    return _fork_unprivileged(walls, control, descriptors, shell)


def _fork_unprivileged(
    walls: Walls, control: socket.socket, descriptors: Sequence[int], shell: ZMQInteractiveShell
) -> tuple[int, int]:
    """Do the same by way of a process that enters a user namespace, forks once, and ends."""
    here, there = socket.socketpair()
    middle = os.fork()
    if middle == 0:
        try:
            enter_namespaces(root=False)
            pid = os.fork()
            if pid == 0:
                here.close()
                there.close()
                _become(walls, control, descriptors, shell, root=False)
            socket.send_fds(there, [b"."], [os.pidfd_open(pid)])
            os._exit(0)
        except OSError as error:
            there.send(str(error).encode())
            os._exit(1)
    there.close()
    said, fds, _, _ = socket.recv_fds(here, 1000, 1)
    here.close()
    os.waitpid(middle, 0)
    if not fds:
        raise OSError(said.decode("utf-8", "replace"))
    return 0, fds[0]


def _become(
    walls: Walls,
    control: socket.socket,
    descriptors: Sequence[int],
    shell: ZMQInteractiveShell,
    *,
    root: bool,
) -> None:
    """Be the first process of a submission.  Never comes back."""
    try:
        control.close()
        leash, main_fd, *check_fds = descriptors
        prepare(walls, root=root)
        checks = [socket.socket(fileno=number) for number in check_fds]

        def run(main: socket.socket, checks: Sequence[socket.socket]) -> None:
            serve_cells(shell, main, checks)

        held = socket.socket(fileno=leash)
        guard(walls, held, socket.socket(fileno=main_fd), checks, run)
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
