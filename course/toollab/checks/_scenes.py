"""Scenes that several notebooks play: batches with failures, and a caller that is cancelled."""

from __future__ import annotations

import asyncio
import inspect
import sysconfig
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from toollab.calls import ToolResult
from toollab.checks import _probes as probes
from toollab.checks._exercise import Wrong
from toollab.clock import Run
from toollab.tools import Batch, ToolError, random_batch

__all__ = (
    "ERRORS",
    "Function",
    "all_well",
    "awaited",
    "batch",
    "no_error_results",
    "stopping",
    "stops",
    "tells",
)

Function = Callable[..., Any]

_PACKAGE = Path(__file__).resolve().parents[2]

ERRORS = (TimeoutError(), ToolError("backend is down"), KeyError("stock"))
"""What failing tools raise; the text of the first is empty."""


def batch(
    seed: int, size: int, *, failing: int = 0, limit: int | None = None, twin: bool = False
) -> Batch:
    """Make a batch of `size` calls, of which `failing` fail, one of them without a message.

    `twin` adds a call that equals the first one in all but its id.
    """
    made = random_batch(seed, size, failing=failing, limit=limit, errors=ERRORS)
    if not twin:
        return made
    first = made.calls[0]
    other = replace(first, id=f"{first.id}_again")
    errors = dict(made.errors)
    if first.id in errors:
        errors[other.id] = errors[first.id]
    return replace(
        made,
        calls=(*made.calls, other),
        seconds={**made.seconds, other.id: made.seconds[first.id]},
        errors=errors,
    )


def awaited(fn: Function) -> Function:
    """Return `fn` as a coroutine function: one that returns an awaitable is as good."""
    if inspect.iscoroutinefunction(fn):
        return fn

    async def call(*args: Any, **kwargs: Any) -> Any:
        value = fn(*args, **kwargs)
        return await value if inspect.isawaitable(value) else value

    return call


def stopping(fn: Function, after: float) -> Function:
    """Return a scene that cancels `fn` after so many seconds.

    Its value is false if `fn` returned something in spite of that.
    """

    async def scene(*args: Any, **kwargs: Any) -> bool:
        task = asyncio.ensure_future(awaited(fn)(*args, **kwargs))
        await asyncio.wait([task], timeout=after)
        if task.done():
            return True
        task.cancel()
        await asyncio.wait([task])
        return task.cancelled() or task.exception() is not None

    return scene


def stops(run: Run, what: str) -> None:
    """Ask of a run that was cancelled on the way that it stopped, and its tools with it."""
    probes.comes_back(run)
    if not run.value:
        raise Wrong(
            saw=f"{what} was cancelled, and returned a value all the same",
            expected="the CancelledError goes on to the caller",
            hint="`except BaseException`, a bare `except` and `except CancelledError` catch the "
            "order to stop: catch `Exception`, which leaves it alone.",
            mistake="swallows-cancel",
        )
    if unfinished := run.unfinished():
        raise Wrong(
            saw=f"{what} was cancelled, and {', '.join(unfinished)} kept running",
            expected="its calls are cancelled with it",
            hint="A task does not end because its maker did. gather, TaskGroup and wait_for pass "
            "a cancellation on; bare tasks have to be cancelled in a finally.",
            mistake="left-running",
        )


def all_well(run: Run) -> None:
    """Ask that the function came back from a run in which no tool failed."""
    try:
        probes.comes_back(run)
    except Wrong as wrong:
        if wrong.mistake != "raises" or run.error is None:
            raise
        hint = "No tool failed in this run: the exception is your own code's."
        raise Wrong(
            saw=wrong.saw,
            expected=wrong.expected,
            hint=f"{hint}{_line_of(run.error)}",
            mistake=wrong.mistake,
        ) from None


def _line_of(error: BaseException) -> str:
    library = (str(_PACKAGE), *(sysconfig.get_path(name) for name in ("stdlib", "purelib")))
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if not frame.filename.startswith(library):
            shown = f": `{frame.line}`" if frame.line else ""
            return f" Look at line {frame.lineno}{shown}."
    return ""


def no_error_results(results: Sequence[ToolResult]) -> None:
    """Ask for no error result in a run in which no tool failed."""
    for result in results:
        if result.is_error:
            raise Wrong(
                saw=f"an error result for {result.id}: “{result.content}”",
                expected="the tool's answer, for no tool fails in this run",
                hint="Your own code raised that, and your own `except` caught it. A tool is called "
                "with keyword arguments, `**call.arguments`.",
                mistake="own-error",
            )


def tells(run: Run, batch: Batch) -> None:
    """Ask that each error result names the error's type and says its message."""
    results = probes.results_of(run.value)
    types = {i: type(error).__name__ for i, error in batch.errors.items()}
    probes.error_results(results, batch.failing, mentions=types)
    for result in results:
        words = batch.errors[result.id].args if result.id in batch.errors else ()
        if any(str(word) not in result.content for word in words):
            raise Wrong(
                saw=f"the error result of {result.id} says “{result.content}”",
                expected=f"a text that also says “{words[0]}”",
                hint="The error's type alone does not tell the model what to do next: "
                "add its message.",
                mistake="message-lost",
            )
