"""Exercise `dispatch`: the whole batch, with everything that can happen to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from toollab.calls import ToolCall, ToolResult, ToolSpec
from toollab.checks import _probes as probes
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks._scenes import awaited, stopping, stops
from toollab.checks.dispatcher._shifts import Shift, shift
from toollab.clock import Run, simulate
from toollab.tools import Tool, World
from toollab.trace import Span, Trace
from toollab.views import Picture, compare

__all__ = ("Dispatched", "dispatch")

Record = list[tuple[float, ToolResult]]


@dataclass(frozen=True)
class Dispatched:
    """What a dispatcher did with one shift: with trouble, without, and cancelled on the way.

    The records hold when each result was recorded, in seconds.
    """

    shift: Shift
    rough: Run
    calm: Run
    stopped: Run
    rough_record: Record
    stopped_record: Record


_DAY = Shift(
    {
        "mail": ("refund",),
        "order": (),
        "stock": (),
        "refund": ("order",),
        "ship": ("order", "stock"),
        "note": ("ship",),
        "poll": (),
        "bonus": ("poll",),
        "cheer": ("bonus",),
        "log": (),
    },
    {
        "mail": 0.3,
        "order": 0.4,
        "stock": 0.9,
        "refund": 1.0,
        "ship": 0.8,
        "note": 0.2,
        "poll": 0.5,
        "bonus": 0.7,
        "cheer": 0.6,
        "log": 1.1,
    },
    limit=2,
    errors={"poll": "result"},
    held=frozenset({"refund"}),
    done=frozenset({"log"}),
)

_NEXT_DAY = Shift(
    {"alarm": (), "siren": ("alarm",), "lamp": (), "door": ("siren",)},
    {"alarm": 0.4, "siren": 0.3, "lamp": 0.9, "door": 0.5},
    done=frozenset({"alarm"}),
    broken=frozenset({"alarm"}),
)

dispatch: Exercise[Shift, Dispatched] = Exercise(
    "A dispatcher for real life", cases=[_DAY, shift(1, 9), shift(2, 10, limit=2), _NEXT_DAY]
)


@dispatch.play
def _play(fn: Callable[..., Any], case: Shift) -> Dispatched:
    rough, rough_record = _run(awaited(fn), case)
    calm, _ = _run(awaited(fn), case.calm())
    ends = sorted({s.end for s in case.calm().good() if s.end is not None})
    middle = (ends[len(ends) // 2] + ends[len(ends) // 2 - 1]) / 2
    stopped, stopped_record = _run(stopping(fn, middle), case.calm())
    return Dispatched(case, rough, calm, stopped, rough_record, stopped_record)


def _run(fn: Callable[..., Any], case: Shift) -> tuple[Run, Record]:
    world = World(
        [
            Tool(
                ToolSpec("run", "Run one call."),
                lambda _state, call: f"{call} is fine",
                lambda given, _chance: case.seconds[given["call"]],
            )
        ]
    )
    record: Record = []

    async def run(call: ToolCall) -> ToolResult:
        text = str(await world.tools["run"](call=call.id))
        how = case.errors.get(call.id)
        if how == "raises":
            raise RuntimeError(f"bug in {call.id}")
        return ToolResult(call.id, f"ToolError: {call.id} is down" if how else text, bool(how))

    def note(result: ToolResult) -> None:
        record.append((world.now(), result))

    needs = {call: list(befores) for call, befores in case.needs.items()}
    found = simulate(
        world, fn, case.calls, needs, case.verdicts, run, note, case.answered, case.limit
    )
    return replace(found, trace=_named(found.trace, case)), record


def _named(trace: Trace, case: Shift) -> Trace:
    """Give each span the id of its call, and the state that its call's fate gives it."""

    def state(span: Span, call: str) -> Any:
        return "error" if span.state == "ok" and call in case.errors else span.state

    spans = [
        replace(span, call_id=call, state=state(span, call))
        for span in trace
        for call in [str(span.arguments["call"])]
    ]
    return replace(trace, spans=tuple(spans), edges=tuple(case.edges))


@dispatch.picture
def _draw(seen: Dispatched) -> Picture:
    return compare(seen.rough.trace, seen.shift.good())


def _results(seen: Dispatched) -> dict[str, ToolResult]:
    probes.comes_back(seen.rough)
    return {result.id: result for result in probes.results_of(seen.rough.value)}


@dispatch.check("comes back with results")
def _returns(seen: Dispatched) -> None:
    for run, case in ((seen.calm, seen.shift.calm()), (seen.rough, seen.shift)):
        probes.comes_back(run)
        probes.answers_each_call_once(*_owed(run, case))


@dispatch.check("results in call order", needs=["comes back with results"])
def _in_order(seen: Dispatched) -> None:
    for run, case in ((seen.calm, seen.shift.calm()), (seen.rough, seen.shift)):
        probes.in_call_order(*_owed(run, case), run)


def _owed(run: Run, case: Shift) -> tuple[list[ToolResult], list[ToolCall]]:
    """Return the results, and the calls that should have one.

    What never ran, or ran badly, and has no result either, costs a check of its own.
    """
    results, fates = probes.results_of(run.value), case.fates()
    known = [result for result in results if fates.get(result.id) != "pending"]
    owed = {s.call_id for s in run.trace if s.state == "ok"} | {r.id for r in known}
    return known, [c for c in case.calls if c.id in owed and fates[c.id] != "pending"]


@dispatch.check("a call waits for what it needs", needs=["comes back with results"])
def _waits(seen: Dispatched) -> None:
    probes.runs_each_call_once(seen.calm, seen.shift.calls)
    probes.keeps_order(seen.calm, seen.shift.calm().edges)
    probes.keeps_order(seen.rough, seen.shift.edges)


@dispatch.check(
    "never more than the limit, and never fewer", points=2, needs=["a call waits for what it needs"]
)
def _bounded(seen: Dispatched) -> None:
    probes.does_not_block(seen.calm)
    for run, case in ((seen.calm, seen.shift.calm()), (seen.rough, seen.shift)):
        if run.trace.peak > case.limit:
            raise Wrong(
                saw=f"{run.trace.peak} calls in flight",
                expected=f"at most {case.limit}",
                hint="All calls have to share one limit, made once for the batch.",
                mistake="over-limit",
            )
        if {span.call_id for span in run.trace} <= set(case.running):
            for span in run.trace:  # of a call that must not run it can't be said when it may
                _no_later(span, run, case)


def _no_later(span: Span, run: Run, case: Shift) -> None:
    """Ask that a call starts when it may, unless all places are taken until then."""
    ends = [s.end for s in run.trace for a, b in case.edges if b == span.call_id and s.call_id == a]
    ready = max((end for end in ends if end is not None), default=0.0)
    steps = [(0.0, 0), *run.trace.in_flight(), (run.total, 0)]
    for (begin, count), (end, _) in pairwise(steps):
        low, high = max(begin, ready), min(end, span.start)
        if high - low > 1e-6 and count < case.limit:
            alone = run.trace.peak == 1 < case.limit
            raise Wrong(
                saw=f"{span.call_id} could run from {ready:g} s, and started at {span.start:g} s "
                f"with {count} in flight",
                expected=f"a start as soon as fewer than {case.limit} are in flight",
                hint="One call after another uses none of the freedom that is left."
                if alone
                else "Take a place only when all that the call needs is there, and look again "
                "whenever a single call ends.",
                mistake="serial" if alone else "idle-place",
            )


@dispatch.check("what is held waits, and only that")
def _held(seen: Dispatched) -> None:
    results = _results(seen)
    for call, fate in seen.shift.fates().items():
        spans = seen.rough.trace.of(call)
        if fate == "pending" and (spans or call in results):
            raise Wrong(
                saw=f"{call} {'was run' if spans else 'has a result'}",
                expected="neither a run nor a result, until somebody has decided",
                hint="What needs a held call waits with it."
                if call not in seen.shift.held
                else "Held means not decided: no run, and no answer to the model either.",
                mistake="held-not-kept",
            )
        if fate in {"ok", "error"} and not spans:
            raise Wrong(
                saw=f"{call} never ran",
                expected=f"{call} runs: it waits for nothing that is held, failed or denied",
                hint="One open decision, or one failure, stops what needs it and nothing else.",
                mistake="stops-others",
            )


@dispatch.check("denied, failed and skipped calls are answered")
def _answered(seen: Dispatched) -> None:
    results, case = _results(seen), seen.shift
    for call, fate in case.fates().items():
        spans = seen.rough.trace.of(call)
        if fate in {"denied", "skipped"} and spans:
            raise Wrong(
                saw=f"{call} was run",
                expected=f"{call} is {fate}: it never runs",
                hint="A denial is final, and an error result is no input.",
                mistake=f"ran-{fate}",
            )
        if fate not in {"denied", "skipped", "error"} or (fate == "error" and not spans):
            continue  # that a call never ran is for another check
        words = {"denied": ["denied"], "skipped": ["skipped"], "error": []}[fate]
        result = results.get(call)
        causes = case.causes(call) if fate == "skipped" else set()
        if case.errors.get(call) == "raises" and fate == "error":
            words = ["RuntimeError", f"bug in {call}"]
        if result is None:
            raise _unanswered(call, "failed" if fate == "error" else fate)
        if (
            not result.is_error
            or any(word not in result.content for word in words)
            or (causes and not any(cause in result.content for cause in causes))
        ):
            wanted = " and ".join([*words, *sorted(causes)[:1]]) or "its error"
            raise Wrong(
                saw=f"“{result.content}” for {call}",
                expected=f"an error result that says {wanted}",
                hint="The model must be able to tell a call that failed from one that was denied "
                "and from one that never ran, and for whose sake.",
                mistake=f"{fate}-untold",
            )


def _unanswered(call: str, fate: str) -> Wrong:
    return Wrong(
        saw=f"no result for {call}, which {'failed' if fate == 'failed' else f'is {fate}'}",
        expected=f"an error result for {call}",
        hint="The model waits for an answer to every id, also of a call that failed or will never "
        "run.",
        mistake=f"{fate}-unanswered",
    )


@dispatch.check("what is answered is not run again")
def _once(seen: Dispatched) -> None:
    results = _results(seen)
    for old in seen.shift.answered:
        if seen.rough.trace.of(old.id) or results.get(old.id) != old:
            raise Wrong(
                saw=f"{old.id}, answered before, was run again"
                if seen.rough.trace.of(old.id)
                else f"the earlier result of {old.id} is not among the results",
                expected="its earlier result, as it is",
                hint="After a pause the batch comes back: what has an answer keeps it.",
                mistake="ran-again" if seen.rough.trace.of(old.id) else "answer-lost",
            )
    for call in seen.shift.needs:
        if len(seen.rough.trace.of(call)) > 1:
            probes.runs_each_call_once(seen.rough, [ToolCall(call, "run")])


@dispatch.check("each new result is recorded once, at once", needs=["comes back with results"])
def _recorded(seen: Dispatched) -> None:
    results, old = _results(seen), {result.id for result in seen.shift.answered}
    noted = [result.id for _, result in seen.rough_record if type(result) is ToolResult]
    wanted = sorted(results.keys() - old)
    if sorted(noted) != wanted:
        raise Wrong(
            saw=f"recorded: {', '.join(sorted(noted)) or 'nothing'}",
            expected=f"once each: {', '.join(wanted)}",
            hint="Every result that is new goes to record: good, failed, denied or skipped. "
            "Those from before are there already.",
            mistake="record-incomplete" if set(noted) < set(wanted) else "record-twice",
        )
    for moment, result in seen.rough_record:
        spans = seen.rough.trace.of(result.id)
        if results[result.id] != result or (spans and abs(moment - (spans[0].end or 0)) > 1e-6):
            raise Wrong(
                saw=f"{result.id} recorded at {moment:g} s",
                expected="the same result, at the moment at which it was there",
                hint="Between the answer and its record the process can die: leave no time there.",
                mistake="record-late",
            )


@dispatch.check("a stop loses nothing and leaves nothing", points=2)
def _stopped(seen: Dispatched) -> None:
    stops(seen.stopped, "the batch")
    noted = [result.id for _, result in seen.stopped_record if type(result) is ToolResult]
    ended = [s.call_id for s in seen.stopped.trace if s.state == "ok"]
    lost = [call for call in ended if call not in noted]
    if lost or not ended:
        raise Wrong(
            saw=f"stopped on the way, {', '.join(lost)} had ended and was not recorded"
            if lost
            else "stopped on the way, nothing had ended",
            expected="a record of every call that had ended",
            hint="A list that is built at the end is gone when there is no end: record each "
            "result when it comes.",
            mistake="lost-at-cancel",
        )
    doubtful = [call for call in noted if call not in ended]
    if doubtful:
        raise Wrong(
            saw=f"a record for {', '.join(doubtful)}, which had not ended",
            expected="records of what ended, and of nothing else",
            hint="Nobody knows how a cancelled call ended: leave it without a result, so that it "
            "can be asked for again with its key.",
            mistake="cancel-recorded",
        )
