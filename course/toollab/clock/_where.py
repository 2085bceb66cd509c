"""Where in the learner's own code something happens."""

from __future__ import annotations

import linecache
import sysconfig
from pathlib import Path
from types import FrameType

__all__ = ("where_is",)

_HERE = str(Path(__file__).resolve().parent.parent)
_STDLIB = sysconfig.get_path("stdlib")


def where_is(frame: FrameType | None) -> tuple[str, str]:
    """Name the innermost frame of the code under test: the call it makes, and its place.

    Returns `(source line or called function, "function, line n")`.
    """
    called = ""
    while frame is not None:
        file = frame.f_code.co_filename
        if not file.startswith((_HERE, str(_STDLIB), "<frozen")):
            line = linecache.getline(file, frame.f_lineno).strip()
            return called or line, f"{frame.f_code.co_name}, line {frame.f_lineno}"
        called = frame.f_code.co_qualname
        frame = frame.f_back
    return called, "an unknown place"
