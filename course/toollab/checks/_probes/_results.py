"""Probes of what came back: results, their ids, order, contents and errors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import CoroutineType
from typing import Any

from toollab.calls import ToolCall, ToolResult
from toollab.checks._exercise import Wrong
from toollab.checks._probes._coming_back import OTHER_LOOP, count, is_of_another_loop
from toollab.clock import Run

__all__ = (
    "answers_each_call_once",
    "error_results",
    "good_contents",
    "in_call_order",
    "results_of",
)


def results_of(value: Any) -> list[ToolResult]:
    """Ask that the returned value is a list of `ToolResult`, and return it."""
    expected = "a list of ToolResult"
    if type(value) is CoroutineType:
        value.close()
        raise Wrong(
            saw="a coroutine that was never awaited",
            expected=expected,
            hint="Calling a coroutine function only makes a coroutine: await it.",
            mistake="not-awaited",
        )
    if type(value) not in (list, tuple):
        raise Wrong(
            saw=f"a value of type {type(value).__name__}",
            expected=expected,
            hint="Return one list with a ToolResult for every call of the batch.",
            mistake="not-a-list",
        )
    for item in value:
        if type(item) is ToolResult and _is_plain(item):
            continue
        if type(item) is CoroutineType:
            item.close()
        if issubclass(type(item), BaseException):
            raise Wrong(
                saw=f"a {type(item).__name__} object in the list of results",
                expected=expected,
                hint="return_exceptions=True hands you the exception object: "
                "turn it into a ToolResult with is_error=True.",
                mistake="exception-as-result",
            )
        raise Wrong(
            saw=f"an item of type {type(item).__name__} in the list",
            expected=expected,
            hint="Each item is ToolResult(id, content, is_error), "
            "with a text id, a text content and a true or false is_error.",
            mistake="not-a-result",
        )
    for result in value:
        if result.is_error and is_of_another_loop(result.content):
            raise Wrong(
                saw=f"{result.id} failed with “{result.content}”",
                expected="the call reaches its tool",
                hint=OTHER_LOOP,
                mistake="other-loop",
            )
    return list(value)


def _is_plain(result: ToolResult) -> bool:
    # Exact types: an object that claims to equal everything is not data.
    return type(result.id) is str and type(result.content) is str and type(result.is_error) is bool


def answers_each_call_once(results: Sequence[ToolResult], calls: Sequence[ToolCall]) -> None:
    """Ask for exactly one result with each call's id."""
    ids, got = [call.id for call in calls], [result.id for result in results]
    missing = [i for i in ids if i not in got]
    foreign = [i for i in got if i not in ids]
    twice = sorted({i for i in got if got.count(i) > 1})
    expected = f"one result for each of the {count(len(ids), 'call')}"
    if missing:
        names = {call.name for call in calls}
        keyed = any(i in names for i in foreign)
        raise Wrong(
            saw=f"no result for {', '.join(missing)}",
            expected=expected,
            hint="A result is tied to its call by the call's id, never by the tool's name."
            if keyed or len({c.name for c in calls}) == len(got)
            else "The model waits for an answer to every id, also of a failed or skipped call.",
            mistake="keyed-by-name"
            if keyed or len({c.name for c in calls}) == len(got)
            else "call-unanswered",
        )
    if foreign:
        raise Wrong(
            saw=f"results for {', '.join(foreign)}, which nobody asked for",
            expected=expected,
            hint="Copy the id of the call into its result.",
            mistake="foreign-id",
        )
    if twice:
        raise Wrong(
            saw=f"more than one result for {', '.join(twice)}",
            expected=expected,
            hint="Each id is answered exactly once.",
            mistake="answered-twice",
        )


def in_call_order(results: Sequence[ToolResult], calls: Sequence[ToolCall], run: Run) -> None:
    """Ask that the results stand in the order in which the model asked."""
    want, got = [call.id for call in calls], [result.id for result in results]
    if got == want:
        return
    finished = [s.call_id for s in sorted(run.trace, key=lambda s: s.ended or 0)]
    if got == finished:
        mistake = "completion-order"
        hint = (
            "These are in the order in which the tools finished; gather and a list of tasks "
            "keep the order of the calls."
        )
    elif got == sorted(want):
        mistake, hint = "sorted-ids", "Ids are names, not numbers: call_10 sorts before call_2."
    else:
        mistake, hint = "other-order", "Build the results by walking through the calls in order."
    raise Wrong(saw=", ".join(got), expected=", ".join(want), hint=hint, mistake=mistake)


def good_contents(
    results: Sequence[ToolResult],
    calls: Sequence[ToolCall],
    run: Run,
    *,
    failing: Iterable[str] = (),
) -> None:
    """Ask that each call that worked brings back what its own tool said, unmarked."""
    by_id = {result.id: result for result in results}
    failed = set(failing)
    said = {s.call_id: s.content for s in run.trace if s.state == "ok"}
    for call in calls:
        result = by_id.get(call.id)
        if result is None or call.id in failed or call.id not in said:
            continue
        if result.content != said[call.id]:
            other = next((i for i, text in said.items() if text == result.content), None)
            raise Wrong(
                saw=f"{call.id} carries “{result.content}”"
                + (f", which {other} brought" if other else ""),
                expected=f"“{said[call.id]}”",
                hint="Each result belongs to the call with its id: do not pair calls and "
                "answers by position in another order.",
                mistake="mixed-up" if other else "other-content",
            )
        if result.is_error:
            raise Wrong(
                saw=f"{call.id} worked, but its result says is_error",
                expected="is_error only where the tool failed",
                hint="Mark only the call that failed.",
                mistake="good-call-marked",
            )


def error_results(
    results: Sequence[ToolResult], failing: Iterable[str], *, mentions: dict[str, str] | None = None
) -> None:
    """Ask that each failed call has an error result that tells the model what happened.

    `mentions` maps call ids to a word that the text must contain, such as the error's type.
    """
    by_id = {result.id: result for result in results}
    for call_id in failing:
        result = by_id.get(call_id)
        if result is None:
            continue
        if not result.is_error:
            raise Wrong(
                saw=f"{call_id} failed, but its result is not marked",
                expected="is_error=True",
                hint="Without the mark the model takes the error text for the tool's answer.",
                mistake="error-unmarked",
            )
        word = (mentions or {}).get(call_id, "")
        if not result.content.strip() or word not in result.content:
            raise Wrong(
                saw=f"the error result of {call_id} says “{result.content}”",
                expected=f"a text that names the error{f' ({word})' if word else ''}",
                hint="str(error) can be empty: say the error's type too.",
                mistake="empty-error",
            )
