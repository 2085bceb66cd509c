"""The Anthropic Messages format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from toollab.calls import JSON, ToolCall, ToolResult, ToolSpec
from toollab.providers.conversation import Batch, Choice, Conversation, Piece, Reply
from toollab.providers.wire.common import (
    Envelope,
    as_list,
    as_object,
    joined,
    partial_object,
    spec,
    texts,
)

__all__ = ("STOP_REASONS", "block", "message", "read", "tools")

STOP_REASONS = {"done": "end_turn", "calls": "tool_use", "length": "max_tokens"}


def tools(specs: Iterable[ToolSpec]) -> list[dict[str, Any]]:
    """Write tool definitions for a request."""
    return [
        {"name": s.name, "description": s.description, "input_schema": dict(s.parameters)}
        for s in specs
    ]


def read(body: Mapping[str, JSON]) -> Conversation:
    """Read a request body; what has no meaning for the model is passed over."""
    messages = [as_object(message) for message in as_list(body.get("messages"))]
    choice = as_object(body.get("tool_choice"))
    said = [t for m in messages if m.get("role") == "user" for t in texts(m.get("content"))]
    system = [t for m in messages if m.get("role") == "system" for t in texts(m.get("content"))]
    limit = body.get("max_tokens")
    return Conversation(
        words=joined(said),
        system=joined([*texts(body.get("system")), *system]),
        tools=tuple(
            spec(tool.get("name"), tool.get("description"), tool.get("input_schema"))
            for tool in map(as_object, as_list(body.get("tools")))
        ),
        batches=tuple(_batches(messages)),
        turns=sum(message.get("role") == "assistant" for message in messages),
        parallel=not choice.get("disable_parallel_tool_use"),
        choice=_choice(choice),
        thinking=as_object(body.get("thinking")).get("type", "disabled") != "disabled",
        max_tokens=limit if isinstance(limit, int) else None,
        id_prefix="toolu_01",
    )


def _choice(choice: Mapping[str, JSON]) -> Choice:
    mode = choice.get("type", "auto")
    return (
        Choice(mode, str(choice.get("name", ""))) if mode in ("any", "none", "tool") else Choice()
    )


def _batches(messages: list[dict[str, Any]]) -> Iterable[Batch]:
    for number, message in enumerate(messages):
        calls = [
            ToolCall(str(b.get("id")), str(b.get("name")), as_object(b.get("input")))
            for b in _blocks(message, "tool_use")
        ]
        if message.get("role") != "assistant" or not calls:
            continue
        answers = []
        for following in messages[number + 1 :]:
            if following.get("role") != "user":
                break
            if results := _blocks(following, "tool_result"):
                answers.append(results)
        found = {
            str(b.get("tool_use_id")): ToolResult(
                str(b.get("tool_use_id")),
                "".join(texts(b.get("content"))),
                bool(b.get("is_error")),
            )
            for results in answers
            for b in results
        }
        yield Batch(tuple(calls), found, max(1, len(answers)))


def _blocks(message: Mapping[str, JSON], kind: str) -> list[dict[str, Any]]:
    blocks = map(as_object, as_list(message.get("content")))
    return [block for block in blocks if block.get("type") == kind]


def block(piece: Piece) -> dict[str, Any]:
    """Write one content block."""
    if piece.kind == "thinking":
        return {"type": "thinking", "thinking": piece.text, "signature": "bW9jaw=="}
    if piece.kind == "text":
        return {"type": "text", "text": piece.text, "citations": None}
    return {
        "type": "tool_use",
        "id": piece.id,
        "name": piece.name,
        "input": partial_object(piece.text),
        "caller": {"type": "direct"},
    }


def message(reply: Reply, around: Envelope) -> dict[str, Any]:
    """Write a whole response body."""
    return {
        "id": f"msg_01{around.key}",
        "type": "message",
        "role": "assistant",
        "model": around.model,
        "content": [block(piece) for piece in reply.pieces],
        "stop_reason": STOP_REASONS[reply.stop],
        "stop_sequence": None,
        "stop_details": None,
        "container": None,
        "usage": usage(around, around.output_tokens),
    }


def usage(around: Envelope, output_tokens: int) -> dict[str, Any]:
    """Write token counts."""
    return {
        "input_tokens": around.input_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "output_tokens": output_tokens,
        "service_tier": "standard",
    }
