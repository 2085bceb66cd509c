"""Batches that are drawn as segments first; the calls are made from them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from toollab.calls import ToolCall
from toollab.checks import _probes as probes
from toollab.checks._exercise import Wrong
from toollab.clock import Run
from toollab.tools import Batch, ToolError
from toollab.trace import Edge

__all__ = ("ALONE", "FREE", "Function", "LineUp", "line_up", "own_code")

Function = Callable[..., Any]

FREE = ("read_log", "search_docs", "get_price")
ALONE = ("find_route", "get_stock")
"""Names of the tools that run alone in every line-up."""


@dataclass(frozen=True)
class LineUp:
    """A batch that was drawn as segments: `segments` holds call ids, barriers alone in theirs."""

    batch: Batch
    segments: tuple[tuple[str, ...], ...]

    @property
    def barriers(self) -> list[str]:
        """Names of the tools that must run alone."""
        return list(ALONE)

    @property
    def edges(self) -> list[Edge]:
        """What has to happen before what: each segment before the next."""
        return [
            (before, after)
            for one, other in pairwise(self.segments)
            for before in one
            for after in other
        ]

    @property
    def failing_segment(self) -> int:
        """The place of the first segment with a failing call; past the end if none fails."""
        for place, segment in enumerate(self.segments):
            if any(call_id in self.batch.errors for call_id in segment):
                return place
        return len(self.segments)


def line_up(seed: int, *sizes: int, failing: Sequence[int] = ()) -> LineUp:
    """Make a batch from the sizes of its segments; 0 stands for one barrier.

    `failing` names calls by their place in the batch.
    """
    source = random.Random(seed)  # noqa: S311 - chance, not secrets
    calls: list[ToolCall] = []
    segments: list[tuple[str, ...]] = []
    first = source.randrange(7, 10)  # ids whose order as texts is another one
    for size in sizes:
        names = FREE if size else ALONE
        segment = [
            ToolCall(
                f"call_{first + len(calls) + n}",
                source.choice(names),
                {"key": f"k{source.randrange(90)}-{len(calls) + n}"},
            )
            for n in range(size or 1)
        ]
        calls += segment
        segments.append(tuple(call.id for call in segment))
    durations = [round(0.1 * (n + 2), 1) for n in range(len(calls))]
    source.shuffle(durations)
    seconds = {call.id: duration for call, duration in zip(calls, durations, strict=True)}
    errors: dict[str, Exception] = {calls[n].id: ToolError("backend is down") for n in failing}
    return LineUp(Batch(tuple(calls), seconds, errors), tuple(segments))


def own_code(run: Run) -> None:
    """Ask that a function without tools comes back."""
    try:
        probes.comes_back(run)
    except Wrong as wrong:
        if wrong.mistake != "raises":
            raise
        raise Wrong(
            saw=wrong.saw,
            expected=wrong.expected,
            hint="Your own code raised this. Try it on an empty batch and on one without barriers.",
            mistake="raises",
        ) from None
