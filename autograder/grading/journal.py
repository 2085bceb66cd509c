"""The journal: one line for each finished submission, written before its grade is recorded.

A run that is killed anywhere can be run again: what the journal holds is not executed a second
time, only recorded again, and recording twice changes nothing.  A line that was cut off in the
middle is dropped.  Only places are kept in memory: a line can hold megabytes.

A run that has come to its end leaves out what later lines made old, once that is most of the file:
so the journal grows with the class, not with the number of runs.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
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


_OLD_BYTES = 1 << 20
"""So many bytes of old lines are left where they are: copying the rest would not be worth it."""
_CHUNK = 1 << 20
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
        self._file = self._locked(self.path)
        while not _is_at(self._file, self.path):  # somebody has replaced it meanwhile
            self._file.close()
            self._file = self._locked(self.path)
        with self.path.open("rb") as file:
            self._index(file)
        os.ftruncate(self._file.fileno(), self._end)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._file is None:
            return
        try:
            if kind is None and self._write:
                self._leave_out_what_is_old(self._file)
        finally:
            self._file.close()
            self._file = None

    def _locked(self, path: Path) -> BinaryIO:
        """Open a file that nobody else writes; raises `CourseError` if somebody does."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        file = os.fdopen(handle, "r+b", buffering=0)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.close()
            raise CourseError(
                f"Another process is grading {self.path.stem} in this classroom. "
                "Hint: wait for it to end, or stop it; what it has finished is kept."
            ) from error
        return file

    def _leave_out_what_is_old(self, file: BinaryIO) -> None:
        """Keep the newest line of each student and notebook, if they are the smaller part.

        The new file is whole before it takes the old one's name, and locked before that, too:
        killed anywhere, there is one journal, and one writer.
        """
        newest = sorted(self._places[head.key] for head in self._newest.values())
        kept = sum(length for _, length in newest)
        if self._end - kept <= max(kept, _OLD_BYTES):
            return
        path = self.path.with_name(self.path.name + ".new")
        try:
            self._copy(file, newest, path)
        except OSError:  # a full disk, for example: what is there is good as it is
            path.unlink(missing_ok=True)

    def _copy(self, file: BinaryIO, places: Iterable[tuple[int, int]], path: Path) -> None:
        with self._locked(path) as new:
            os.ftruncate(new.fileno(), 0)
            for start, length in places:
                for place in range(start, start + length, _CHUNK):
                    size = min(_CHUNK, start + length - place)
                    _write(new, os.pread(file.fileno(), size, place))
            os.fsync(new.fileno())
            path.replace(self.path)
            file.close()  # only now may another process have it: it sees that it is the old one

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
        os.lseek(self._file.fileno(), self._end, os.SEEK_SET)
        _write(self._file, line)
        os.fsync(self._file.fileno())
        self._note(_heads.decode(line), len(line))


def _is_at(file: BinaryIO, path: Path) -> bool:
    """Tell whether an open file is still the one that has this name."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _write(file: BinaryIO, data: bytes) -> None:
    """Write all of it, whatever the system takes at once."""
    left = memoryview(data)
    while left:
        left = left[os.write(file.fileno(), left) :]
