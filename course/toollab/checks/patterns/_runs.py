"""What the three exercises ask alike: names for spans, a good run to draw, no work for nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from toollab.checks import _probes as probes
from toollab.checks._exercise import Wrong
from toollab.clock import Run
from toollab.trace import Span, State, Trace

__all__ = ("close", "drawn", "hanging_up", "named", "no_waste")

_TURNS = 3


def close(one: float, other: float) -> bool:
    """Tell whether two moments are the same but for rounding."""
    return abs(one - other) < 1e-6


async def hanging_up(tool: Callable[..., Any], **arguments: str) -> str:
    """Call a tool; when cancelled, take a few turns of the loop to hang up, but no time.

    So `cancel()` alone can be told from waiting until a task has ended.
    """
    try:
        return str(await tool(**arguments))
    except asyncio.CancelledError:
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        raise


def named(run: Run, argument: str) -> Run:
    """Name each span after the argument that tells calls apart."""
    spans = tuple(replace(s, call_id=str(s.arguments.get(argument, s.call_id))) for s in run.trace)
    return replace(run, trace=replace(run.trace, spans=spans))


def drawn(
    name: str,
    argument: str,
    starts: Mapping[str, float],
    ends: Mapping[str, float],
    states: Mapping[str, State],
) -> Trace:
    """Write down the trace of a good run: when each call starts and ends, and how."""
    moments = [(start, 1, call_id) for call_id, start in starts.items()]
    moments += [(end, 0, call_id) for call_id, end in ends.items()]
    order = {(call_id, kind): n for n, (_, kind, call_id) in enumerate(sorted(moments))}
    spans = tuple(
        Span(
            call_id,
            name,
            {argument: call_id},
            start,
            order[call_id, 1],
            ends[call_id],
            order[call_id, 0],
            states[call_id],
        )
        for call_id, start in starts.items()
    )
    return Trace(spans, max(ends.values(), default=0.0))


def no_waste(run: Run, over: float, known: str) -> None:
    """Ask that nothing runs on after second `over`, and nothing at all after the return."""
    running = [s.call_id for s in run.trace if s.end is None or s.end > over + 1e-6]
    if running and not run.unfinished():
        raise Wrong(
            saw=f"{', '.join(running)} ran on after {known}, at {over:g} s",
            expected="what cannot count any more is cancelled",
            hint="Somebody works for an answer that nobody reads: cancel the tasks that are left.",
            mistake="losers-finish",
        )
    probes.leaves_nothing_running(run)
