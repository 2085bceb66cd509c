"""Lead one submission through: first all of the learner's cells, then the checks.

Until the last cell has run, the jail knows nothing of the checks.  Each check is played against
a copy of the kernel as it was at the check's place in the notebook.  When there is no such copy
(the kernel died, or had threads that a copy would lack), a new kernel runs the cells again.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic

from autograder.grading.wire.cells import Command, Done, Fork, Forked, Report, RunCell, Serve, Start
from autograder.grading.wire.channel import BadFrameError, Channel, ClosedError, LateError
from autograder.grading.wire.jobs import Cell, CellSeen, Check, CheckSeen, Ended, Job, Told
from autograder.grading.wire.messages import Found, Rest
from autograder.grading.witness.judge import judge
from autograder.grading.witness.link import Link
from autograder.grading.witness.patience import OverdueError, at_most
from autograder.grading.witness.shown import CellOutputs

__all__ = ("Driver", "Jail")

_GRACE = 5.0  # seconds that a kernel gets to obey an interrupt
_STATUS_SECONDS = 2.0
_KILLED = {
    9: "It was killed: it used more memory or processor time than is allowed.",
    11: "It crashed (segmentation fault).",
    24: "It used more processor time than is allowed.",
}


@dataclass(slots=True)
class Jail:
    """The descriptors of one kernel: its leash, its main channel, one channel for each copy."""

    leash: socket.socket
    main: socket.socket
    checks: Sequence[socket.socket]


class _KernelDied(Exception):  # noqa: N818 - an event, not a mistake
    """The kernel is gone; the text says why."""


@dataclass(slots=True)
class _Kernel:
    """A running kernel."""

    jail: Jail
    channel: Channel[Report]
    copies: dict[str, socket.socket] = field(default_factory=dict)
    spare: list[socket.socket] = field(default_factory=list)


class Driver:
    """Runs one job.  `tell` reports what was seen; `renew` brings a new jail."""

    def __init__(
        self, job: Job, tell: Callable[[Told], None], renew: Callable[[int], Jail]
    ) -> None:
        self._job = job
        self._limits = job.limits
        self._tell = tell
        self._renew = renew
        self._outputs = CellOutputs(job.limits.text_bytes, job.limits.display_bytes)
        self._end = monotonic() + job.limits.notebook_seconds
        self._bad: dict[int, str] = {}  # cells that killed a kernel, and how
        self._raised: dict[int, str] = {}  # cells that ended in an error, and which
        self._copies: dict[str, socket.socket] = {}
        self._apart: dict[str, str] = {}  # checks without a copy, and why
        self._states: dict[int, str] = {}  # how cells ended, by place
        # An empty cell has no number, as in a kernel.
        runs = [cell.check is not None or bool(cell.source.strip()) for cell in job.cells]
        self._counts = [sum(runs[:number]) + 1 for number in range(len(runs))]
        self._restarts = 0
        self._jails: list[Jail] = []  # a jail lives as long as its leash is held

    def run(self, jail: Jail) -> None:
        """Run all cells, then all checks."""
        self._run_cells(jail)
        for place, cell in enumerate(self._job.cells):
            if cell.check is not None:
                self._tell(self._judge(place, cell.check))
        self._tell(Ended())

    # -- cells ------------------------------------------------------------------------------

    def _run_cells(self, jail: Jail) -> None:
        kernel: _Kernel | None = self._start(jail)
        for number, cell in enumerate(self._job.cells):
            if kernel is None:
                if cell.check is None:
                    self._tell(CellSeen(cell.place, [], "not run"))
                continue
            try:
                if cell.check is not None:
                    self._copy(kernel, number, cell.check)
                    continue
                state = self._run_cell(kernel, number, cell)
            except _KernelDied as died:
                state = "died"
                self._bad[number] = str(died)
                self._outputs.error(cell.place, "DeadKernelError", str(died), [str(died)])
                kernel = self._replace(number)
            if cell.check is None:
                self._states[cell.place] = state
                self._tell(CellSeen(cell.place, self._outputs.of(cell.place), state))
        if kernel is not None:
            kernel.channel.close()
        # Once for all: with each cell it would be as much work as a learner likes.
        for place in self._outputs.take_updated():
            self._tell(CellSeen(place, self._outputs.of(place), self._states[place]))

    def _start(self, jail: Jail) -> _Kernel:
        channel: Channel[Report] = Channel(jail.main, Report, limit=self._limits.frame_bytes)
        kernel = _Kernel(jail, channel, spare=list(jail.checks))
        self._jails.append(jail)
        start = Start(self._job.files, self._limits.text_bytes, self._limits.display_bytes)
        self._send(kernel, start)
        return kernel

    def _run_cell(self, kernel: _Kernel, number: int, cell: Cell, *, silent: bool = False) -> str:
        seconds = min(self._limits.cell_seconds, max(self._end - monotonic(), 0.1))
        count = self._counts[number]
        self._send(kernel, RunCell(cell.place, cell.source, count, seconds))
        end = monotonic() + seconds + _GRACE
        places = {known.place for known in self._job.cells}
        while True:
            report = self._receive(kernel, end)
            if isinstance(report, Done):
                if report.state != "ok" and not silent:
                    self._note_error(number, cell)
                return report.state
            if isinstance(report, Forked) or report.place not in places:
                raise _KernelDied("It said something that makes no sense.")
            if not silent:
                self._outputs.add(report, count=count)

    def _note_error(self, number: int, cell: Cell) -> None:
        for output in reversed(self._outputs.of(cell.place)):
            if output["output_type"] == "error":
                self._raised[number] = f"{output['ename']}: {output['evalue']}"[:200]
                return

    def _copy(self, kernel: _Kernel, number: int, check: Check) -> None:
        """Keep a copy of the kernel for a check."""
        try:
            self._send(kernel, Fork(len(kernel.jail.checks) - len(kernel.spare)))
            answer = self._receive(kernel, monotonic() + _GRACE + self._limits.cell_seconds)
        except _KernelDied as died:
            self._apart[check.grade_id] = str(died)
            self._bad.setdefault(number, str(died))
            raise
        if not isinstance(answer, Forked) or not kernel.spare:
            raise _KernelDied("It said something that makes no sense.")
        if answer.reason:
            self._apart[check.grade_id] = answer.reason
        else:
            self._copies[check.grade_id] = kernel.spare.pop(0)

    def _replace(self, number: int) -> _Kernel | None:
        """Return a new kernel that is where the dead one was, or `None` after too many."""
        while self._restarts < self._limits.restarts:
            self._restarts += 1
            left = sum(cell.check is not None for cell in self._job.cells[number:])
            try:
                return self._again(left, number)
            except _KernelDied:
                continue
        return None

    def _again(self, checks: int, number: int) -> _Kernel:
        """Return a new kernel that has run the cells before this one, but for those that kill."""
        kernel = self._start(self._renew(checks))
        for before, cell in enumerate(self._job.cells[:number]):
            if cell.check is None and before not in self._bad:
                try:
                    self._run_cell(kernel, before, cell, silent=True)
                except _KernelDied as died:
                    self._bad[before] = str(died)
                    raise
        return kernel

    # -- talking to a kernel --------------------------------------------------------------------

    def _send(self, kernel: _Kernel, command: Command) -> None:
        try:
            kernel.channel.send(command, max(self._end - monotonic(), 1.0))
        except (ClosedError, LateError):
            raise self._died(kernel) from None

    def _receive(self, kernel: _Kernel, end: float) -> Report:
        try:
            return kernel.channel.receive(max(min(end, self._end + _GRACE) - monotonic(), 0.01))
        except LateError:
            self._kill(kernel)
            raise _KernelDied("It did not stop when its time was over, and was killed.") from None
        except BadFrameError as error:
            self._kill(kernel)
            raise _KernelDied(f"It sent {error}.") from None
        except ClosedError:
            raise self._died(kernel) from None

    def _kill(self, kernel: _Kernel) -> None:
        try:
            kernel.jail.leash.send(b"kill")
        except OSError:
            return  # it is gone already

    def _died(self, kernel: _Kernel) -> _KernelDied:
        leash = kernel.jail.leash
        leash.settimeout(_STATUS_SECONDS)
        try:
            status = int(leash.recv(16) or b"0")
        except (OSError, ValueError):
            return _KernelDied("The kernel died.")
        if status < 0:
            return _KernelDied(f"The kernel died. {_KILLED.get(-status, f'Signal {-status}.')}")
        return _KernelDied(f"The code ended the kernel's process (exit status {status}).")

    # -- checks -------------------------------------------------------------------------------

    def _judge(self, number: int, check: Check) -> CheckSeen:
        if monotonic() > self._end:
            return CheckSeen(check.grade_id, None, "The time for this notebook was over.")
        seconds = min(self._limits.check_seconds, self._end - monotonic())
        sock = self._copies.get(check.grade_id)
        if sock is None or _hung_up(sock):
            try:
                sock = self._apart_from_others(number)
            except _KernelDied as died:
                return CheckSeen(check.grade_id, None, f"The kernel died before it: {died}")
        channel: Channel[Rest | Found] = Channel(sock, Rest | Found, limit=self._limits.frame_bytes)
        late: list[str] = []
        try:
            with at_most(seconds + _GRACE, lambda: self._give_up(number)) as late:
                seen = judge(check, Link(channel, seconds), self._missing(number))
        except OverdueError as error:
            seen = CheckSeen(check.grade_id, None, str(error))
        finally:
            channel.close()
        return CheckSeen(check.grade_id, None, late[0]) if late else seen

    def _give_up(self, number: int) -> None:
        """Leave all checks from this one on unjudged, and end: something here cannot be stopped."""
        reason = "It took too long in real time."
        for cell in self._job.cells[number:]:
            if cell.check is not None:
                self._tell(CheckSeen(cell.check.grade_id, None, reason))
        self._tell(Ended(reason))
        os._exit(0)

    def _apart_from_others(self, number: int) -> socket.socket:
        """Return the channel of a new kernel that ran the cells before a check and then serves."""
        if self._restarts >= self._limits.restarts * 2:
            raise _KernelDied("It was replaced too often.")
        self._restarts += 1
        kernel = self._again(0, number)
        self._send(kernel, Serve())
        self._receive(kernel, monotonic() + _GRACE)
        return kernel.channel.socket

    def _missing(self, number: int) -> str:
        """Say which cells since the last check ended badly: one should have bound the name."""
        said = ""
        for before, cell in enumerate(self._job.cells[:number]):
            error = self._bad.get(before) or self._raised.get(before)
            if cell.check is not None:
                said = ""
            elif error and not (said and error.startswith("NameError")):  # it follows from that
                said = f"; the cell {cell.name!r} did not run to its end: {error}"
        return said


def _hung_up(sock: socket.socket) -> bool:
    """Tell whether nobody is there any more: whatever killed one check's copy may kill others."""
    try:
        return not sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True
