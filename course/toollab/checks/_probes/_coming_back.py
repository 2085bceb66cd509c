"""Probes of how a run ended: it came back, or what it raised."""

from __future__ import annotations

from typing import Any

from toollab.checks._exercise import Wrong
from toollab.clock import Run, Stuck, where_raised

__all__ = ("OTHER_LOOP", "comes_back", "count", "hint_if_undefined", "is_of_another_loop")


def count(number: int, noun: str) -> str:
    """Write a number with its noun: `1 call`, `2 calls`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def comes_back(run: Run) -> None:
    """Ask that the function returns instead of raising, hanging or spinning."""
    error = run.error
    if error is None:
        return
    if told := hint_if_undefined(error):
        saw, hint, mistake = f"NameError: {error}", told, "undefined"
    else:
        saw, hint, mistake = _what_it_raised(error)
    raise Wrong(saw=saw, expected="the function returns", hint=hint, mistake=mistake)


def _what_it_raised(error: BaseException) -> tuple[str, str, str]:
    """Return what was seen, a hint and the mistake's slug."""
    kind, text = type(error), _text(error)
    saw = f"{kind.__name__}: {text}".strip(": ")
    if issubclass(kind, Stuck):
        stuck: Any = error
        return stuck.sentence, stuck.hint, kind.__name__.lower()
    if issubclass(kind, RuntimeError) and is_of_another_loop(text):
        return saw, OTHER_LOOP, "other-loop"
    if "cannot be called from a running event loop" in text:
        hint = "The notebook's event loop is already running: await your coroutine instead."
        return saw, hint, "nested-run"
    if issubclass(kind, BaseExceptionGroup):
        return _what_a_group_raised(error)
    place, own = where_raised(error)
    through = f" (in {place})" if place else ""
    if own:
        return saw, f"Your own code raised this{through}: it is not a tool's error.", "raises"
    hint = (
        f"An exception got out of your function{through}: a failing tool is an answer for the "
        "model, so turn it into an error result."
    )
    return saw, hint, "raises"


def hint_if_undefined(error: BaseException) -> str:
    """Return a hint if the cell that was to define the function failed; empty otherwise.

    Grading says so in the error's text, with what became of that cell.
    """
    if isinstance(error, NameError) and "did not run to its end" in _text(error):
        return "Run the cell with your answer alone, and mend what it says; then run the check."
    return ""


def _what_a_group_raised(group: Any) -> tuple[str, str, str]:
    """Return what was seen, a hint and the mistake's slug, for an exception group."""
    saw = "; ".join(f"{type(e).__name__}: {_text(e)}" for e in group.exceptions)
    place, own = where_raised(group.exceptions[0])
    if own:
        return saw, f"Your own code raised this (in {place}): it is not a tool's error.", "raises"
    hint = (
        "A TaskGroup raises what its tasks raised: catch the exception inside each task, "
        "so that one failing call cannot take the others with it."
    )
    return saw, hint, "group-escapes"


OTHER_LOOP = (
    "A semaphore, lock or queue belongs to the loop that first waited on it: "
    "make it inside your function, not once for the whole notebook."
)


def is_of_another_loop(text: str) -> bool:
    """Tell whether an error says that something belongs to another event loop."""
    return "is bound to a different event loop" in text or "attached to a different loop" in text


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except (Exception, SystemExit, GeneratorExit):  # noqa: BLE001 - a learner's own class
        return "(its text cannot be shown)"
