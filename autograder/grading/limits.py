"""What one submission may use.  Everything is far beyond what honest work needs."""

from __future__ import annotations

from msgspec import Struct

__all__ = ("Limits",)

_MIB = 1 << 20


class Limits(Struct, frozen=True, kw_only=True):
    """Limits of one submission.  Seconds are real time unless they say otherwise.

    Limits of real time are the last resort, for code that neither returns nor computes; code
    that computes for ever is stopped by its processor time, however busy the machine is.
    """

    cell_seconds: float = 60.0
    """One cell.  First it is interrupted, as by the stop button; then its kernel is replaced."""
    check_seconds: float = 120.0
    """One check cell, with all its cases."""
    notebook_seconds: float = 600.0
    """All of a notebook."""
    cpu_seconds: int = 60
    """Processor time of one process of the jail."""
    memory: int = 1024 * _MIB
    """Bytes of memory that one process may ask for, beyond what it starts with; all processes
    of one submission together may use twice as much."""
    processes: int = 400
    """Processes and threads of one submission together."""
    file_bytes: int = 32 * _MIB
    """Size of one file."""
    disk_bytes: int = 64 * _MIB
    """All files of one submission together."""
    files: int = 2_000
    """Files and folders of one submission."""
    open_files: int = 256
    """Open files of one process."""
    text_bytes: int = 256 * 1024
    """What one cell may print."""
    display_bytes: int = 2 * _MIB
    """Pictures, tables and other rich output of one cell."""
    frame_bytes: int = 4 * _MIB
    """One message from the jail."""
    restarts: int = 3
    """How often a kernel that died is replaced."""
