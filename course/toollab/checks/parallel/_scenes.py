"""What the three exercises have in common: batches, and the scene of a cancelled caller."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from toollab.checks import _probes as probes
from toollab.checks._exercise import Wrong
from toollab.clock import Run
from toollab.tools import Batch, ToolError, random_batch

__all__ = ("ERRORS", "Function", "awaited", "batch", "stopping", "stops")

Function = Callable[..., Any]

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
