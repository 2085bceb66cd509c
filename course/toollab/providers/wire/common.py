"""What the wire formats share: envelopes, ids, partial JSON, tool schemas, fault-proof reading."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toollab.calls import JSON, ToolSpec
from toollab.providers.conversation import Reply, estimate_tokens

__all__ = (
    "Envelope",
    "as_list",
    "as_object",
    "context_of",
    "digest",
    "envelope",
    "joined",
    "partial_object",
    "spec",
    "text_of",
    "texts",
)

EPOCH = 1_793_577_600
"""Unix time of 2 November 2026, when the mock's world stands still: answers stay the same bytes."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What surrounds a reply: identity, time (Unix seconds), token counts, and the request."""

    key: str
    model: str
    created: int
    input_tokens: int
    output_tokens: int
    request: Mapping[str, JSON]


def envelope(request: Mapping[str, JSON], reply: Reply, *, context: JSON = None) -> Envelope:
    """Make the envelope of a reply: the same for the same request, in every run.

    `context` is what the model saw beside the request, such as a stored conversation.
    """
    said = {
        name: value for name, value in request.items() if name not in {"stream", "stream_options"}
    }
    return Envelope(
        key=digest(text_of([said, context])),
        model=str(request.get("model", "")),
        created=EPOCH,
        input_tokens=estimate_tokens(text_of(context_of(request)))
        + (estimate_tokens(text_of(context)) if context else 0),
        output_tokens=reply.tokens,
        request=request,
    )


def text_of(value: JSON) -> str:
    """Write JSON in the one form that is hashed and counted."""
    return json.dumps(value, sort_keys=True)


def context_of(request: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return the parts of a request that become the model's input."""
    names = ("system", "instructions", "messages", "input", "tools")
    return {name: request[name] for name in names if request.get(name)}


def digest(text: str, length: int = 22) -> str:
    """Return `length` hexadecimal characters that stand for `text`."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def as_object(value: JSON) -> dict[str, Any]:
    """Return `value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: JSON) -> list[Any]:
    """Return `value` if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def texts(content: JSON) -> Iterator[str]:
    """Yield the texts of a content that is a string or a list of blocks."""
    if isinstance(content, str):
        yield content
    for block in as_list(content):
        text = as_object(block).get("text")
        if isinstance(text, str):
            yield text


def partial_object(text: str) -> dict[str, JSON]:
    """Read the arguments of a call that may be cut off: what is complete, and no more.

    This is how a truncated call comes to look like a plausible one.
    """
    try:
        return as_object(json.loads(text))
    except ValueError:
        from jiter import from_json  # noqa: PLC0415  both SDKs bring it; needed only here

        try:
            return as_object(from_json(text.encode("utf-8", "replace"), partial_mode=True))
        except ValueError:
            return {}


def spec(name: JSON, description: JSON, parameters: JSON) -> ToolSpec:
    """Read a tool definition."""
    return ToolSpec(str(name), str(description or ""), as_object(parameters))


def joined(parts: Sequence[str]) -> str:
    """Join texts, one a line, without the empty ones."""
    return "\n".join(part for part in parts if part)
