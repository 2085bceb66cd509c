"""The first process of a submission's namespace: it starts the kernel and outlives it.

Copies of the kernel that wait for their check stay alive when the kernel dies, because this
process is still there; when it goes, the system kills whatever is left.  It runs no learner's
code and no learner's process can look into it.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from autograder.grading.jail.isolate import (
    Walls,
    drop_power,
    enter_namespaces,
    let_others_look,
    limit,
    own_user,
    private_folders,
    spare_users,
)
from autograder.grading.jail.scales import Scales

__all__ = ("guard", "prepare")

_LOOK = 0.2  # seconds between two looks at what all processes use together
_WORK = Path("/tmp/work")  # noqa: S108 - a file system of its own, mounted a moment before


def prepare(walls: Walls, *, power: bool) -> Path:
    """Build the walls around this process, the first of its process namespace.

    Returns the folder in which it works from now on.
    """
    if not walls.walled:
        work = Path(tempfile.mkdtemp(prefix="notebook-"))
        limit(walls)
        os.chdir(work)
        return work
    if power:
        enter_namespaces(power=True)
    private_folders(walls)
    _WORK.mkdir()
    if spare_users():
        os.chown(_WORK, walls.user, -1)
    elif power:
        own_user()
    limit(walls)
    drop_power(walls)
    os.chdir(_WORK)
    return _WORK


def guard(
    walls: Walls,
    work: Path,
    control: socket.socket,
    main: socket.socket,
    checks: Sequence[socket.socket],
    run: Callable[[socket.socket, Sequence[socket.socket]], None],
) -> None:
    """Start the kernel and watch it.  Never comes back."""
    kernel = os.fork()
    if kernel == 0:
        let_others_look(allowed=True)
        os.setsid()
        _keep_only([main, *checks], work)
        run(main, checks)
        os._exit(0)
    let_others_look(allowed=False)
    _keep_only([control], work)
    try:
        _watch(control, kernel, Scales(walls) if walls.walled else None)
    finally:
        if not walls.walled:
            _leave_nothing(kernel, work)
    os._exit(0)


def _leave_nothing(kernel: int, work: Path) -> None:
    """End the kernel and remove its folder; behind a wall, the system does that and more."""
    with suppress(ProcessLookupError):
        os.killpg(kernel, signal.SIGKILL)
    shutil.rmtree(work, ignore_errors=True)


def _keep_only(keep: Sequence[socket.socket], work: Path) -> None:
    """Close every other descriptor; what programs write to theirs goes to a file nobody sees."""
    kept = {sock.fileno() for sock in keep}
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - numbers, not paths
        number = int(name)
        if number > 2 and number not in kept:
            try:
                os.close(number)
            except OSError:
                continue  # the descriptor of this very listing
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    out = os.open(work.parent, os.O_TMPFILE | os.O_RDWR | os.O_APPEND, 0o600)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.close(out)


def _watch(control: socket.socket, kernel: int, scales: Scales | None) -> None:
    """Reap whoever ends; tell how the kernel ended; kill it on demand."""
    wake, waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(waker)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    living = True
    while True:
        living = _reap(control, kernel) if living else _reap(control, 0)
        watched: list[Any] = [control, wake]
        ready, _, _ = select.select(watched, [], [], _LOOK)
        if scales is not None:
            scales.look()
        if wake in ready:
            os.read(wake, 4096)
        if control in ready:
            order = control.recv(16)
            if not order:
                return  # the witness has gone
            if living:
                os.kill(kernel, signal.SIGKILL)


def _reap(control: socket.socket, kernel: int) -> bool:
    living = True
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return living
        if pid == 0:
            return living
        if pid == kernel:
            living = False
            try:
                control.send(f"{os.waitstatus_to_exitcode(status)}".encode())
            except OSError:
                return living
