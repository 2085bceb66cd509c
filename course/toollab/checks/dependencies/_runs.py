"""Exercise `run_dag`: run calls that need each other, none later than it must."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from toollab.calls import ToolResult
from toollab.checks import _probes as probes
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks._scenes import (
    all_well,
    awaited,
    no_error_results,
    stopping,
    stops,
)
from toollab.checks.dependencies._plans import Plan, plan
from toollab.clock import Run, simulate
from toollab.tools import ToolError, World
from toollab.trace import Trace
from toollab.views import Picture, compare

__all__ = ("Ran", "run_dag")

_STOP_AT = 0.1
"""When a run is cancelled, in seconds: every call takes longer."""


@dataclass(frozen=True)
class Ran:
    """What a runner did with one plan: `calm` without failures, `rough` with them.

    `stopped` was cancelled on the way.
    """

    plan: Plan
    calm: Run
    rough: Run
    stopped: Run


run_dag: Exercise[Plan, Ran] = Exercise(
    "Calls that need each other",
    cases=[
        Plan(
            {
                "hotel": ("flight",),
                "flight": (),
                "visa": (),
                "insurance": ("visa",),
                "mail": ("insurance",),
            },
            {"flight": 1.0, "visa": 10.0, "hotel": 10.0, "insurance": 1.0, "mail": 0.5},
            {"visa": ToolError("no answer")},
        ),
        plan(1, 9, failing=1),
    ],
)


@run_dag.play
def _play(fn: Callable[..., Any], case: Plan) -> Ran:
    def run(play: Callable[..., Any], case: Plan) -> Run:
        world = case.world()
        needs = {call: list(befores) for call, befores in case.needs.items()}
        run = simulate(world, play, needs, _tool(world))
        return replace(run, trace=_named(run.trace, case))

    return Ran(
        case,
        calm=run(awaited(fn), case.calm()),
        rough=run(awaited(fn), case),
        stopped=run(stopping(fn, _STOP_AT), case.calm()),
    )


def _tool(world: World) -> Callable[..., Any]:
    async def tool(call_id: str, inputs: Any) -> str:
        # Tools take plain data; anything else is noted as what it looks like.
        noted: Any = repr(inputs)
        if isinstance(inputs, dict):
            noted = {str(k): v if type(v) is str else repr(v) for k, v in inputs.items()}
        return str(await world.tools["run"](call=call_id, inputs=noted))

    return tool


def _named(trace: Trace, case: Plan) -> Trace:
    """Give each span the id of its call."""
    spans = tuple(replace(span, call_id=str(span.arguments["call"])) for span in trace)
    return replace(trace, spans=spans, edges=tuple(case.edges))


def _bare(trace: Trace) -> Trace:
    """Leave the inputs out, which would fill a picture."""
    spans = [replace(span, arguments={"call": span.call_id}) for span in trace]
    return replace(trace, spans=tuple(spans))


@run_dag.picture
def _draw(seen: Ran) -> Picture:
    starts = {span.call_id: span.start for span in seen.plan.calm().good()}
    well = seen.calm.error is None and {s.call_id: s.start for s in seen.calm.trace} == starts
    run, good = (seen.rough, seen.plan.good()) if well else (seen.calm, seen.plan.calm().good())
    return compare(_bare(run.trace), good)


@run_dag.check("returns a list of results")
def _returns(seen: Ran) -> None:
    for error in _errors(seen.calm.error):
        if isinstance(error, KeyError) and error.args[0] in seen.plan.needs:
            raise Wrong(
                saw=f"KeyError: {error} before that call was there",
                expected="results, in whatever order the calls are given",
                hint="A call may stand before one that it needs. Make something for every call "
                "first, and let each look up what it needs when it runs.",
                mistake="order-assumed",
            )
    all_well(seen.calm)
    probes.results_of(seen.calm.value)


def _errors(error: BaseException | None) -> list[BaseException | None]:
    return list(error.exceptions) if isinstance(error, BaseExceptionGroup) else [error]


@run_dag.check("answers every call once, in the order given", needs=["returns a list of results"])
def _answers(seen: Ran) -> None:
    calls, results = seen.plan.calls, probes.results_of(seen.calm.value)
    no_error_results(results)
    probes.runs_each_call_once(seen.calm, calls)
    probes.answers_each_call_once(results, calls)
    probes.in_call_order(results, calls, seen.calm)
    probes.good_contents(results, calls, seen.calm)


@run_dag.check(
    "a call waits for what it needs, and gets it",
    points=2,
    needs=["returns a list of results"],
)
def _waits(seen: Ran) -> None:
    probes.runs_each_call_once(seen.calm, seen.plan.calls)
    probes.keeps_order(seen.calm, seen.plan.edges)
    said = {span.call_id: span.content for span in seen.calm.trace}
    for span in seen.calm.trace:
        wanted = {before: said[before] for before in seen.plan.needs[span.call_id]}
        _gets(span.call_id, span.arguments["inputs"], wanted)


def _gets(call: str, got: Any, wanted: dict[str, str]) -> None:
    """Ask that a call was given the contents it needs, and no others."""
    if type(got) is dict and got == wanted:
        return
    keys = list(got) if isinstance(got, dict) else []
    saw = ", ".join(map(str, keys)) or repr(got)[:100]
    if set(keys) == set(wanted):
        mistake, saw = "inputs-wrapped", repr(got)[:200]
        hint = "A value in inputs is the text that the tool brought, not a result around it."
    elif set(keys) > set(wanted):
        mistake = "inputs-too-many"
        hint = "A call sees the contents of the calls it needs, and of no others."
    else:
        mistake = "inputs-missing"
        hint = "inputs maps the id of each call that is needed to the text it brought."
    raise Wrong(
        saw=f"inputs for {call}: {saw}",
        expected=f"the contents of {', '.join(wanted)}" if wanted else "an empty dict",
        hint=hint,
        mistake=mistake,
    )


@run_dag.check(
    "and waits for nothing else",
    points=2,
    needs=["a call waits for what it needs, and gets it"],
)
def _no_longer(seen: Ran) -> None:
    probes.does_not_block(seen.calm)
    good = {span.call_id: span.start for span in seen.plan.calm().good()}
    late = {s.call_id: s.start - good[s.call_id] for s in seen.calm.trace}
    if max(late.values(), default=0.0) < 1e-6:
        probes.takes(seen.calm, seen.plan.calm().good().makespan)
        return
    call = next(call for call, seconds in late.items() if seconds >= 1e-6)
    starts = {span.call_id: span.start for span in seen.calm.trace}
    mistake, hint = _why_late(seen, starts)
    reason = f", when {_last_need(seen.plan, call)} was answered" if seen.plan.needs[call] else ""
    raise Wrong(
        saw=f"{call} started at {starts[call]:g} s",
        expected=f"at {good[call]:g} s{reason}",
        hint=hint,
        mistake=mistake,
    )


def _why_late(seen: Ran, starts: dict[str, float]) -> tuple[str, str]:
    levels = {span.call_id: span.start for span in seen.plan.by_level()}
    late = [starts[s.call_id] - s.start for s in seen.plan.calm().good()]
    if seen.calm.trace.peak == 1:
        return "serial", (
            "One call after another keeps every order, and uses none of the freedom that is left: "
            "calls that don't need each other can be in flight together."
        )
    if all(abs(starts[call] - levels[call]) < 1e-6 for call in starts):
        return "level-by-level", (
            "gather waits for the slowest call of a level, and so does everything after it. Look "
            "each time a single call ends at what that call frees."
        )
    if 0 < max(late) < 0.25 * min(seen.plan.seconds.values()) * len(starts):
        return "polls", (
            "Sleeping and looking again finds the answer late. Await the calls themselves: "
            "their tasks, or asyncio.wait with FIRST_COMPLETED."
        )
    return "waits-too-long", "A call may start when all it needs is answered, whatever else runs."


def _last_need(case: Plan, call: str) -> str:
    ends = {span.call_id: span.end or 0.0 for span in case.calm().good()}
    return max(case.needs[call], key=ends.__getitem__)


def _by_id(seen: Ran) -> dict[str, ToolResult]:
    """Ask that the run with failures came back with results, and return them by id."""
    probes.comes_back(seen.rough)
    results = probes.results_of(seen.rough.value)
    probes.answers_each_call_once(results, seen.plan.calls)
    return {result.id: result for result in results}


@run_dag.check("what needs a failed call is skipped", points=2, needs=["returns a list of results"])
def _skips(seen: Ran) -> None:
    results = _by_id(seen)
    for call, causes in seen.plan.spoilt().items():
        failed = " and ".join(sorted(causes))
        if seen.rough.trace.of(call):
            raise Wrong(
                saw=f"{call} was started although {failed} failed",
                expected=f"{call} never starts",
                hint="An error result is no input. A call that lacks one is skipped, and so is "
                "everything that needs it.",
                mistake="ran-after-failure",
            )
        result = results[call]
        if not result.is_error or "skipped" not in result.content:
            raise Wrong(
                saw=f"the result of {call} says “{result.content}”, is_error={result.is_error}",
                expected="an error result that says skipped",
                hint="The model must be able to tell a call that failed from one that never ran: "
                "only the second is harmless to ask for again.",
                mistake="skip-untold",
            )
        if not any(cause in result.content for cause in causes):
            raise Wrong(
                saw=f"the result of {call} says “{result.content}”",
                expected=f"a text that names {failed}",
                hint="Say which call failed. A call that was skipped itself is not the cause: "
                "hand the cause on.",
                mistake="cause-unnamed",
            )


@run_dag.check("and nothing else is", needs=["returns a list of results"])
def _goes_on(seen: Ran) -> None:
    results, case = _by_id(seen), seen.plan
    good = {span.call_id: span for span in case.good()}
    for call, wanted in good.items():
        spans = seen.rough.trace.of(call)
        if not spans or spans[0].state != wanted.state:
            saw = "never started" if not spans else f"was {spans[0].state}"
            raise Wrong(
                saw=f"{call} {saw}",
                expected=f"{call} runs: it needs none of {', '.join(case.errors)}",
                hint="A failure is a matter of the calls that need it. Catch it inside its own "
                "call, and let the other branches go on.",
                mistake="stops-others",
            )
        if spans[0].start > wanted.start + 1e-6:
            raise Wrong(
                saw=f"{call} started at {spans[0].start:g} s",
                expected=f"at {wanted.start:g} s, failures or not",
                hint="A failure elsewhere is no reason to wait.",
                mistake="late-after-failure",
            )
    worked = [call for call in case.calls if call.id in good and call.id not in case.errors]
    probes.good_contents([results[call.id] for call in worked], worked, seen.rough)
    failed = {call: error for call, error in case.errors.items() if call in good}
    types = {call: type(error).__name__ for call, error in failed.items()}
    probes.error_results(list(results.values()), failed, mentions=types)
    for call, error in failed.items():
        if any(str(word) not in results[call].content for word in error.args):
            raise Wrong(
                saw=f"the error result of {call} says “{results[call].content}”",
                expected=f"a text that also says “{error.args[0]}”",
                hint="The type alone does not tell the model what to do: add the message.",
                mistake="message-lost",
            )


@run_dag.check("no call outlives the run", needs=["returns a list of results"])
def _ends(seen: Ran) -> None:
    probes.leaves_nothing_running(seen.calm)
    probes.leaves_nothing_running(seen.rough)
    stops(seen.stopped, "the run")
