"""Talking to a process that forks on request: the zygote in the jail, the witnesses' server."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from autograder.errors import CourseError

__all__ = ("ForkServer", "Process")


class Process:
    """A forked process that can be killed and waited for; a descriptor names it for ever."""

    def __init__(self, pidfd: int) -> None:
        self._pidfd = pidfd

    def kill(self, grace: float = 0.0) -> None:
        """Kill it, with all that is in its namespace, and wait until it is gone.

        For `grace` seconds it may end by itself.
        """
        if self._pidfd < 0:
            return
        if grace:
            select.select([self._pidfd], [], [], grace)
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        select.select([self._pidfd], [], [], 30.0)
        os.close(self._pidfd)
        self._pidfd = -1


class ForkServer:
    """A server process.  Its methods may be called from several threads."""

    def __init__(
        self,
        name: str,
        command: Callable[[int], Sequence[str]],
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._control, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with there:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                command(there.fileno()),
                pass_fds=[there.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=None if environment is None else dict(environment),
                process_group=0,  # a terminal's Ctrl-C is for us alone, who end it in order
            )
        self._ready = False
        self._owner = os.getpid()

    def wait(self) -> None:
        """Wait until it is ready; raises `CourseError` if it never will be."""
        with self._lock:
            self._wait()

    def _wait(self) -> None:
        if not self._ready and self._control.recv(100) != b"ready":
            raise CourseError(
                f"The {self._name} did not start (status {self._process.wait()}). "
                "Hint: what it said stands above."
            )
        self._ready = True

    def fork(self, request: bytes, sockets: Sequence[socket.socket]) -> Process:
        """Let it fork with these descriptors; raises `CourseError` if it can't."""
        with self._lock:
            self._wait()
            try:
                socket.send_fds(self._control, [request], [sock.fileno() for sock in sockets])
                said, descriptors, _, _ = socket.recv_fds(self._control, 1_000, 1)
            except OSError as error:
                raise CourseError(f"The {self._name} is gone: {error}.") from error
        if not descriptors:
            text = said.decode("utf-8", "replace") or "it has ended"
            raise CourseError(f"The {self._name} cannot fork: {text}.")
        return Process(descriptors[0])

    def close(self) -> None:
        """Let it end, and with it all it has forked."""
        if os.getpid() != self._owner:  # a fork of ours is not to end what goes on here
            self._control.close()
            return
        with suppress(OSError):  # it has ended by itself
            # Not close(): with an answer still unread that is an error for the other side.
            self._control.shutdown(socket.SHUT_WR)
        try:
            self._process.wait(10.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._control.close()
