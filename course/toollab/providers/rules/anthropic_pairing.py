"""The rules of the Anthropic Messages API on calls and their results.

Neighbouring messages of one role count as one, as the API merges them.  A message's number in
an error text is its place in the request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from toollab.calls import JSON
from toollab.providers.rules.fault import Fault, Rule
from toollab.providers.wire.common import as_list, as_object

__all__ = ("RULES", "blocks")

Located = tuple[str, dict[str, Any]]


@dataclass(slots=True)
class _Turn:
    """Neighbouring messages of one role: where they begin, and their blocks."""

    role: str
    number: int
    blocks: list[Located] = field(default_factory=list)

    def of(self, kind: str) -> list[Located]:
        return [(where, block) for where, block in self.blocks if block.get("type") == kind]


def blocks(body: Mapping[str, JSON]) -> Iterator[tuple[str, str, Any]]:
    """Yield `(path, role, block)` for every block of every message."""
    for number, message in enumerate(as_list(body.get("messages"))):
        for place, block in enumerate(as_list(as_object(message).get("content"))):
            yield f"messages.{number}.content.{place}", message.get("role"), block


def _turns(body: Mapping[str, JSON]) -> list[_Turn]:
    turns: list[_Turn] = []
    for number, message in enumerate(body["messages"]):
        if not turns or turns[-1].role != message["role"]:
            turns.append(_Turn(message["role"], number))
        content = message["content"]
        if isinstance(content, str):
            content = [{"type": "text", "text": content}]
        turns[-1].blocks += [
            (f"messages.{number}.content.{place}", block) for place, block in enumerate(content)
        ]
    return turns


def first_message(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require the user to begin the conversation."""
    if body["messages"][0]["role"] == "assistant":
        yield Fault("first-message", 'messages: first message must use the "user" role')


def unique_calls(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Refuse two calls with one id, anywhere in a conversation."""
    seen = set()
    for where, _, block in blocks(body):
        if block.get("type") == "tool_use":
            if block["id"] in seen:
                yield Fault("duplicate-call-id", f"{where}: `tool_use` ids must be unique")
            seen.add(block["id"])


def single_results(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Refuse two results for one call."""
    for turn in _turns(body):
        seen = set()
        for where, block in turn.of("tool_result"):
            answered = block["tool_use_id"]
            if answered in seen:
                yield Fault(
                    "duplicate-result",
                    f"{where}: each tool_use must have a single result. "
                    f"Found multiple `tool_result` blocks with id: {answered}",
                )
            seen.add(answered)


def results_have_calls(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require each result to answer a call of the assistant turn right before it."""
    before: set[str] = set()
    for turn in _turns(body):
        for where, block in turn.of("tool_result"):
            if block["tool_use_id"] not in before:
                yield Fault(
                    "orphan-result",
                    f"{where}: unexpected `tool_use_id` found in `tool_result` blocks: "
                    f"{block['tool_use_id']}. Each `tool_result` block must have a corresponding "
                    "`tool_use` block in the previous message.",
                )
        before = {block["id"] for _, block in turn.of("tool_use")}


def calls_have_results(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require every call to be answered in the next turn, before anything else is said there.

    A result that comes after a text counts as missing: the services say it in these words too.
    """
    turns = _turns(body)
    for turn, following in zip(turns, [*turns[1:], None], strict=True):
        answered = set()
        for _, block in following.blocks if following else ():
            if block.get("type") != "tool_result":
                break
            answered.add(block["tool_use_id"])
        missing = [block["id"] for _, block in turn.of("tool_use") if block["id"] not in answered]
        if missing:
            late = {
                block["tool_use_id"]
                for _, block in (following.of("tool_result") if following else ())
            }
            yield Fault(
                "text-before-results" if late.issuperset(missing) else "missing-result",
                f"messages.{turn.number}: `tool_use` ids were found without `tool_result` blocks "
                f"immediately after: {', '.join(missing)}. Each `tool_use` block must have a "
                "corresponding `tool_result` block in the next message.",
            )


def user_speaks_last(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require the user to speak last: current models take no half-written answer."""
    if body["messages"][-1]["role"] == "assistant":
        yield Fault(
            "prefill",
            "This model does not support assistant message prefill. "
            "The conversation must end with a user message.",
        )


RULES: tuple[Rule, ...] = (
    first_message,
    unique_calls,
    single_results,
    results_have_calls,
    calls_have_results,
    user_speaks_last,
)
