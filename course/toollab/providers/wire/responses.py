"""The OpenAI Responses format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from toollab.calls import JSON, ToolCall, ToolResult, ToolSpec
from toollab.providers.conversation import Batch, Conversation, Piece, Reply
from toollab.providers.wire.chat import read_choice
from toollab.providers.wire.common import (
    Envelope,
    as_list,
    as_object,
    digest,
    joined,
    partial_object,
    spec,
    texts,
)

__all__ = ("input_items", "output_items", "read", "response", "tools", "usage")

Status = Literal["in_progress", "completed", "incomplete"]


def tools(specs: Iterable[ToolSpec]) -> list[dict[str, Any]]:
    """Write tool definitions for a request: flat, and `strict` is required."""
    return [
        {
            "type": "function",
            "name": s.name,
            "description": s.description,
            "parameters": dict(s.parameters),
            "strict": False,
        }
        for s in specs
    ]


def input_items(body: Mapping[str, JSON]) -> list[dict[str, Any]]:
    """Return a request's input as items; a plain string is a user's message."""
    given = body.get("input")
    if isinstance(given, str):
        return [{"type": "message", "role": "user", "content": given}]
    return [as_object(item) for item in as_list(given)]


def read(body: Mapping[str, JSON], before: Sequence[dict[str, Any]] = ()) -> Conversation:
    """Read a request body, after the stored items of the conversation so far."""
    items = [*before, *input_items(body)]

    def said(*roles: str) -> str:
        chosen = (item.get("content") for item in items if item.get("role") in roles)
        return joined([text for content in chosen for text in texts(content)])

    limit = body.get("max_output_tokens")
    return Conversation(
        words=said("user"),
        system=joined([str(body.get("instructions") or ""), said("system", "developer")]),
        tools=tuple(
            spec(tool.get("name"), tool.get("description"), tool.get("parameters"))
            for tool in map(as_object, as_list(body.get("tools")))
            if tool.get("type") == "function"
        ),
        batches=tuple(_batches(items)),
        turns=_turns(items),
        parallel=body.get("parallel_tool_calls") is not False,
        choice=read_choice(body.get("tool_choice")),
        thinking=bool(body.get("reasoning")),
        max_tokens=limit if isinstance(limit, int) else None,
    )


def _made_by_model(item: Mapping[str, JSON]) -> bool:
    return item.get("role") == "assistant" or item.get("type") in (
        "function_call",
        "reasoning",
    )


def _turns(items: Sequence[Mapping[str, JSON]]) -> int:
    """Count the runs of neighbouring items that the model made."""
    made = [_made_by_model(item) for item in items]
    return sum(now and not before for before, now in zip([False, *made], made, strict=False))


def _batches(items: Sequence[Mapping[str, JSON]]) -> Iterable[Batch]:
    results = {
        str(item.get("call_id")): ToolResult(
            str(item.get("call_id")),
            "".join(texts(item.get("output"))),
        )
        for item in items
        if item.get("type") == "function_call_output"
    }
    calls: list[ToolCall] = []
    for item in [*items, {}]:
        if item.get("type") == "function_call":
            arguments = partial_object(str(item.get("arguments", "")))
            calls.append(ToolCall(str(item.get("call_id")), str(item.get("name")), arguments))
        elif calls and not _made_by_model(item):
            yield Batch(tuple(calls), {c.id: results[c.id] for c in calls if c.id in results})
            calls = []


def output_items(reply: Reply, around: Envelope) -> list[dict[str, Any]]:
    """Write the items of a reply.  A call's `id` is the item's, its `call_id` the call's."""
    return [output_item(piece, number, around, reply) for number, piece in enumerate(reply.pieces)]


def output_item(piece: Piece, number: int, around: Envelope, reply: Reply) -> dict[str, Any]:
    """Write item `number` of a reply."""
    key = digest(f"{around.key}/{number}", 48)
    cut_off = reply.stop == "length" and number == len(reply.pieces) - 1
    status: Status = "incomplete" if cut_off else "completed"
    if piece.kind == "thinking":
        return {
            "id": f"rs_{key}",
            "type": "reasoning",
            "summary": [{"type": "summary_text", "text": piece.text}],
            "encrypted_content": None,
        }
    if piece.kind == "text":
        text = {"type": "output_text", "text": piece.text, "annotations": [], "logprobs": []}
        return {
            "id": f"msg_{key}",
            "type": "message",
            "role": "assistant",
            "status": status,
            "content": [text],
        }
    return {
        "id": f"fc_{key}",
        "type": "function_call",
        "call_id": piece.id,
        "name": piece.name,
        "arguments": piece.text,
        "status": status,
    }


def response(
    reply: Reply,
    around: Envelope,
    *,
    status: Status | None = None,
    output: Sequence[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Write a whole response body, or, for a stream, an early state of it."""
    body = around.request
    final: Status = "incomplete" if reply.stop == "length" else "completed"
    status = status or final
    finished = status != "in_progress"
    return {
        "id": f"resp_{digest(around.key, 48)}",
        "object": "response",
        "created_at": around.created,
        "status": status,
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if status == "incomplete" else None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "model": around.model,
        "output": output_items(reply, around) if output is None else list(output),
        "parallel_tool_calls": body.get("parallel_tool_calls") is not False,
        "previous_response_id": body.get("previous_response_id"),
        "reasoning": body.get("reasoning") or {"effort": None, "summary": None},
        "temperature": None,
        "text": {"format": {"type": "text"}},
        "tool_choice": body.get("tool_choice") or "auto",
        "tools": body.get("tools") or [],
        "top_p": None,
        "truncation": "disabled",
        "usage": usage(around) if finished else None,
        "metadata": body.get("metadata") or {},
    }


def usage(around: Envelope) -> dict[str, Any]:
    """Write token counts."""
    return {
        "input_tokens": around.input_tokens,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": around.output_tokens,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": around.input_tokens + around.output_tokens,
    }
