"""What the checks of this notebook ask of any function over plain data."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Sequence
from typing import Any

from toollab.calls import ToolCall, ToolResult
from toollab.checks import _probes as probes
from toollab.checks._exercise import Wrong
from toollab.clock import Run, Stuck

__all__ = ("returned", "short", "unpaired")


def returned(run: Run, expected: str) -> Any:
    """Ask that the function came back with something, and return that."""
    error = run.error
    if isinstance(error, Stuck):
        probes.comes_back(run)
    if error is not None:
        own = [f for f in traceback.extract_tb(error.__traceback__) if "toollab" not in f.filename]
        place = f", in line {own[-1].lineno} of {own[-1].name}" if own else ""
        raise Wrong(
            saw=f"{type(error).__name__}: {error}{place}",
            expected=expected,
            hint="An exception got out of your function: look at what that line was given.",
            mistake="raises",
        )
    if inspect.iscoroutine(run.value):
        run.value.close()
    if run.value is None:
        raise Wrong(
            saw="None",
            expected=expected,
            hint="print shows a value to a reader; only return hands it to the caller.",
            mistake="returns-nothing",
        )
    return run.value


def short(text: str, most: int = 60) -> str:
    """Return a text in quotes, shortened in the middle if it is long."""
    if len(text) <= most:
        return f"“{text}”"
    half = (most - 1) // 2
    return f"“{text[:half]}…{text[-half:]}” ({len(text)} characters)"


def unpaired(results: Sequence[ToolResult], calls: Sequence[ToolCall]) -> None:
    """Ask that each call has exactly one result, and nobody else has any."""
    got, ids = [result.id for result in results], [call.id for call in calls]
    expected = f"one result for each of the {len(ids)} ids"
    missing = [i for i in ids if i not in got]
    if missing:
        raise Wrong(
            saw=f"no result for {', '.join(missing)}",
            expected=expected,
            hint="The model waits for an answer to every id: to failed calls, to silent ones, "
            "to those asked twice.",
            mistake="id-lost",
        )
    foreign = [i for i in got if i not in ids]
    if foreign:
        raise Wrong(
            saw=f"a result for {', '.join(foreign)}, which nobody asked for in this batch",
            expected=expected,
            hint="Walk through the calls, and look up what belongs to each.",
            mistake="stranger-answered",
        )
    twice = sorted({i for i in got if got.count(i) > 1})
    if twice:
        raise Wrong(
            saw=f"more than one result for {', '.join(twice)}",
            expected=expected,
            hint="Each id is answered exactly once, however often it was tried.",
            mistake="answered-twice",
        )
