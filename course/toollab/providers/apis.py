"""The three APIs as one table: how to read, check, answer, stream and refuse on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toollab.calls import JSON
from toollab.providers.conversation import Reply
from toollab.providers.knobs import Knobs
from toollab.providers.log import Api
from toollab.providers.rules.fault import Fault
from toollab.providers.stream import anthropic as anthropic_stream
from toollab.providers.stream import chat as chat_stream
from toollab.providers.stream import responses as responses_stream
from toollab.providers.stream.frames import Frame
from toollab.providers.wire import anthropic as anthropic_wire
from toollab.providers.wire import chat as chat_wire
from toollab.providers.wire import responses as responses_wire
from toollab.providers.wire.common import Envelope

__all__ = ("FORMATS", "Format", "anthropic_error", "openai_error")


@dataclass(frozen=True, slots=True)
class Format:
    """How one API writes answers, streams, broken streams and refusals."""

    whole: Callable[[Reply, Envelope], dict[str, Any]]
    frames: Callable[[Reply, Envelope, Knobs], Iterator[Frame]]
    broken: Callable[[int], Frame]
    error: Callable[[Fault, str], dict[str, Any]]


def anthropic_error(fault: Fault, request_id: str) -> dict[str, Any]:
    """Write a refusal as Anthropic does."""
    error: dict[str, JSON] = {"type": fault.type, "message": fault.message}
    if fault.details:
        error["details"] = dict(fault.details)
    return {"type": "error", "error": error, "request_id": request_id}


def openai_error(fault: Fault, _request_id: str) -> dict[str, Any]:
    """Write a refusal as OpenAI does."""
    return {
        "error": {
            "message": fault.message,
            "type": fault.type,
            "param": fault.param,
            "code": fault.code,
        }
    }


FORMATS: Mapping[Api, Format] = {
    "messages": Format(
        anthropic_wire.message, anthropic_stream.frames, anthropic_stream.failure, anthropic_error
    ),
    "chat": Format(chat_wire.completion, chat_stream.frames, chat_stream.failure, openai_error),
    "responses": Format(
        responses_wire.response,
        responses_stream.frames,
        responses_stream.failure,
        openai_error,
    ),
}
