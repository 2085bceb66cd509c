"""Texts to show, and results that belong to their calls."""

from __future__ import annotations

from collections.abc import Sequence

from toollab.calls import ToolCall, ToolResult
from toollab.checks._exercise import Wrong

__all__ = ("short", "unpaired")


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
