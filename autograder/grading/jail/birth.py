"""Fork the first process of a submission, in a process namespace of its own."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

from autograder.grading.jail.isolate import enter_namespaces, own_pid_namespace

__all__ = ("Cradle",)


class Cradle:
    """Forks.  Who has no power to make a namespace gets it by way of a user namespace."""

    def __init__(self) -> None:
        self._home = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        try:
            own_pid_namespace(self._home)
        except PermissionError:
            self.power = False  # it could leave this namespace, and not come back
        else:
            self.power = True

    def fork(self, be: Callable[[], None], *, walled: bool) -> int:
        """Let a new process do `be`, which never comes back; return a descriptor for it.

        Raises `OSError` if this is not allowed here.
        """
        if not walled:
            return _forked(be)
        if not self.power:
            return _fork_unprivileged(be)
        own_pid_namespace(None)
        try:
            return _forked(be)
        finally:
            own_pid_namespace(self._home)


def _forked(be: Callable[[], None]) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            be()
        finally:
            os._exit(1)
    return os.pidfd_open(pid)


def _fork_unprivileged(be: Callable[[], None]) -> int:
    """Do it by way of a process that enters a user namespace, forks once, and ends."""
    here, there = socket.socketpair()
    middle = os.fork()
    if middle == 0:
        try:
            here.close()
            enter_namespaces(power=False)

            def child() -> None:
                there.close()
                be()

            socket.send_fds(there, [b"."], [_forked(child)])
            os._exit(0)
        except OSError as error:
            there.send(str(error).encode())
        finally:
            os._exit(1)
    there.close()
    with here:
        said, descriptors, _, _ = socket.recv_fds(here, 1000, 1)
    os.waitpid(middle, 0)
    if not descriptors:
        raise OSError(said.decode("utf-8", "replace"))
    return descriptors[0]
