"""Where in the learner's own code something happens."""

from __future__ import annotations

import asyncio
import linecache
import sys
import sysconfig
import threading
import traceback
from collections.abc import Iterable
from concurrent.futures import thread as _pools
from pathlib import Path
from types import CoroutineType, FrameType
from typing import Any

__all__ = (
    "is_between",
    "is_idle_worker",
    "is_theirs",
    "leave_out",
    "waiting_places",
    "where_is",
    "where_raised",
)

_not_theirs: list[str] = [
    str(Path(__file__).resolve().parent.parent),
    *(str(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib")),
    "<frozen",
]
_EDGE = str(Path(__file__).with_name("_scene.py"))  # what is outside of it called the run
_NOWHERE = "an unknown place"
_PLACES = 3


def leave_out(folder: str) -> None:
    """Count what lies in this folder as surroundings, not as code under test."""
    _not_theirs.append(folder)


def is_theirs(frame: FrameType) -> bool:
    """Tell whether a frame runs code under test."""
    return not frame.f_code.co_filename.startswith(tuple(_not_theirs))


def is_between(frame: FrameType | None) -> bool:
    """Tell whether a thread has ended, or stands in the event loop's own code.

    Then it is on its way from one callback to the next, or into the loop or out of it, and no
    code under test keeps it from going on.
    """
    return frame is None or frame.f_code.co_filename == asyncio.base_events.__file__


def where_is(frame: FrameType | None) -> tuple[str, str]:
    """Name the innermost frame of the code under test: the call it makes, and its place.

    Returns `(source line or called function, "function, line n")`.
    """
    called = ""
    while frame is not None and frame.f_code.co_filename != _EDGE:
        if is_theirs(frame):
            line = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
            return called or line, f"{frame.f_code.co_name}, line {frame.f_lineno}"
        called = frame.f_code.co_qualname
        frame = frame.f_back
    return called, _NOWHERE


def where_raised(error: BaseException) -> tuple[str, bool]:
    """Name the last place in the code under test that an error came through.

    The place is empty if there is none; the flag tells whether the error began there.
    """
    place, began = "", False
    for frame, line in traceback.walk_tb(error.__traceback__):
        began = is_theirs(frame)
        if began:
            place = f"{frame.f_code.co_name}, line {line}"
    return place, began


def is_idle_worker(thread: threading.Thread, frame: FrameType | None) -> bool:
    """Tell whether a thread is a pool's worker that waits for work."""
    return (
        thread in _pools._threads_queues  # noqa: SLF001 - the one list of all pools' workers
        and frame is not None
        and frame.f_code is _pools._worker.__code__  # noqa: SLF001
    )


def waiting_places(
    threads: Iterable[threading.Thread] = (), tasks: Iterable[asyncio.Task[Any]] = ()
) -> str:
    """Say where these threads and tasks wait; empty if nowhere in the code under test."""
    frames = sys._current_frames()  # noqa: SLF001
    places = []
    for thread in threads:
        frame = frames.get(thread.ident or 0)
        called, place = where_is(frame)
        if place != _NOWHERE and not is_idle_worker(thread, frame):
            places.append(f"{place} (in {called})" if called else place)
    places += sorted(place for task in tasks if (place := _place_of(task.get_coro())))
    different = list(dict.fromkeys(places))
    more = "; …" if len(different) > _PLACES else ""
    return f", at {'; '.join(different[:_PLACES])}{more}" if different else ""


def _place_of(coroutine: Any) -> str:
    """Return the innermost place in the learner's code on the way from a task to what it awaits."""
    place = ""
    while type(coroutine) is CoroutineType:
        _, here = where_is(coroutine.cr_frame)
        place = place if here == _NOWHERE else here
        coroutine = coroutine.cr_await
    return place
