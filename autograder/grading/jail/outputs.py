"""What a learner's code shows: streams, displays and errors, on their way out.

Text goes to the cell that started whoever prints: a background task prints under the cell that
made it, a thread under the cell that is running.  All of it is cut at the limits; the witness
counts again.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from contextvars import ContextVar
from time import monotonic
from typing import Any

from autograder.grading.wire.cells import Cleared, Error, Report, Shown, Stream

__all__ = ("Outputs", "StdStream")

_CHUNK = 30_000
_HOLD = 0.05
_NOBODY = -1


class Outputs:
    """Collects what the code shows and hands it to `send` in order."""

    def __init__(self, send: Callable[[Report], None]) -> None:
        self.place = _NOBODY
        self.text_bytes = self.display_bytes = 0
        self.divert: Callable[[str, str], None] | None = None  # where text goes during checks
        self._send = send
        self._cell: ContextVar[int] = ContextVar("cell")
        self._held: list[tuple[int, str, str]] = []
        self._held_size = 0
        self._held_since = 0.0
        self._shown: dict[int, list[int]] = {}

    def enter(self, place: int) -> None:
        """Begin the cell at this place."""
        self.place = place
        self._cell.set(place)

    def write(self, name: str, text: str) -> None:
        """Take text written to `stdout` or `stderr`."""
        if self.divert is not None:
            self.divert(name, text)
            return
        place = self._here()
        text = self._allowed(place, 0, text, self.text_bytes)
        if not text or place == _NOBODY:
            return
        now = monotonic()
        if not self._held:
            self._held_since = now
        self._held.append((place, name, text))
        self._held_size += len(text)
        if self._held_size > _CHUNK or now - self._held_since > _HOLD:
            self.flush()

    def flush(self) -> None:
        """Send what is held back."""
        held, self._held, self._held_size = self._held, [], 0
        joined: list[tuple[int, str, str]] = []
        for place, name, text in held:
            if joined and joined[-1][:2] == (place, name):
                joined[-1] = (place, name, joined[-1][2] + text)
            else:
                joined.append((place, name, text))
        for place, name, text in joined:
            for start in range(0, len(text), _CHUNK):
                self._send(Stream(place, name, text[start : start + _CHUNK]))  # type: ignore[arg-type]

    def show(
        self, kind: str, data: dict[Any, Any], metadata: Any = None, display_id: Any = ""
    ) -> None:
        """Send a mime bundle."""
        if self.divert is not None:
            return
        self.flush()
        place = self._here()
        texts, structures = _bundle(data)
        size = sum(map(len, texts.values())) + sum(map(len, structures.values()))
        if place == _NOBODY or not self._fits(place, size):
            return
        about = _json(metadata or {})
        self._send(Shown(place, kind, texts, structures, about, str(display_id)[:200]))  # type: ignore[arg-type]

    def clear(self, *, wait: bool) -> None:
        """Send that the output so far is to go."""
        if self.divert is None and self._here() != _NOBODY:
            self.flush()
            self._send(Cleared(self._here(), wait))

    def error(self, name: str, value: str, traceback: list[str]) -> None:
        """Send an error and its traceback."""
        self.flush()
        lines = [_clean(str(line))[:_CHUNK] for line in traceback[-100:]]
        self._send(Error(max(self._here(), 0), _clean(name)[:200], _clean(value)[:_CHUNK], lines))

    def _here(self) -> int:
        return self._cell.get(self.place)

    def _allowed(self, place: int, kind: int, text: str, limit: int) -> str:
        used = self._shown.setdefault(place, [0, 0])
        room = limit - used[kind]
        if room <= 0:
            return ""
        size = len(text.encode("utf-8", "replace"))
        used[kind] += size
        if size <= room:
            return _clean(text)
        return _clean(text)[:room] + f"\n[The rest is cut off: a cell shows {limit:,} bytes.]\n"

    def _fits(self, place: int, size: int) -> bool:
        used = self._shown.setdefault(place, [0, 0])
        used[1] += size
        return used[1] <= self.display_bytes


def _clean(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _bundle(data: dict[Any, Any]) -> tuple[dict[str, str], dict[str, str]]:
    texts: dict[str, str] = {}
    structures: dict[str, str] = {}
    for mime, value in data.items():
        if isinstance(value, bytes):
            texts[str(mime)[:200]] = base64.encodebytes(value).decode("ascii")
        elif isinstance(value, str) and not str(mime).endswith("json"):
            texts[str(mime)[:200]] = _clean(value)
        else:
            structures[str(mime)[:200]] = _json(value)
    return texts, structures


def _json(value: Any) -> str:
    try:
        return _clean(json.dumps(value, default=repr))
    except (TypeError, ValueError, RecursionError):
        return "{}"


class StdStream(io.TextIOBase):
    """`sys.stdout` and `sys.stderr` of the learner's code."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, outputs: Outputs, name: str) -> None:
        super().__init__()
        self._outputs = outputs
        self._name = name
        self.name = f"<{name}>"

    def write(self, text: str) -> int:
        """Write text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if text:
            self._outputs.write(self._name, text)
        return len(text)

    def writable(self) -> bool:
        """Return true."""
        return True

    def isatty(self) -> bool:
        """Return false: nobody sits there."""
        return False

    def fileno(self) -> int:
        """Return the descriptor that programs inherit."""
        return 1 if self._name == "stdout" else 2

    def flush(self) -> None:
        """Send what is held back."""
        if self._outputs.divert is None:
            self._outputs.flush()
