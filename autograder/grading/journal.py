"""The journal: one line for each finished submission, written before its grade is recorded.

A run that is killed anywhere can be run again: what the journal holds is not executed a second
time, only recorded again, and recording twice changes nothing.  A line that was cut off in the
middle is dropped.  Only places are kept in memory: a line can hold megabytes.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Self

import msgspec

from autograder.errors import CourseError
from autograder.grading.results import SCHEMA, NotebookResult, NotebookState, decode, encode

__all__ = ("Head", "Journal")

Key = tuple[str, str, str, str]
"""Student, notebook, digest of the submission, digest of the source."""


class Head(msgspec.Struct, frozen=True):
    """What tells one line of the journal from another; the rest of it is left unread."""

    student: str
    notebook: str
    state: NotebookState
    submission: str = ""
    source: str = ""
    jail: str = ""
    schema: int = 0

    @property
    def key(self) -> Key:
        """What a submission is looked up by."""
        return (self.student, self.notebook, self.submission, self.source)


_heads = msgspec.json.Decoder(Head)


class Journal:
    """Results of one assignment, on disk.  Use it as a context manager.

    Whoever writes holds it alone; with `write=False` it is only read, by as many as like.
    """

    def __init__(self, path: Path, *, write: bool = True) -> None:
        self.path = path
        self._write = write
        self._places: dict[Key, tuple[int, int]] = {}
        self._newest: dict[tuple[str, str], Head] = {}
        self._end = 0
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        """Read what is there and, to write, drop a line that was cut off.

        Raises `CourseError` if another process is writing.
        """
        if not self._write:
            with suppress(FileNotFoundError):
                self._file = self.path.open("rb")
                self._index(self._file)
            return self
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        self._file = os.fdopen(handle, "r+b", buffering=0)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise CourseError(
                f"Another process is grading {self.path.stem} in this classroom. "
                "Hint: wait for it to end, or stop it; what it has finished is kept."
            ) from error
        with self.path.open("rb") as file:
            self._index(file)
        os.ftruncate(handle, self._end)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _index(self, file: BinaryIO) -> None:
        for line in file:
            if not line.endswith(b"\n"):
                return
            try:
                head = _heads.decode(line)
            except msgspec.DecodeError:
                return
            self._note(head, len(line))

    def _note(self, head: Head, length: int) -> None:
        if head.schema == SCHEMA:
            self._places.pop(head.key, None)  # so that the newest stands last
            self._places[head.key] = (self._end, length)
            self._newest[head.student, head.notebook] = head
        self._end += length

    def find(
        self, student: str, notebook: str, submission: str, source: str
    ) -> NotebookResult | None:
        """Return the result of exactly this submission graded by exactly this source."""
        place = self._places.get((student, notebook, submission, source))
        return None if place is None else self._read(*place)

    def newest(self, student: str, notebook: str) -> Head | None:
        """Return what was last graded of one student."""
        return self._newest.get((student, notebook))

    def latest(self) -> Iterator[NotebookResult]:
        """Yield the newest result of each student and notebook, by their names."""
        for _, head in sorted(self._newest.items()):
            yield self._read(*self._places[head.key])

    def _read(self, start: int, length: int) -> NotebookResult:
        if self._file is None:
            raise ValueError("The journal is not open. Hint: use it in a `with` block.")
        return decode(os.pread(self._file.fileno(), length, start))

    def add(self, result: NotebookResult) -> None:
        """Write one result; when this returns it survives a power cut."""
        if self._file is None or not self._write:
            raise ValueError("The journal is not open. Hint: use it in a `with` block.")
        line = encode(result) + b"\n"
        done = 0
        while done < len(line):
            done += os.pwrite(self._file.fileno(), line[done:], self._end + done)
        os.fsync(self._file.fileno())
        self._note(_heads.decode(line), len(line))
