"""A process that forks a witness for each submission, with everything imported.

A request is one packet on the control socket with two descriptors: where the job comes from and
what was seen goes to, and where descriptors of jails arrive.
"""

from __future__ import annotations

import gc
import logging
import os
import resource
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Sequence

from autograder.grading.wire.advance import import_in_advance
from autograder.grading.wire.cells import Report
from autograder.grading.wire.channel import Channel, get_to_know
from autograder.grading.wire.jobs import Ended, Job, NeedJail, Told
from autograder.grading.wire.messages import Found, Rest
from autograder.grading.witness.driver import Driver, Jail

__all__ = ("main", "say_nothing_by_yourself")

_MOST_DESCRIPTORS = 250
_FRAME = 1 << 28
_MEMORY = 2 << 30  # a hostile answer can be large; this much of it is enough
_STACK = 1 << 20  # of a thread: hundreds of them have to fit in there
_CPU_SECONDS = 60  # beyond what a check may take; for what no interrupt reaches


def main(control: socket.socket, modules: Sequence[str]) -> None:
    """Fork on request until the control socket is closed."""
    for module in modules:
        import_in_advance(module)
    get_to_know(Job, Report, Rest | Found)
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    control.send(b"ready")
    while True:
        packet, descriptors, _, _ = socket.recv_fds(control, 100, 2)
        if not packet:
            return
        _reap()
        pid = os.fork()
        if pid == 0:
            control.close()
            _witness(*descriptors)
        pidfd = os.pidfd_open(pid)
        socket.send_fds(control, [f"{pid}".encode()], [pidfd])
        for number in (pidfd, *descriptors):
            os.close(number)


def _witness(talk: int, arrivals: int) -> None:
    """Be the witness of one submission.  Never comes back."""
    try:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        threading.stack_size(_STACK)
        say_nothing_by_yourself()
        channel: Channel[Job] = Channel(socket.socket(fileno=talk), Job, limit=_FRAME)
        jails = socket.socket(fileno=arrivals)

        def arrived() -> Jail:
            _, descriptors, _, _ = socket.recv_fds(jails, 100, _MOST_DESCRIPTORS)
            leash, main, *checks = [socket.socket(fileno=number) for number in descriptors]
            return Jail(leash, main, checks)

        def renew(checks: int) -> Jail:
            channel.send(NeedJail(checks))
            return arrived()

        def tell(told: Told) -> None:
            channel.send(told)

        job = channel.receive()
        most = int(job.limits.check_seconds) + _CPU_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))
        try:
            Driver(job, tell, renew).run(arrived())
        except BaseException as error:  # noqa: BLE001 - our own mistake must not be silent
            import traceback  # noqa: PLC0415

            traceback.print_exc()
            channel.send(Ended(f"The witness failed: {type(error).__name__}."))
    finally:
        os._exit(0)


def say_nothing_by_yourself() -> None:
    """Keep Python from writing of forgotten tasks, coroutines and threads to the terminal.

    In a witness these are the doing of a jail, and so are names and texts in what would be said.
    """
    logging.lastResort = None
    logging.raiseExceptions = False
    warnings.simplefilter("ignore")
    sys.unraisablehook = lambda _unraisable: None
    threading.excepthook = lambda _args: None


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
