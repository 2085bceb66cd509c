"""The exercise *run ordered*: barriers alone, the others together, a stop at the first failure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from toollab.calls import ToolCall, ToolResult
from toollab.checks import _probes as probes
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.ordering._line_ups import Function, LineUp, line_up, own_code
from toollab.clock import Run, simulate
from toollab.tools import Batch
from toollab.trace import good_trace, label
from toollab.views import Picture, compare

__all__ = ("run_ordered",)


@dataclass(frozen=True)
class Ordered:
    """What a runner did with one line-up: `calm` without faults, `rough` with them."""

    line_up: LineUp
    calm: Run
    rough: Run

    @property
    def error(self) -> BaseException | None:
        """What it raised when no tool failed."""
        return self.calm.error

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The batch."""
        return self.line_up.batch.calls

    def not_run(self) -> list[str]:
        """Return the ids after the segment that failed."""
        later = self.line_up.segments[self.line_up.failing_segment + 1 :]
        return [call_id for segment in later for call_id in segment]

    def good_total(self) -> float:
        """Return the seconds of a run in which each segment takes as long as its slowest call."""
        return round(
            sum(
                max(self.line_up.batch.seconds[call_id] for call_id in segment)
                for segment in self.line_up.segments
            ),
            9,
        )


run_ordered: Exercise[LineUp, Ordered] = Exercise(
    "Run a batch in order",
    cases=[
        line_up(11, 2, 0, 2, failing=[2]),
        line_up(12, 3, 0, 0, 2, 0, 1, failing=[1]),
        line_up(13, 3, failing=[0]),
    ],
)


@run_ordered.play
def _play_ordered(fn: Function, case: LineUp) -> Ordered:
    def run(batch: Batch) -> Run:
        world = batch.world()
        run = simulate(world, fn, list(batch.calls), world.tools, case.barriers)
        return replace(run, trace=label(run.trace, batch.calls))

    return Ordered(case, calm=run(replace(case.batch, errors={})), rough=run(case.batch))


def _results(run: Run) -> list[ToolResult]:
    return probes.results_of(run.value)


@run_ordered.check("returns a list of results")
def _ordered_returns(seen: Ordered) -> None:
    own_code(seen.calm)
    _results(seen.calm)


@run_ordered.check("answers every call once, in call order", needs=["returns a list of results"])
def _ordered_answers(seen: Ordered) -> None:
    results = _results(seen.calm)
    probes.runs_each_call_once(seen.calm, seen.calls)
    probes.answers_each_call_once(results, seen.calls)
    probes.in_call_order(results, seen.calls, seen.calm)
    probes.good_contents(results, seen.calls, seen.calm)


@run_ordered.check("a barrier runs alone", points=2, needs=["returns a list of results"])
def _ordered_alone(seen: Ordered) -> None:
    for before, after in seen.line_up.edges:
        if seen.calm.trace.of(after) and not seen.calm.trace.happens_before(before, after):
            raise Wrong(
                saw=f"{after} started before {before} was answered",
                expected=f"{before}, then {after}: a barrier stands between",
                hint="Wait for a whole segment before you start the next one.",
                mistake="barrier-crossed",
            )


@run_ordered.check("calls between barriers overlap", points=2, needs=["a barrier runs alone"])
def _ordered_overlaps(seen: Ordered) -> None:
    probes.does_not_block(seen.calm)
    probes.reaches_peak(seen.calm, max(map(len, seen.line_up.segments), default=0))
    probes.takes(seen.calm, seen.good_total())


@run_ordered.check("nothing starts after a failure", points=2, needs=["a barrier runs alone"])
def _ordered_stops(seen: Ordered) -> None:
    if isinstance(seen.rough.error, Exception):
        raise Wrong(
            saw=f"{type(seen.rough.error).__name__} got out of the function",
            expected="a result for every call",
            hint="A failing call is an answer for the model: catch it where you await the call.",
            mistake="failure-escapes",
        )
    probes.comes_back(seen.rough)
    started = [call_id for call_id in seen.not_run() if seen.rough.trace.of(call_id)]
    if started:
        raise Wrong(
            saw=f"{started[0]} was started after a call in an earlier segment had failed",
            expected="no call in a later segment starts",
            hint="A push must not follow a commit that failed: look at the results of a segment "
            "before you start the next.",
            mistake="goes-on",
        )
    failing = seen.line_up.failing_segment
    for call_id in seen.line_up.segments[failing] if failing < len(seen.line_up.segments) else ():
        spans = seen.rough.trace.of(call_id)
        if not spans or spans[-1].state == "cancelled":
            raise Wrong(
                saw=f"{call_id}, in the same segment as the failing call, was not run to its end",
                expected="the calls beside a failing one go on",
                hint="They were free to run together, so one does not need the other: "
                "a failure stops what comes after the segment, not the segment.",
                mistake="siblings-stopped",
            )


@run_ordered.check(
    "what did not run is answered", points=2, needs=["nothing starts after a failure"]
)
def _ordered_tells(seen: Ordered) -> None:
    results = _results(seen.rough)
    answered = {result.id for result in results}
    silent = [call_id for call_id in seen.not_run() if call_id not in answered]
    if silent:
        raise Wrong(
            saw=f"no result for {', '.join(silent)}, which never ran",
            expected=f"one result for each of the {len(seen.calls)} calls",
            hint="The model waits for an answer to every id, also to those that you did not run.",
            mistake="call-unanswered",
        )
    probes.answers_each_call_once(results, seen.calls)
    probes.in_call_order(results, seen.calls, seen.rough)
    errors = seen.line_up.batch.errors
    started = [call_id for call_id in errors if seen.rough.trace.of(call_id)]
    probes.error_results(results, started, mentions=dict.fromkeys(started, "ToolError"))
    probes.good_contents(results, seen.calls, seen.rough, failing=[*errors, *seen.not_run()])
    said = {result.id: result for result in results}
    for call_id in seen.not_run():
        if not said[call_id].is_error or "not run" not in said[call_id].content:
            raise Wrong(
                saw=f"for {call_id}, which never ran: “{said[call_id].content}”, "
                f"is_error={said[call_id].is_error}",
                expected="an error result that says “not run”",
                hint="The model must neither take it for done nor for tried: say `not run`.",
                mistake="not-run-untold",
            )


@run_ordered.picture
def _draw_ordered(seen: Ordered) -> Picture:
    batch = seen.line_up.batch
    good = good_trace(batch.calls, batch.seconds, edges=seen.line_up.edges)
    return compare(seen.calm.trace, replace(good, edges=()))
