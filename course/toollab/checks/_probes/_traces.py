"""Probes of what the tools saw: how often, together, in which order, for how long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from toollab.calls import ToolCall
from toollab.checks._exercise import Wrong
from toollab.checks._probes._coming_back import count
from toollab.clock import Run
from toollab.trace import Edge, good_trace

__all__ = (
    "does_not_block",
    "ideal_total",
    "keeps_order",
    "keeps_request",
    "leaves_nothing_running",
    "overlaps",
    "reaches_peak",
    "runs_each_call_once",
    "takes",
)


def _seconds(value: float) -> str:
    return f"{round(value, 6):g} s"


def runs_each_call_once(run: Run, calls: Sequence[ToolCall]) -> None:
    """Ask that every call reached its tool exactly once, with its own arguments."""
    for call in calls:
        spans = run.trace.of(call.id)
        if not spans:
            raise Wrong(
                saw=f"{call.id} never reached its tool",
                expected="every call is run once",
                hint="Check what your function hands to the tool: a lambda made in a loop sees "
                "the loop's last value.",
                mistake="call-not-run",
            )
        if len(spans) > 1:
            raise Wrong(
                saw=f"{call.id} ran {len(spans)} times",
                expected="every call is run once",
                hint="A call may have an effect: running it twice may do it twice.",
                mistake="ran-twice",
            )


def overlaps(run: Run, calls: Sequence[ToolCall]) -> None:
    """Ask that each of these calls was started before any of them was answered."""
    reaches_peak(run, len(calls))


def reaches_peak(run: Run, peak: int) -> None:
    """Ask for exactly `peak` calls in flight at the busiest moment."""
    seen = run.trace.peak
    if seen == peak:
        return
    if seen == 1:
        mistake = "serial"
        hint = (
            "Each call is answered before the next one starts: an await inside the loop waits "
            "there. Start them all first, then wait."
        )
    elif seen < peak:
        mistake, hint = "half-parallel", "More calls could be in flight than your code allows."
    else:
        mistake, hint = (
            "over-limit",
            "More calls are in flight than allowed: all calls have to share one limit.",
        )
    raise Wrong(
        saw=f"{count(seen, 'call')} in flight at most",
        expected=f"{peak} at once",
        hint=hint,
        mistake=mistake,
    )


def takes(run: Run, seconds: float) -> None:
    """Ask for a makespan of exactly `seconds`, to the microsecond."""
    if abs(run.total - seconds) < 1e-6:
        return
    slower = run.total > seconds
    raise Wrong(
        saw=f"{_seconds(run.total)} in all",
        expected=_seconds(seconds),
        hint="Something waits that could already run: look for a call that starts late."
        if slower
        else "The function came back before its calls had finished.",
        mistake="too-slow" if slower else "too-early",
    )


def keeps_order(run: Run, edges: Iterable[Edge]) -> None:
    """Ask that for each edge the first call was answered before the second was started."""
    for before, after in edges:
        if run.trace.of(after) and not run.trace.happens_before(before, after):
            raise Wrong(
                saw=f"{after} started before {before} was answered",
                expected=f"{before}, then {after}",
                hint=f"{after} needs {before}: wait for that one call, not for luck.",
                mistake="order-broken",
            )


def does_not_block(run: Run) -> None:
    """Ask that nothing stops the event loop, and name what does."""
    if run.blocked:
        first = run.blocked[0]
        raise Wrong(
            saw=f"{first.function} stops the event loop ({first.where})",
            expected="the loop stays free while a tool works",
            hint="A blocking function in a coroutine stops every other call: "
            "await an async one, or hand it to a thread with asyncio.to_thread.",
            mistake="blocks-loop",
        )


def leaves_nothing_running(run: Run) -> None:
    """Ask that no call and no task is still unfinished when the function returns."""
    unfinished = run.unfinished()
    if unfinished or run.left:
        raise Wrong(
            saw=f"still running when the function returned: {', '.join(unfinished) or 'a task'}",
            expected="every call has ended",
            hint="Wait for every task you start, or cancel it and wait for that.",
            mistake="left-running",
        )


def keeps_request(run: Run, request: str) -> None:
    """Ask that each tool saw the request's context variable."""
    lost = [span.call_id for span in run.trace if span.request != request]
    if lost:
        raise Wrong(
            saw=f"in {', '.join(lost)} the tool saw another request id, or none",
            expected=f"request_id is {request!r} in every tool",
            hint="pool.submit does not carry context variables: run the call in "
            "contextvars.copy_context(), one copy for each call.",
            mistake="context-lost",
        )


def ideal_total(
    calls: Sequence[ToolCall],
    latency: Callable[[ToolCall], float],
    *,
    limit: int | None = None,
    edges: Iterable[Edge] = (),
) -> float:
    """Return the makespan in seconds when every call starts as early as it may."""
    return good_trace(calls, {c.id: latency(c) for c in calls}, limit=limit, edges=edges).makespan
