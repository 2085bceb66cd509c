"""What a world writes down, made independent of chance and of what a learner hands in."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from toollab.calls import JSON
from toollab.trace import Span

__all__ = ("MAIN", "fresh", "in_order", "key_of", "plain")

MAIN = "MainThread"
"""The thread that runs the function under test, whatever its real name."""


def key_of(name: str, arguments: Mapping[str, JSON]) -> str:
    """Return a text that is equal for equal calls: the name and the sorted arguments."""
    inside = ", ".join(f"{key}={arguments[key]!r}" for key in sorted(arguments))
    return f"{name}({inside})"


def plain(value: Any, what: str) -> JSON:
    """Return a copy of `value`; raise `TypeError` unless it is what JSON can say.

    Exact types: an object that claims to equal everything is not data.
    """
    if value is None or type(value) in (str, int, float, bool):
        return value
    if type(value) in (list, tuple):
        return [plain(item, what) for item in value]
    if type(value) is dict and all(type(key) is str for key in value):
        return {key: plain(item, what) for key, item in value.items()}
    raise TypeError(f"{what} is a {type(value).__name__}, which is not plain data.")


def fresh(error: Exception) -> Exception:
    """Return an exception like this one that has never been raised.

    One instance for several calls would carry the traceback of each into the next.
    """
    try:
        return copy.copy(error)
    except Exception:  # noqa: BLE001 - a class of its own kind
        return error.with_traceback(None)


def in_order(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans in the order in which they started, with nothing in it left to chance.

    Threads that come to their tools with no event in between do so in any order, and no fact
    about overlap or precedence depends on it.  Here the main thread's come first and the others
    by name and arguments; workers are numbered as they appear.
    """
    events = sorted(
        [(span.started, index, True) for index, span in enumerate(spans)]
        + [(span.ended, index, False) for index, span in enumerate(spans) if span.ended is not None]
    )
    workers: dict[str, str] = {}
    found: list[Span] = []
    for starts, group in groupby(events, key=lambda event: event[2]):
        if not starts:
            continue
        orders, indexes = zip(*((order, index) for order, index, _ in group), strict=True)
        ranked = sorted((spans[index] for index in indexes), key=_rank)
        for order, span in zip(orders, ranked, strict=True):
            thread = span.thread
            if thread != MAIN:
                thread = workers.setdefault(thread, f"thread {len(workers) + 1}")
            found.append(replace(span, started=order, thread=thread))
    return tuple(found)


def _rank(span: Span) -> tuple[Any, ...]:
    if span.thread == MAIN:
        return (span.start, 0, span.started)
    return (span.start, 1, key_of(span.name, span.arguments))
