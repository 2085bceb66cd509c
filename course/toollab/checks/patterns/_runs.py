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

__all__ = (
    "HANG_UP",
    "brought",
    "close",
    "drawn",
    "hanging_up",
    "named",
    "no_waste",
    "on_time",
    "shown",
    "soon",
    "told",
)

HANG_UP = 2.0**-10
"""Seconds that a cancelled call takes to hang up."""


def close(one: float, other: float) -> bool:
    """Tell whether two moments are the same but for rounding."""
    return abs(one - other) < 1e-6


def on_time(run: Run, over: float) -> bool:
    """Tell whether a run came back at second `over`, or when all had hung up, one by one."""
    return soon(run.total, over, len(run.trace))


def soon(moment: float, over: float, calls: int = 1) -> bool:
    """Tell whether something happened at second `over`, or when so many calls had hung up."""
    return over - 1e-6 < moment < over + HANG_UP * calls + 1e-6


def told(seconds: float) -> str:
    """Write a moment in seconds, to the millisecond."""
    return f"{round(seconds, 3):g} s"


def brought(value: Any) -> str:
    """Say what a function returned, without showing objects that are no data."""
    if type(value) in (str, int, float, bool) or value is None:
        return f"it returned {value!r}"
    kinds = [type(item).__name__ for item in value] if type(value) in (list, tuple) else []
    inside = f" of {', '.join(kinds)}" if kinds else ""
    return f"it returned a {type(value).__name__}{inside}"


def shown(run: Run, over: float) -> Trace:
    """Return the trace to draw: without the moments that calls take to hang up."""
    trace = run.trace
    if not on_time(run, over):
        return trace
    spans = tuple(
        replace(s, end=over) if s.end is not None and soon(s.end, over, len(trace)) else s
        for s in trace
    )
    return replace(trace, spans=spans, total=over)


async def hanging_up(tool: Callable[..., Any], **arguments: str) -> str:
    """Call a tool; when cancelled, take a moment to hang up.

    So `cancel()` alone can be told from waiting until a task has ended.
    """
    try:
        return str(await tool(**arguments))
    except asyncio.CancelledError:
        await asyncio.sleep(HANG_UP)
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
    late = over + HANG_UP * len(run.trace) + 1e-6
    running = [s.call_id for s in run.trace if s.end is None or s.end > late]
    if running and not run.unfinished():
        raise Wrong(
            saw=f"{', '.join(running)} ran on after {known}, at {over:g} s",
            expected="what cannot count any more is cancelled",
            hint="Somebody works for an answer that nobody reads: cancel the tasks that are left.",
            mistake="losers-finish",
        )
    probes.leaves_nothing_running(run)
