"""The schema of the other conversation: cells to run, and what they show.

The witness sends cells of the learner's notebook and gets their outputs.  None of this decides
about points; it is bounded and typed, so that it cannot do harm either.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from autograder.grading.wire.messages import Line, Number, Page, Short, _Part

__all__ = (
    "Cleared",
    "Command",
    "Done",
    "Error",
    "Fork",
    "Forked",
    "Report",
    "RunCell",
    "Serve",
    "Shown",
    "Start",
    "Stream",
)

# -- to the kernel --------------------------------------------------------------------------


class Start(_Part, tag="start"):
    """The kernel begins: files to lay out, and how much a cell may show."""

    files: dict[str, bytes]
    text_bytes: int
    display_bytes: int


class RunCell(_Part, tag="cell"):
    """Run one cell; interrupt it after so many seconds of real time."""

    place: int
    source: str
    count: int
    seconds: float


class Fork(_Part, tag="fork"):
    """Keep a copy of the kernel as it is now, for the check with this number."""

    check: int


class Serve(_Part, tag="serve"):
    """Run no more cells; from now on this channel speaks of checks."""


Command: TypeAlias = Start | RunCell | Fork | Serve

# -- from the kernel ------------------------------------------------------------------------


class Stream(_Part, tag="stream"):
    """Text on a standard stream, of the cell at this place."""

    place: Number
    name: Literal["stdout", "stderr"]
    text: Page


class Shown(_Part, tag="shown"):
    """Something displayed: texts by mime type, and others as JSON text.

    `kind` says whether it is the value of the cell, or a display, or the update of one.
    """

    place: Number
    kind: Literal["result", "display", "update"]
    texts: dict[Short, str]
    structures: dict[Short, str]
    metadata: str
    display_id: Short = ""


class Cleared(_Part, tag="cleared"):
    """The cell's output so far is to go, at once or when more comes."""

    place: Number
    wait: bool


class Error(_Part, tag="error"):
    """The cell raised."""

    place: Number
    name: Short
    value: Page
    traceback: Annotated[list[Page], Meta(max_length=200)]


class Done(_Part, tag="done"):
    """The cell is through."""

    place: Number
    state: Literal["ok", "error", "interrupted"]


class Forked(_Part, tag="forked"):
    """The copy exists, or why there is none: threads that a copy would not have."""

    check: Number
    reason: Line = ""


Report: TypeAlias = Stream | Shown | Cleared | Error | Done | Forked
