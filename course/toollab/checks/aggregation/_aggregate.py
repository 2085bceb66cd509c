"""Exercise `aggregate`: one result for each call, whatever arrived, and in whatever order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from toollab.calls import JSON, ToolCall, ToolResult
from toollab.checks import _probes as probes
from toollab.checks._answers import returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.aggregation._answers import short, unpaired
from toollab.checks.aggregation._arrivals import Arrivals
from toollab.clock import Run, attempt
from toollab.views import Picture, pairing

__all__ = ("aggregate",)


@dataclass(frozen=True, slots=True)
class _Aggregated:
    """One case, the orders in which its outcomes arrived, and a run for each of them."""

    case: Arrivals
    orders: tuple[Sequence[dict[str, JSON]], ...]
    runs: tuple[Run, ...]

    @property
    def calls(self) -> list[ToolCall]:
        return self.case.calls()

    def results(self) -> list[tuple[Sequence[dict[str, JSON]], dict[str, ToolResult]]]:
        """Return each order with the results it gave, by id."""
        return [
            (order, {result.id: result for result in run.value})
            for order, run in zip(self.orders, self.runs, strict=True)
        ]


aggregate: Exercise[Arrivals, _Aggregated] = Exercise(
    "Aggregate what arrived",
    cases=[
        Arrivals(("ok", "ok", "failed", "ok", "ok"), seed=1),
        Arrivals(("blank", "ok", "silent", "mute", "retried"), strangers=1, seed=2),
    ],
)


@aggregate.play
def _play(fn: Any, case: Arrivals) -> _Aggregated:
    orders, runs = [], []
    for outcomes in case.orders():
        orders.append(outcomes)
        given = [dict(outcome) for outcome in outcomes]  # the function may keep or change it
        runs.append(attempt(fn, case.calls(), given))
        if runs[-1].error is not None:
            break  # the first error tells all there is to tell
    return _Aggregated(case, tuple(orders), tuple(runs))


@aggregate.check("returns a list of results")
def _list(seen: _Aggregated) -> None:
    for run in seen.runs:
        if isinstance(run.error, KeyError) and run.error.args[0] in ("error", "message"):
            raise Wrong(
                saw=f"KeyError: an outcome that is ok was asked for its {run.error.args[0]!r}",
                expected="a list of ToolResult",
                hint="An empty answer is an answer: look at ok, not at whether the value is empty.",
                mistake="blank-taken-for-failed",
            )
        probes.results_of(returned(run, "a list of ToolResult"))


@aggregate.check("answers every id once", needs=["returns a list of results"])
def _every_id(seen: _Aggregated) -> None:
    for run in seen.runs:
        unpaired(run.value, seen.calls)


@aggregate.check("each call gets its own answer", points=2, needs=["returns a list of results"])
def _own_answer(seen: _Aggregated) -> None:
    case = seen.case
    for order, results in seen.results():
        for call_id in case.of("ok", "blank"):
            result = results.get(call_id)
            if result is None:
                continue  # told by the check on ids
            value = case.value(call_id)
            if result.content == value and not result.is_error:
                continue
            if value == "":
                raise Wrong(
                    saw=f"{call_id} found nothing, and is answered {short(result.content)}"
                    + (" as an error" if result.is_error else ""),
                    expected="an empty content, and no error",
                    hint="An empty answer is an answer: look at ok, not at whether the value "
                    "is empty.",
                    mistake="blank-taken-for-missing",
                )
            if result.content == value:
                raise Wrong(
                    saw=f"{call_id} worked, but its result says is_error",
                    expected="is_error only where the outcome is not ok",
                    hint="Mark only the call that failed.",
                    mistake="good-call-marked",
                )
            mistake, hint = _why_other(seen, order, results)
            raise Wrong(
                saw=f"{call_id} is answered {short(result.content)}, {case.told(order)}",
                expected=short(value),
                hint=hint,
                mistake=mistake,
            )


def _why_other(
    seen: _Aggregated, order: Sequence[dict[str, JSON]], results: dict[str, ToolResult]
) -> tuple[str, str]:
    """Name the link by which answers were given to the wrong calls."""
    got = [results[c.id].content if c.id in results else None for c in seen.calls]
    placed = [outcome.get("value") for outcome in order[: len(got)]]
    if sum(a == b for a, b in zip(got, placed, strict=False)) >= min(3, len(got)):
        return "by-position", (
            "The place in the list says who was quick, not who was asked: look the outcome up "
            "by its id."
        )
    for name in {call.name for call in seen.calls}:
        same = [call.id for call in seen.calls if call.name == name]
        texts = {results[i].content for i in same if i in results}
        if len(same) > 1 and len(texts) == 1 and texts <= {seen.case.value(i) for i in same}:
            return "by-name", "Two calls of one tool share its name: only the id tells them apart."
    return "mixed-up", "The id is the only link between a call and its outcome."


@aggregate.check("the order of arrival changes nothing", needs=["answers every id once"])
def _same_order(seen: _Aggregated) -> None:
    want = [call.id for call in seen.calls]
    for order, run in zip(seen.orders, seen.runs, strict=True):
        got = [result.id for result in run.value]
        if got == want:
            continue
        arrived = [i for i in dict.fromkeys(o["id"] for o in order) if i in want]
        quiet = [i for i in want if i not in arrived]
        if got in (arrived + quiet, quiet + arrived):
            mistake = "completion-order"
            hint = "These stand in the order of arrival. Walk through the calls instead."
        elif got == sorted(want):
            mistake, hint = "sorted-ids", "Ids are names, not numbers: call_10 sorts before call_9."
        else:
            mistake, hint = "other-order", "Walk through the calls in their order."
        raise Wrong(
            saw=f"{', '.join(got)}, with {seen.case.told(order)}",
            expected=f"{', '.join(want)}, whatever arrives first",
            hint=hint,
            mistake=mistake,
        )


@aggregate.check("a failure says what failed", needs=["answers every id once"])
def _failure(seen: _Aggregated) -> None:
    case = seen.case
    for _, results in seen.results():
        for call_id in case.of("failed", "mute", "broken"):
            _marked(results[call_id], "failed")
            _names_its_error(results[call_id], case.errors(call_id))


def _marked(result: ToolResult, what: str) -> None:
    if result.is_error and result.content.strip():
        return
    if not result.is_error:
        raise Wrong(
            saw=f"{result.id} {what}, but its result is not marked",
            expected="is_error=True",
            hint="Without the mark the model takes the text for the tool's answer.",
            mistake="error-unmarked",
        )
    raise Wrong(
        saw=f"{result.id} {what}, and its result says nothing",
        expected="a text that tells the model what happened",
        hint="A message can be empty: say the error's type too, and for a silent call, that "
        "there is no outcome.",
        mistake="empty-error",
    )


def _names_its_error(result: ToolResult, errors: Sequence[tuple[str, str]]) -> None:
    if any(error in result.content and message in result.content for error, message in errors):
        return
    error, message = errors[0]
    typed = any(error in result.content for error, _ in errors)
    raise Wrong(
        saw=f"the error result of {result.id} says {short(result.content)}",
        expected=f"a text that contains {error}" + (f" and “{message}”" if message else ""),
        hint="The error's type alone does not tell the model what to do next: add the message."
        if typed
        else "The message alone can be empty or vague: say the error's type too.",
        mistake="message-lost" if typed else "type-lost",
    )


@aggregate.check("a silent call is told as one", needs=["answers every id once"])
def _silence(seen: _Aggregated) -> None:
    for _, results in seen.results():
        for call_id in seen.case.of("silent"):
            _marked(results[call_id], "has no outcome")


@aggregate.check("a good try beats a failed one", needs=["answers every id once"])
def _second_try(seen: _Aggregated) -> None:
    case = seen.case
    for call_id in case.of("retried"):
        bad = [
            [outcome["ok"] for outcome in order if outcome["id"] == call_id]
            for order, results in seen.results()
            if results[call_id].is_error or results[call_id].content != case.value(call_id)
        ]
        if not bad:
            continue
        if all(last is False for _, last in bad):
            mistake = "last-counts"
            hint = "A failed try can be noted after the good one: the last outcome is not the best."
        elif all(first is False for first, _ in bad):
            mistake = "first-counts"
            hint = "The first outcome may be a failure that a second try has mended."
        else:
            mistake = "failure-counts"
            hint = "Ask whether any outcome of this id is ok before you report a failure."
        raise Wrong(
            saw=f"{call_id} was tried twice, worked once, and is reported as failed",
            expected=f"{short(case.value(call_id))}, whichever try was noted first",
            hint=hint,
            mistake=mistake,
        )


@aggregate.picture
def _draw(seen: _Aggregated) -> Picture | None:
    """Draw who got whose answer, for an order of arrival that is not the order of the calls."""
    for order, run in list(zip(seen.orders, seen.runs, strict=True))[1:]:
        if type(run.value) is not list or not all(type(r) is ToolResult for r in run.value):
            return None
        said = {str(o.get("value")): str(o["id"]) for o in order if o.get("value")}
        given = {r.id: said.get(r.content, r.id if r.is_error else "") for r in run.value}
        arrived = list(dict.fromkeys(str(o["id"]) for o in order))
        asked = [call.id for call in seen.calls]
        if any(given.get(i) != i for i in asked) or run is seen.runs[-1]:
            return pairing(asked, arrived, given, title="Who got whose answer")
    return None
