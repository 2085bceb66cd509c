"""What learners' code prints, warns and logs: kept as notes, which decide nothing.

nbgrader gives zero points for anything on stderr, so nothing may get there from a check.
"""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from typing import Any

__all__ = ("captured",)

_LONGEST = 300


class _Paper(StringIO):
    """A text that stays open, whoever closes it."""

    def close(self) -> None:
        """Stay open."""


@contextmanager
def captured() -> Iterator[list[str]]:
    """Keep what is printed, warned and logged; afterwards the list holds one note for each."""
    notes: list[str] = []
    out, err = _Paper(), _Paper()
    # Entered first, left last: what is freed on the way out may still have something to say.
    shown = (sys.__stdout__, sys.__stderr__, sys.stdout, sys.stderr)
    with redirect_stdout(out), redirect_stderr(err), _logging_to(err, shown):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("default")
            yield notes
        told = list(dict.fromkeys(_text(warning.message) for warning in caught))
        caught.clear()
    for verb, text in (
        ("warned", "; ".join(told)),
        ("printed", out.getvalue().strip()),
        ("wrote to stderr", err.getvalue().strip()),
    ):
        if text:
            short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"
            notes.append(f"Your code {verb} (this costs no points): {short}")


@contextmanager
def _logging_to(err: StringIO, shown: tuple[object, ...]) -> Iterator[None]:
    """Send to `err` what would be logged to one of the streams `shown`; undo what is set up."""
    root = logging.getLogger()
    handlers, level, last_resort = root.handlers[:], root.level, logging.lastResort
    moved = []
    every: Any = getattr(logging, "_handlerList", ())  # the one list of all handlers
    for reference in list(every):
        handler = reference()
        if isinstance(handler, logging.StreamHandler) and _is_shown(handler.stream, shown):
            moved.append((handler, handler.stream))
            handler.stream = err
    logging.lastResort = logging.StreamHandler(err)
    try:
        yield
    finally:
        for handler, stream in moved:
            handler.stream = stream
        root.handlers[:], logging.lastResort = handlers, last_resort
        root.setLevel(level)


def _is_shown(stream: object, shown: tuple[object, ...]) -> bool:
    return any(stream is one for one in shown)


def _text(message: object) -> str:
    try:
        return str(message)
    except (Exception, SystemExit, GeneratorExit):  # noqa: BLE001 - a learner's own class
        return type(message).__name__
