"""Checks of notebook 07: segments between barriers, a stable order, and an ordered run.

Cases are built from their answers: a line-up is drawn as segments first, and the calls are made
from it.  A stable order is verified, place by place, against the edges.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from toollab.calls import ToolCall, ToolResult
from toollab.checks import _probes as probes
from toollab.checks._exercise import Exercise, Wrong
from toollab.clock import Run, Stuck, attempt, simulate
from toollab.tools import Batch, ToolError
from toollab.trace import Edge, good_trace, label
from toollab.views import Picture, compare

__all__ = (
    "LineUp",
    "Net",
    "line_up",
    "net",
    "run_ordered",
    "segment_by_barriers",
    "stable_order",
)

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


# -- segments ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Segmented:
    """What came back for one line-up."""

    line_up: LineUp
    run: Run

    @property
    def error(self) -> BaseException | None:
        """What the function raised."""
        return self.run.error

    @property
    def segments(self) -> list[list[ToolCall]]:
        """The returned segments, once they are known to be some."""
        return [list(segment) for segment in self.run.value]

    def is_barrier(self, call: ToolCall) -> bool:
        """Tell whether a call has to run alone."""
        return call.name in self.line_up.barriers


segment_by_barriers: Exercise[LineUp, Segmented] = Exercise(
    "Cut a batch at its barriers",
    cases=[line_up(1, 2, 0, 3), line_up(2, 0, 0, 1, 0), line_up(3, 4), line_up(4)],
)


@segment_by_barriers.play
def _play_segments(fn: Function, case: LineUp) -> Segmented:
    return Segmented(case, attempt(fn, list(case.batch.calls), case.barriers))


def _own_code(run: Run) -> None:
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


@segment_by_barriers.check("returns lists of calls")
def _segments_shape(seen: Segmented) -> None:
    _own_code(seen.run)
    value = seen.run.value
    if type(value) in (list, tuple) and all(
        type(segment) in (list, tuple) and all(type(call) is ToolCall for call in segment)
        for segment in value
    ):
        return
    raise Wrong(
        saw=f"a value of type {type(value).__name__} that is no list of lists of calls",
        expected="a list of segments, each a list of ToolCall",
        hint="A segment with one call is a list, too.",
        mistake="not-segments",
    )


@segment_by_barriers.check("keeps every call, in order", needs=["returns lists of calls"])
def _segments_whole(seen: Segmented) -> None:
    got = [call.id for segment in seen.segments for call in segment]
    want = [call.id for call in seen.line_up.batch.calls]
    if got == want:
        return
    lost = [call_id for call_id in want if call_id not in got]
    raise Wrong(
        saw=f"{', '.join(lost)} in no segment" if lost else ", ".join(got) or "no call at all",
        expected=", ".join(want) or "no segment",
        hint="What has been collected when the loop ends is a segment, too."
        if lost
        else "Walk through the batch once and never change the order.",
        mistake="calls-lost" if lost else "reordered",
    )


@segment_by_barriers.check("a barrier stands alone", needs=["returns lists of calls"])
def _segments_alone(seen: Segmented) -> None:
    for segment in seen.segments:
        for call in segment:
            if seen.is_barrier(call) and len(segment) > 1:
                raise Wrong(
                    saw=f"{call.id} ({call.name}) shares a segment with {len(segment) - 1} others",
                    expected=f"{call.id} alone in its segment",
                    hint="`barriers` holds names of tools: compare `call.name` with them."
                    if len(segment) == len(seen.line_up.batch.calls)
                    else "A barrier closes the segment before it, and the next call opens a new "
                    "one.",
                    mistake="barrier-merged",
                )


@segment_by_barriers.check("no segment is empty", needs=["returns lists of calls"])
def _segments_filled(seen: Segmented) -> None:
    empty = [place for place, segment in enumerate(seen.segments) if not segment]
    if empty:
        raise Wrong(
            saw=f"segment {empty[0] + 1} of {len(seen.segments)} is empty",
            expected="segments with at least one call",
            hint="Two barriers in a row, a barrier at an end, an empty batch: nothing stands "
            "between them.",
            mistake="empty-segment",
        )


@segment_by_barriers.check("neighbours stay together", needs=["keeps every call, in order"])
def _segments_maximal(seen: Segmented) -> None:
    filled = [segment for segment in seen.segments if segment]
    for one, other in pairwise(filled):
        if not seen.is_barrier(one[-1]) and not seen.is_barrier(other[0]):
            raise Wrong(
                saw=f"{one[-1].id} and {other[0].id} in two segments, with no barrier between",
                expected="one segment for calls that stand side by side",
                hint="Only a barrier cuts. Calls that need not wait for each other should overlap.",
                mistake="cut-too-often",
            )


# -- a stable order ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Net:
    """Call ids in emission order and what each has to wait for."""

    ids: tuple[str, ...]
    edges: tuple[Edge, ...]

    def waits_for(self, call_id: str) -> set[str]:
        """Return the ids that come before this one."""
        return {before for before, after in self.edges if after == call_id}


def net(seed: int, size: int, density: float = 0.3) -> Net:
    """Make `size` ids and random edges without a cycle, many of them against emission order."""
    source = random.Random(seed)  # noqa: S311 - chance, not secrets
    first = source.randrange(7, 10)
    ids = [f"call_{first + n}" for n in range(size)]
    hidden = source.sample(ids, size)
    edges = [
        (one, other)
        for place, one in enumerate(hidden)
        for other in hidden[place + 1 :]
        if source.random() < density
    ]
    source.shuffle(edges)
    return Net(tuple(ids), tuple(edges))


@dataclass(frozen=True)
class Sorted:
    """What came back for one net."""

    net: Net
    run: Run

    @property
    def error(self) -> BaseException | None:
        """What the function raised."""
        return self.run.error

    @property
    def gave_up(self) -> bool:
        """Whether many ids were too much; the last check tells it."""
        return isinstance(self.error, Stuck) and len(self.net.ids) > _FEW


_FEW = 10
"""So many ids have few enough orders to try them all."""


stable_order: Exercise[Net, Sorted] = Exercise(
    "A stable order",
    cases=[
        Net(("call_9", "call_10", "call_11"), ()),
        Net(("a", "b", "c", "d"), (("d", "a"), ("b", "c"), ("d", "a"))),
        net(5, 7),
        net(6, 20, 0.2),
    ],
)


@stable_order.play
def _play_order(fn: Function, case: Net) -> Sorted:
    edges = [list(edge) for edge in case.edges]
    return Sorted(case, attempt(fn, list(case.ids), edges, cpu_seconds=2.0))


@stable_order.check("returns every id once")
def _order_whole(seen: Sorted) -> None:
    if seen.gave_up:
        return
    _own_code(seen.run)
    value = seen.run.value
    expected = f"the {len(seen.net.ids)} ids, each once"
    if type(value) not in (list, tuple) or any(type(item) is not str for item in value):
        raise Wrong(
            saw=f"a value of type {type(value).__name__} that is no list of ids",
            expected=expected,
            hint="Return a list of the ids you were given.",
            mistake="not-ids",
        )
    if sorted(value) != sorted(seen.net.ids):
        lost = [call_id for call_id in seen.net.ids if call_id not in value]
        raise Wrong(
            saw=f"{', '.join(lost)} missing" if lost else f"{len(value)} ids",
            expected=expected,
            hint="An id without edges belongs to the order as well."
            if lost
            else "Put each id into the order once, however many edges lead to it.",
            mistake="ids-lost" if lost else "ids-twice",
        )


@stable_order.check("respects every edge", points=2, needs=["returns every id once"])
def _order_edges(seen: Sorted) -> None:
    if seen.gave_up:
        return
    place = {call_id: n for n, call_id in enumerate(seen.run.value)}
    for before, after in seen.net.edges:
        if place[before] > place[after]:
            reverse = all(place[b] > place[a] for b, a in seen.net.edges)
            raise Wrong(
                saw=f"{after} stands before {before}",
                expected=f"{before} first: {after} waits for it",
                hint="An edge (before, after) says that `before` comes first, not `after`."
                if reverse
                else "An id may be placed once all ids it waits for have been placed.",
                mistake="edges-reversed" if reverse else "edge-broken",
            )


@stable_order.check("ties keep emission order", points=2, needs=["respects every edge"])
def _order_stable(seen: Sorted) -> None:
    if seen.gave_up:
        raise Wrong(
            saw=f"no answer in time for {len(seen.net.ids)} ids",
            expected="an answer at once",
            hint="There are too many orders to try them all: build the one that is wanted, place "
            "by place.",
            mistake="tries-all-orders",
        )
    emitted = {call_id: n for n, call_id in enumerate(seen.net.ids)}
    placed: set[str] = set()
    for chosen in seen.run.value:
        for other in seen.net.ids[: emitted[chosen]]:
            if other not in placed and seen.net.waits_for(other) <= placed:
                raise Wrong(
                    saw=f"{chosen} was placed while {other}, emitted earlier, was free to go",
                    expected=f"{other} before {chosen}",
                    hint="At every place, look at all ids that are free, and take the one that "
                    "was emitted first. Neither the text of an id nor the moment it became free "
                    "counts.",
                    mistake="not-stable",
                )
        placed.add(chosen)


# -- an ordered run ---------------------------------------------------------------------------


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
    _own_code(seen.calm)
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
