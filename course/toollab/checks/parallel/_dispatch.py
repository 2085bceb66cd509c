"""A batch on the event loop, and a batch on a pool of threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from toollab.calls import ToolCall, ToolResult
from toollab.checks import _probes as probes
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks._scenes import (
    Function,
    all_well,
    awaited,
    batch,
    no_error_results,
    stopping,
    stops,
    tells,
)
from toollab.clock import Run, simulate
from toollab.tools import Batch
from toollab.trace import good_trace, label
from toollab.views import Picture, compare

__all__ = ("Dispatched", "dispatch_all", "dispatch_threads")

_STOP_AT = 0.1
"""When a batch is cancelled, in seconds: every call of a bench takes longer."""


@dataclass(frozen=True)
class Dispatched:
    """What a dispatcher did with one batch: `calm` without faults, `rough` with them.

    `stopped` was cancelled on the way; a function on threads cannot be.
    """

    batch: Batch
    calm: Run
    rough: Run
    stopped: Run | None = None

    @property
    def error(self) -> BaseException | None:
        """What it raised when no tool failed."""
        return self.calm.error

    @property
    def request(self) -> str:
        """The request id during the runs."""
        return f"req-{len(self.batch.calls)}"

    def good_total(self) -> float:
        """Return the seconds the batch takes when each call starts as early as it may."""
        seconds, limit = self.batch.seconds, self.batch.limit
        return probes.ideal_total(self.batch.calls, lambda c: seconds[c.id], limit=limit)


def _calm(batch: Batch) -> Batch:
    return replace(batch, errors={})


def _answers(run: Run, calls: Sequence[ToolCall], failing: Sequence[str] = ()) -> None:
    """Ask that each call ran once and was answered once, with what its own tool said."""
    results = probes.results_of(run.value)
    if not failing:
        no_error_results(results)
    probes.runs_each_call_once(run, calls)
    probes.answers_each_call_once(results, calls)
    worked = {span.call_id for span in run.trace if span.state == "ok"}
    for result in results:
        if result.is_error and result.id in worked:
            raise Wrong(
                saw=f"{result.id} worked, but its result is an error: “{result.content}”",
                expected="an error result for the call that failed, and for no other",
                hint="An `except` around the whole batch cannot tell which call failed: catch "
                "the error where the single call is awaited.",
                mistake="good-call-marked",
            )
    probes.good_contents(results, calls, run, failing=failing)


def _draw(seen: Dispatched) -> Picture:
    """Draw the run with failing tools above the best one."""
    good = good_trace(
        seen.batch.calls,
        seen.batch.seconds,
        limit=seen.batch.limit,
        outcome=lambda call: "error" if call.id in seen.batch.errors else "ok",
    )
    return compare(seen.rough.trace, good)


# -- on the event loop ------------------------------------------------------------------------

dispatch_all: Exercise[Batch, Dispatched] = Exercise(
    "A batch on the event loop",
    cases=[batch(1, 5, failing=1), batch(2, 11, failing=3, twin=True), batch(5, 0)],
)


@dispatch_all.play
def _play_all(fn: Function, batch: Batch) -> Dispatched:
    def run(play: Function, batch: Batch) -> Run:
        world = batch.world()
        run = simulate(world, play, list(batch.calls), world.tools)
        return replace(run, trace=label(run.trace, batch.calls))

    return Dispatched(
        batch,
        calm=run(awaited(fn), _calm(batch)),
        rough=run(awaited(fn), batch),
        stopped=run(stopping(fn, _STOP_AT), _calm(batch)),
    )


@dispatch_all.check("returns a list of results")
def _all_returns(seen: Dispatched) -> None:
    all_well(seen.calm)
    probes.results_of(seen.calm.value)


@dispatch_all.check("answers every call once", needs=["returns a list of results"])
def _all_answers(seen: Dispatched) -> None:
    _answers(seen.calm, seen.batch.calls)


@dispatch_all.check("results stand in call order", needs=["answers every call once"])
def _all_in_order(seen: Dispatched) -> None:
    probes.in_call_order(probes.results_of(seen.calm.value), seen.batch.calls, seen.calm)


@dispatch_all.check("calls overlap", points=2, needs=["returns a list of results"])
def _all_overlap(seen: Dispatched) -> None:
    probes.does_not_block(seen.calm)
    probes.overlaps(seen.calm, seen.batch.calls)
    probes.takes(seen.calm, seen.good_total())


@dispatch_all.check("a failing call harms only itself", needs=["returns a list of results"])
def _all_isolates(seen: Dispatched) -> None:
    probes.comes_back(seen.rough)
    _answers(seen.rough, seen.batch.calls, seen.batch.failing)


@dispatch_all.check("an error result says what failed", needs=["a failing call harms only itself"])
def _all_tells(seen: Dispatched) -> None:
    tells(seen.rough, seen.batch)


@dispatch_all.check("no call outlives its batch", needs=["returns a list of results"])
def _all_stops(seen: Dispatched) -> None:
    probes.leaves_nothing_running(seen.calm)
    if seen.stopped is not None:
        stops(seen.stopped, "the batch")


@dispatch_all.picture
def _draw_all(seen: Dispatched) -> Picture:
    stopped, calls = seen.stopped, seen.batch.calls
    if seen.rough.error is not None or stopped is None or not stopped.unfinished():
        return _draw(seen)
    good = good_trace(calls, {c.id: _STOP_AT for c in calls}, outcome=lambda _call: "cancelled")
    names = (f"Your run, cancelled at {_STOP_AT:g} s", "A good run")
    return compare(stopped.trace, good, names=names)


# -- on threads -------------------------------------------------------------------------------

dispatch_threads: Exercise[Batch, Dispatched] = Exercise(
    "A batch on a pool of threads",
    cases=[batch(3, 6, failing=1, limit=3), batch(4, 10, failing=3, limit=4, twin=True)],
)


@dispatch_threads.play
def _play_pool(fn: Function, batch: Batch) -> Dispatched:
    calls = list(batch.calls)

    def run(batch: Batch) -> Run:
        world, limit = batch.world(), batch.limit or len(calls)
        tools = world.blocking_tools
        expect, request = min(limit, len(calls)), f"req-{len(calls)}"
        run = simulate(world, fn, calls, tools, limit, request=request, expect=expect)
        return replace(run, trace=label(run.trace, calls))

    return Dispatched(batch, calm=run(_calm(batch)), rough=run(batch))


@dispatch_threads.check("returns a list of results")
def _pool_returns(seen: Dispatched) -> None:
    _contexts_are_apart(seen.calm)
    all_well(seen.calm)
    probes.results_of(seen.calm.value)


def _contexts_are_apart(run: Run) -> None:
    """Ask that no two threads entered one context; that error may have become a result."""
    told = [str(run.error or "")]
    if type(run.value) is list:
        told += [item.content for item in run.value if type(item) is ToolResult]
    if any("is already entered" in text for text in told):
        raise Wrong(
            saw="RuntimeError: cannot enter context: it is already entered",
            expected="each call runs in a context of its own",
            hint="A Context can be in use by one thread at a time: call copy_context() "
            "once for each call.",
            mistake="shared-context",
        )


@dispatch_threads.check(
    "answers every call once, in call order", needs=["returns a list of results"]
)
def _pool_answers(seen: Dispatched) -> None:
    _answers(seen.calm, seen.batch.calls)
    probes.in_call_order(probes.results_of(seen.calm.value), seen.batch.calls, seen.calm)


@dispatch_threads.check(
    "max_workers calls run at once", points=2, needs=["returns a list of results"]
)
def _pool_peak(seen: Dispatched) -> None:
    size = len(seen.batch.calls)
    probes.reaches_peak(seen.calm, min(size, seen.batch.limit or size))
    probes.takes(seen.calm, seen.good_total())


@dispatch_threads.check(
    "a failing call harms only itself", points=2, needs=["returns a list of results"]
)
def _pool_isolates(seen: Dispatched) -> None:
    probes.comes_back(seen.rough)
    _answers(seen.rough, seen.batch.calls, seen.batch.failing)
    tells(seen.rough, seen.batch)


@dispatch_threads.check(
    "the request id reaches every tool", points=2, needs=["returns a list of results"]
)
def _pool_context(seen: Dispatched) -> None:
    probes.keeps_request(seen.calm, seen.request)


dispatch_threads.picture(_draw)
