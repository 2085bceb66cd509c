"""Grade notebooks behind the trust boundary.

    with Grader() as grader:
        seen = grader.grade(plan.job(notebook))

A grader starts two processes once: the zygote behind the outer wall, and the server of
witnesses outside.  Each submission gets a fork of both, so `grade` may be called from as many
threads as there shall be submissions at a time; the threads only wait.
"""

from __future__ import annotations

import secrets
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from time import monotonic
from types import TracebackType
from typing import Any, Self

import msgspec

from autograder.grading.forking import ForkServer, Process
from autograder.grading.jail.isolate import spare_users
from autograder.grading.limits import Limits
from autograder.grading.outer import Wall, choose
from autograder.grading.wire.channel import BadFrameError, Channel, ClosedError, LateError
from autograder.grading.wire.jobs import (
    CellSeen,
    Check,
    CheckSeen,
    Ended,
    Job,
    NeedJail,
    Told,
)

__all__ = ("Grader", "Seen", "Verdict")

_USERS = 500  # at a time; two graders of one machine must not share any
_FRAME = 1 << 28
_GRACE = 30.0
_CLEARING = 2.0
_PRELOAD = ("anthropic", "openai", "ipywidgets", "toollab.*")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the witness says of one check cell: a report's mime bundle, or why there is none."""

    bundle: dict[str, Any] | None
    reason: str = ""


@dataclass(slots=True)
class Seen:
    """What was seen of one submission.

    `outputs` holds nbformat outputs, and `states` how each cell ended, by its place in the
    notebook.  `verdicts` are keyed by grade_id, one for every check of the job.  `reason` says
    why the run ended early, if it did.
    """

    wall: str
    outputs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    reason: str = ""
    seconds: float = 0.0


class Grader:
    """Runs jobs.  Close it, or use it as a context manager."""

    def __init__(
        self,
        wall: Wall | None = None,
        *,
        preload: Sequence[str] = _PRELOAD,
        checks: Sequence[str] = ("toollab.checks.*", "toollab.tools.*"),
    ) -> None:
        """Start both servers.  `preload` is imported in the zygote, `checks` for witnesses.

        Raises `CourseError` if no wall works here.
        """
        self.wall = wall or choose()
        spare = spare_users()
        self._first_user = spare.start + secrets.randbelow(max(len(spare) - _USERS, 1))
        self._users = count()
        self._zygote = ForkServer(
            "zygote", lambda number: self.wall.command(number, preload), self.wall.environment
        )
        start = [sys.executable, "-P", "-m", "autograder.grading.witness.server"]
        self._witnesses = ForkServer(
            "server of witnesses",
            lambda number: [*start, str(number), *checks],
            {
                "PYTHONHASHSEED": "0",
                "LANG": "C.UTF-8",
                "PATH": "/usr/bin:/bin",
                "MALLOC_ARENA_MAX": "2",  # or threads reserve more than a witness may have
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End both servers and everything that they have forked."""
        self._witnesses.close()
        self._zygote.close()

    def grade(self, job: Job) -> Seen:
        """Run one submission.  Whatever it does, this comes back with what was seen."""
        return _Submission(self, job).run()

    def jail(self, limits: Limits, sockets: Sequence[socket.socket]) -> Process:
        """Fork a kernel with these descriptors: its leash, its main channel, one a check."""
        user = self._first_user + next(self._users) % _USERS
        walls = self.wall.walls(limits, user)
        return self._zygote.fork(msgspec.msgpack.encode(walls), sockets)

    def witness(self, sockets: Sequence[socket.socket]) -> Process:
        """Fork a witness with these descriptors: its talk, and where jails arrive."""
        return self._witnesses.fork(b"witness", sockets)


class _Submission:
    """One job on its way."""

    def __init__(self, grader: Grader, job: Job) -> None:
        self._grader = grader
        self._job = job
        self._seen = Seen(grader.wall.name)
        self._processes: list[Process] = []
        self._end = monotonic() + job.limits.notebook_seconds + _GRACE

    def run(self) -> Seen:
        begun = monotonic()
        talk, witness_talk = socket.socketpair()
        arrivals, witness_arrivals = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with talk, arrivals:
                with witness_talk, witness_arrivals:
                    self._processes.append(self._grader.witness([witness_talk, witness_arrivals]))
                self._follow(talk, arrivals)
        finally:
            for number, process in enumerate(self._processes):
                # Where no namespace ends with it, a jail clears up by itself once its witness,
                # the first in this list, has gone.
                alone = number > 0 and not self._grader.wall.walled
                process.kill(_CLEARING if alone else 0.0)
        for check in self._checks():
            missing = Verdict(None, self._seen.reason or "It was never reached.")
            self._seen.verdicts.setdefault(check.grade_id, missing)
        self._seen.seconds = monotonic() - begun
        return self._seen

    def _checks(self) -> list[Check]:
        return [cell.check for cell in self._job.cells if cell.check is not None]

    def _follow(self, talk: socket.socket, arrivals: socket.socket) -> None:
        channel: Channel[Told] = Channel(talk, Told, limit=_FRAME)
        seen = self._seen
        try:
            channel.send(self._job, self._left())
            self._new_jail(arrivals, len(self._checks()))
            while True:
                told = channel.receive(self._left())
                if isinstance(told, CellSeen):
                    seen.outputs[told.place] = told.outputs
                    seen.states[told.place] = told.state
                elif isinstance(told, CheckSeen):
                    seen.verdicts[told.grade_id] = Verdict(told.bundle, told.reason)
                elif isinstance(told, NeedJail):
                    self._new_jail(arrivals, told.checks)
                elif isinstance(told, Ended):
                    seen.reason = told.reason
                    return
        except LateError:
            seen.reason = "The time for this notebook was over."
        except ClosedError:
            seen.reason = "The witness died."
        except BadFrameError as error:
            seen.reason = f"The witness sent {error}."

    def _left(self) -> float:
        return max(self._end - monotonic(), 0.01)

    def _new_jail(self, arrivals: socket.socket, checks: int) -> None:
        """Start a kernel and hand its other ends to the witness."""
        pairs = [socket.socketpair() for _ in range(checks + 2)]
        try:
            inside = [there for _, there in pairs]
            self._processes.append(self._grader.jail(self._job.limits, inside))
            socket.send_fds(arrivals, [b"jail"], [here.fileno() for here, _ in pairs])
        except OSError as error:
            raise ClosedError from error
        finally:
            for pair in pairs:
                for sock in pair:
                    sock.close()
