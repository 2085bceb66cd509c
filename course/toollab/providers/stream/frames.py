"""A frame of a stream, its bytes, and the order in which fragments travel."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from toollab.calls import JSON

__all__ = ("Frame", "fragments", "in_order")


@dataclass(frozen=True, slots=True)
class Frame:
    """One server-sent event: a name (or none) and its data, JSON or a bare word."""

    data: JSON
    event: str | None = None

    def encode(self) -> bytes:
        """Return the frame as it travels."""
        name = f"event: {self.event}\n" if self.event else ""
        data = self.data if isinstance(self.data, str) else json.dumps(self.data)
        return f"{name}data: {data}\n\n".encode()


def fragments(text: str, size: int) -> list[str]:
    """Cut `text` into pieces of `size` characters."""
    return [text[start : start + size] for start in range(0, len(text), size)]


def in_order(streams: Iterable[Iterable[Frame]], *, interleave: bool) -> Iterator[Frame]:
    """Send streams one after the other, or in turns, a frame of each at a time."""
    if not interleave:
        for stream in streams:
            yield from stream
        return
    for row in zip_longest(*streams):
        yield from (frame for frame in row if frame is not None)
