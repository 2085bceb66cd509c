"""The journal: one line for each finished submission, written before its grade is recorded.

A run that is killed anywhere can be run again: what the journal holds is not executed a second
time, only recorded again, and recording twice changes nothing.  A line that was cut off in the
middle is dropped.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import msgspec

from autograder.grading.results import SCHEMA, NotebookResult, decode, encode

__all__ = ("Journal",)

Key = tuple[str, str, str, str]
"""Student, notebook, digest of the submission, digest of the source."""


class Journal:
    """Results of one assignment, on disk.  Use it as a context manager; one process at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._done: dict[Key, NotebookResult] = {}
        self._file: int | None = None

    def __enter__(self) -> Self:
        """Read what is there, drop a line that was cut off, and open for appending."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        whole = 0
        if self.path.exists():
            for line in self._lines():
                whole += len(line)
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)
        os.ftruncate(self._file, whole)
        os.lseek(self._file, 0, os.SEEK_END)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _lines(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    return
                try:
                    result = decode(line)
                except msgspec.DecodeError:
                    return
                if result.schema == SCHEMA:
                    self._done[_key(result)] = result
                yield line

    def find(
        self, student: str, notebook: str, submission: str, source: str
    ) -> NotebookResult | None:
        """Return the result of exactly this submission graded by exactly this source."""
        return self._done.get((student, notebook, submission, source))

    def latest(self) -> dict[tuple[str, str], NotebookResult]:
        """Return the newest result of each student and notebook."""
        return {(result.student, result.notebook): result for result in self._done.values()}

    def add(self, result: NotebookResult) -> None:
        """Write one result; when this returns it survives a power cut."""
        if self._file is None:
            raise ValueError("The journal is not open. Hint: use it in a `with` block.")
        line = encode(result) + b"\n"
        view = memoryview(line)
        while view:
            view = view[os.write(self._file, view) :]
        os.fsync(self._file)
        key = _key(result)
        self._done.pop(key, None)  # so that the newest stands last
        self._done[key] = result


def _key(result: NotebookResult) -> Key:
    return (result.student, result.notebook, result.submission, result.source)
