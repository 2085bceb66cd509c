"""What all processes of a submission use together: no limit of the system covers that."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from autograder.grading.jail.isolate import Walls

__all__ = ("Scales",)

_PROC = Path("/proc")
_MOST_PROCESSES = 64  # each may hold much in the kernel that is counted nowhere
_TOGETHER = 2  # times what one process may use


class Scales:
    """Weighs every process of this namespace, of which this one is the first."""

    def __init__(self, walls: Walls) -> None:
        self._most = _TOGETHER * walls.memory
        self._own = _resident(os.getpid())  # shared with the zygote, as in every fork
        self._warned = False

    def look(self) -> None:
        """Kill the largest process if all are too large together; the next time, everything."""
        pids = [int(path.name) for path in _PROC.glob("[0-9]*")]
        pids.remove(os.getpid())
        many = len(pids) > _MOST_PROCESSES
        sizes = {pid: _resident(pid) - self._own for pid in pids}
        if not many and _sum(sizes.values()) > self._most:
            # Pages that forks share are counted again in each; this is exact, and slow.
            sizes = {pid: _share(pid, size) for pid, size in sizes.items()}
        if not many and _sum(sizes.values()) <= self._most:
            self._warned = False
            return
        victim = -1 if many or self._warned else max(sizes, key=lambda pid: sizes[pid])
        self._warned = True
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)


def _sum(sizes: Iterable[int]) -> int:
    return sum(max(size, 0) for size in sizes)


def _resident(pid: int) -> int:
    """Return the bytes of memory that a process has and that no file holds."""
    return _read(pid, "status", (b"RssAnon:", b"RssShmem:"))


def _share(pid: int, size: int) -> int:
    """Return a process's share of its memory; all of it, if it does not let us look."""
    found = _read(pid, "smaps_rollup", (b"Pss_Anon:", b"Pss_Shmem:"))
    return found or size


def _read(pid: int, name: str, labels: tuple[bytes, ...]) -> int:
    try:
        lines = (_PROC / str(pid) / name).read_bytes().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith(labels))
