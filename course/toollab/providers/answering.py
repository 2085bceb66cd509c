"""From a parsed request to an outcome: check it, let the model reply, write the reply down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from toollab.calls import JSON
from toollab.providers.apis import FORMATS
from toollab.providers.conversation import (
    CHARS_PER_TOKEN,
    Conversation,
    Reply,
    cut,
    estimate_tokens,
)
from toollab.providers.knobs import Knobs
from toollab.providers.log import Api
from toollab.providers.rules import anthropic as anthropic_rules
from toollab.providers.rules import chat as chat_rules
from toollab.providers.rules import responses as responses_rules
from toollab.providers.rules.fault import Fault, check
from toollab.providers.script import Model
from toollab.providers.store import ResponseStore
from toollab.providers.stream.frames import Frame
from toollab.providers.wire import anthropic as anthropic_wire
from toollab.providers.wire import chat as chat_wire
from toollab.providers.wire import responses as responses_wire
from toollab.providers.wire.common import context_of, envelope, text_of

__all__ = ("Outcome", "Question", "answer_model", "count_tokens")


@dataclass(frozen=True, slots=True)
class Question:
    """A request for a reply, and all that decides which one."""

    api: Api
    body: Mapping[str, Any]
    knobs: Knobs
    model: Model
    store: ResponseStore


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request: data, frames, or faults (the first is the one that is told)."""

    status: int
    data: JSON = None
    frames: Iterator[Frame] | None = None
    faults: tuple[Fault, ...] = ()
    conversation: Conversation | None = None
    reply: Reply | None = None

    @classmethod
    def refused(cls, *faults: Fault) -> Outcome:
        """Refuse a request for these reasons."""
        return cls(faults[0].status, faults=faults)


def count_tokens(body: Mapping[str, Any]) -> Outcome:
    """Answer a request to count input tokens."""
    faults = check(body, anthropic_rules.TOKEN_STAGES)
    if faults:
        return Outcome.refused(*faults)
    return Outcome(200, {"input_tokens": estimate_tokens(text_of(context_of(body)))})


def answer_model(question: Question, *, break_after: int | None = None) -> Outcome:
    """Answer a request for a reply; break its stream after `break_after` frames, if not `None`."""
    before: list[dict[str, Any]] = []
    body, faults = question.body, list[Fault]()
    if question.api == "responses":
        body, before, faults = _continued(question)
    faults = faults or check(body, _stages(question, before))
    if faults and question.knobs.enforce:
        return Outcome.refused(*faults)
    conversation = _read(question.api, body, before)
    reply = question.model(conversation, question.knobs)
    if conversation.max_tokens is not None:
        reply = cut(reply, max(1, conversation.max_tokens) * CHARS_PER_TOKEN)
    around = envelope(question.body, reply, context=before)
    form = FORMATS[question.api]
    whole = form.whole(reply, around)
    if question.api == "responses":
        history = [*before, *responses_wire.input_items(body)]
        question.store.save(whole, history, keep=body.get("store") is not False)
    if not body.get("stream"):
        return Outcome(200, whole, None, tuple(faults), conversation, reply)
    frames = form.frames(reply, around, question.knobs)
    if break_after is not None:
        frames = _broken(frames, break_after, form.broken(break_after))
    return Outcome(200, None, frames, tuple(faults), conversation, reply)


def _broken(frames: Iterator[Frame], after: int, last: Frame) -> Iterator[Frame]:
    yield from islice(frames, after)
    yield last


def _continued(
    question: Question,
) -> tuple[Mapping[str, Any], list[dict[str, Any]], list[Fault]]:
    """Find the stored conversation that a Responses request continues."""
    body = question.body
    previous = body.get("previous_response_id")
    if isinstance(body.get("input"), list):
        body = {**body, "input": question.store.resolve(body["input"])}
    before = question.store.before(previous if isinstance(previous, str) else None)
    if before is not None:
        return body, before, []
    fault = Fault(
        "unknown-previous",
        f"Previous response with id '{previous}' not found.",
        param="previous_response_id",
        code="previous_response_not_found",
    )
    return body, [], [fault]


def _stages(question: Question, before: list[dict[str, Any]]) -> Any:
    if question.api == "messages":
        return anthropic_rules.STAGES
    if question.api == "chat":
        return chat_rules.STAGES
    return responses_rules.stages(before, question.store.thought_of)


def _read(api: Api, body: Mapping[str, Any], before: list[dict[str, Any]]) -> Conversation:
    if api == "messages":
        return anthropic_wire.read(body)
    return chat_wire.read(body) if api == "chat" else responses_wire.read(body, before)
