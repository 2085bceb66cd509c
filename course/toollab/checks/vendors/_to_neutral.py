"""Exercise `to_neutral`: from a reply of one of three APIs to plain tool calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toollab.calls import ToolCall
from toollab.checks._answers import returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.vendors._replies import Said
from toollab.checks.vendors._requests import short
from toollab.clock import Run, attempt

__all__ = ("to_neutral",)


@dataclass(frozen=True, slots=True)
class _Read:
    case: Said
    run: Run

    @property
    def calls(self) -> list[ToolCall]:
        return list(self.run.value)


to_neutral: Exercise[Said, _Read] = Exercise(
    "Read the calls of three APIs",
    cases=[
        Said("messages", ("text", "call", "call", "search", "call")),
        Said("chat", ("text", "call", "call", "bare"), seed=1),
        Said("responses", ("thinking", "call", "call", "text", "bare"), seed=2),
        Said("chat", ("text",), seed=2),
        Said("chat", ("text",), seed=5),
        Said("chat", ("call", "call"), seed=1, ended="stop"),
        Said("responses", ("search", "call", "text"), seed=1),
    ],
)


@to_neutral.play
def _read(fn: Any, case: Said) -> _Read:
    return _Read(case, attempt(fn, case.reply(), case.api))


@to_neutral.check("returns a list of tool calls")
def _a_list(seen: _Read) -> None:
    expected = "a list of ToolCall"
    value = returned(seen.run, expected)
    if type(value) not in (list, tuple) or not all(type(item) is ToolCall for item in value):
        raise Wrong(
            saw=f"for {seen.case.told}: {short(value)}",
            expected=expected,
            hint="ToolCall(id, name, arguments) is the one form that your other code has to know; "
            "a reply without calls gives an empty list.",
            mistake="not-calls",
        )


@to_neutral.check(
    "finds every call by its own id", points=2, needs=("returns a list of tool calls",)
)
def _every_call(seen: _Read) -> None:
    case = seen.case
    got, want = [call.id for call in seen.calls], [call.id for call in case.calls]
    if sorted(map(str, got)) == sorted(want):
        return
    mistake = "lost-calls"
    hint = "Every call of the reply belongs into the list, and each of them once."
    if set(map(str, got)) & set(case.item_ids()):
        mistake = "item-id"
        hint = "On the Responses API id names the item; a result is matched by call_id."
    elif not set(got) <= set(want):
        mistake = "foreign-calls"
        hint = "Only tool_use blocks and function_call items are for you to run."
    elif case.ended and not got:
        mistake = "trusts-the-ending"
        hint = "A reply can end with `stop` and hold calls all the same: look for the calls."
    elif len(got) == 1:
        mistake = "first-only"
        hint = "A reply can hold several calls: go through all of its parts."
    raise Wrong(
        saw=f"for {case.told}: the ids {', '.join(map(str, got)) or '(none)'}",
        expected=", ".join(want) or "an empty list",
        hint=hint,
        mistake=mistake,
    )


@to_neutral.check("reads names and arguments", points=2, needs=("finds every call by its own id",))
def _arguments(seen: _Read) -> None:
    asked = {call.id: call for call in seen.case.calls}
    for call in seen.calls:
        want = asked[call.id]
        got: Any = call.arguments  # whatever the learner put there
        if type(got) is str:
            raise Wrong(
                saw=f"for {seen.case.told}: arguments={got!r}",
                expected=f"{want.arguments!r}",
                hint="OpenAI sends arguments as JSON text, Anthropic as an object: "
                "json.loads turns the one into the other.",
                mistake="arguments-as-text",
            )
        if not isinstance(got, Mapping) or dict(got) != want.arguments:
            raise Wrong(
                saw=f"for {seen.case.told}: arguments={short(got)}",
                expected=f"{want.arguments!r}",
                hint="The arguments are the whole object, unchanged; for a tool without any, {}.",
                mistake="other-arguments",
            )
        if call.name != want.name:
            raise Wrong(
                saw=f"for {seen.case.told}: name={call.name!r}",
                expected=f"{want.name!r}",
                hint="A call's name is the tool's: inside function on Chat Completions, beside the "
                "arguments on the other two.",
                mistake="other-name",
            )


@to_neutral.check("keeps the order of emission", needs=("finds every call by its own id",))
def _order(seen: _Read) -> None:
    got, want = [call.id for call in seen.calls], [call.id for call in seen.case.calls]
    if got != want:
        raise Wrong(
            saw=", ".join(got),
            expected=", ".join(want),
            hint="Go through the reply from first to last; ids are names, sorting says nothing.",
            mistake="other-order",
        )
