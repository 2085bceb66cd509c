"""Exercise `estimate_latency`: model turns and waiting for tools, added up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from toollab.checks._answers import close, is_number, returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.overview._cases import Plan
from toollab.clock import Run, attempt
from toollab.views import Picture, stacked_bars

__all__ = ("estimate_latency",)


@dataclass(frozen=True, slots=True)
class _Estimated:
    """The estimate of a plan, and of the same plan with a model that takes no time."""

    case: Plan
    run: Run
    tools_only: Run

    @property
    def error(self) -> BaseException | None:
        return self.run.error

    @property
    def tools(self) -> float:
        return float(self.tools_only.value)

    @property
    def model(self) -> float:
        return float(self.run.value) - self.tools


_NO_CALLS = Plan(1.75, (), concurrent=True, turns=1, waiting=0.0)
estimate_latency: Exercise[Plan, _Estimated] = Exercise(
    "Estimate how long an answer takes",
    cases=[
        Plan(2.0, ((0.4, 0.5, 0.6), (0.3,), (0.2, 0.1)), concurrent=False, turns=4, waiting=2.1),
        Plan(2.0, ((0.4, 0.5, 0.6), (0.3,), (0.2, 0.1)), concurrent=True, turns=4, waiting=1.1),
        Plan(1.5, ((1.0,), (1.0,), (1.0,)), concurrent=True, turns=4, waiting=3.0),
        _NO_CALLS,
    ],
)


@estimate_latency.play
def _estimate(fn: Any, case: Plan) -> _Estimated:
    return _Estimated(
        case,
        attempt(fn, case.model_s, case.lists(), concurrent=case.concurrent),
        attempt(fn, 0.0, case.lists(), concurrent=case.concurrent),
    )


@estimate_latency.picture
def _estimate_picture(seen: _Estimated) -> Picture | None:
    value = seen.run.value
    rows = {"What the clock shows": {"model": seen.case.model_part, "tools": seen.case.waiting}}
    if is_number(value) and value >= 0:
        rows["Your estimate"] = {"in all": value}
    return stacked_bars(rows, title=f"Where the time goes: {seen.case.told}")


@estimate_latency.check("returns seconds")
def _seconds(seen: _Estimated) -> None:
    if isinstance(seen.error, ValueError) and not seen.case.batches:
        return  # told by the check on plans without calls
    for run in (seen.run, seen.tools_only):
        value = returned(run, "a number of seconds")
        if not is_number(value):
            raise Wrong(
                saw=repr(value)[:200],
                expected="a number of seconds",
                hint="Return one float: all seconds from the question to the answer.",
                mistake="not-seconds",
            )


@estimate_latency.check("counts every model turn", points=2, needs=("returns seconds",))
def _turns(seen: _Estimated) -> None:
    case = seen.case
    if not case.batches or close(seen.model, case.model_part):
        return
    counted = round(seen.model / case.model_s, 2)
    calls = sum(len(batch) for batch in case.batches)
    if counted == case.turns - 1:
        mistake = "no-final-turn"
        hint = "After the last results the model takes one more turn: it writes the answer."
    elif counted in {calls, calls + 1}:
        mistake = "turn-for-each-call"
        hint = (
            "Running a batch call by call costs no model turns: "
            "the model waits until it is handed all the results."
        )
    elif counted in {1, 2}:
        mistake = "ignores-batches"
        hint = "The model takes a turn for each batch, and one more for the answer."
    else:
        mistake, hint = "wrong-turns", "Count one model turn for each batch and one for the answer."
    raise Wrong(
        saw=f"{counted:g} model turns for {case.told}",
        expected=f"{case.turns}",
        hint=hint,
        mistake=mistake,
    )


@estimate_latency.check("one after another, times add up", needs=("returns seconds",))
def _added(seen: _Estimated) -> None:
    case = seen.case
    if case.concurrent or close(seen.tools, case.waiting):
        return
    low = seen.tools < case.waiting
    raise Wrong(
        saw=f"{seen.tools:g} s of tools for {case.told}",
        expected=f"{case.waiting:g} s",
        hint="Without overlap every call waits for the one before it."
        if low
        else "Count the seconds of each call once, and no more.",
        mistake="always-overlaps" if low else "counts-too-much",
    )


@estimate_latency.check(
    "overlapping, a batch takes as long as its longest call", points=2, needs=("returns seconds",)
)
def _overlapped(seen: _Estimated) -> None:
    case = seen.case
    if not case.concurrent or not case.batches or close(seen.tools, case.waiting):
        return
    calls = [seconds for batch in case.batches for seconds in batch]
    if close(seen.tools, sum(calls)):
        mistake = "never-overlaps"
        hint = "Calls in flight together share their waiting: only the longest one counts."
    elif close(seen.tools, max(calls)):
        mistake = "overlaps-turns"
        hint = (
            "A call can only overlap with calls of its own batch: the next batch is asked for "
            "once the model has seen these results."
        )
    elif seen.tools < case.waiting:
        mistake = "too-short"
        hint = "The slowest call decides, not the average: the others are done and wait for it."
    else:
        mistake, hint = "too-long", "Take the longest call of each batch, and add those up."
    raise Wrong(
        saw=f"{seen.tools:g} s of tools for {case.told}",
        expected=f"{case.waiting:g} s",
        hint=hint,
        mistake=mistake,
    )


@estimate_latency.check("without calls there is only the answer", needs=("returns seconds",))
def _answer_alone(seen: _Estimated) -> None:
    case = seen.case
    if case.batches:
        return
    if isinstance(seen.error, ValueError):
        raise Wrong(
            saw=f"ValueError: {seen.error}",
            expected=f"{case.model_part:g} s",
            hint="max() of nothing raises: take the longest call of each batch you have.",
            mistake="empty-max",
        )
    if not close(seen.run.value, case.model_part):
        if any(close(seen.run.value, round(case.model_part, digits)) for digits in (0, 1, 2)):
            raise Wrong(
                saw=f"{seen.run.value:g} s for a question that needs no tool",
                expected=f"{case.model_part:g} s, one model turn",
                hint="Leave the seconds as they are: round loses what was asked for.",
                mistake="rounds",
            )
        none = close(seen.run.value, 0.0)
        raise Wrong(
            saw=f"{seen.run.value:g} s for a question that needs no tool",
            expected=f"{case.model_part:g} s, one model turn",
            hint="Even without tools the model takes a turn: it writes the answer."
            if none
            else "No batch, no turn to ask for one: the model answers at once.",
            mistake="no-answer-turn" if none else "turn-for-nothing",
        )
