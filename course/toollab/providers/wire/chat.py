"""The OpenAI Chat Completions format."""

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

__all__ = ("FINISH_REASONS", "completion", "read", "tool_call", "tools", "usage")

FINISH_REASONS = {"done": "stop", "calls": "tool_calls", "length": "length"}


def tools(specs: Iterable[ToolSpec]) -> list[dict[str, Any]]:
    """Write tool definitions for a request: the function is nested."""
    return [
        {
            "type": "function",
            "function": {
                "name": s.name,
                "description": s.description,
                "parameters": dict(s.parameters),
            },
        }
        for s in specs
    ]


def read(body: Mapping[str, JSON]) -> Conversation:
    """Read a request body; what has no meaning for the model is passed over."""
    messages = [as_object(message) for message in as_list(body.get("messages"))]

    def said(*roles: str) -> str:
        chosen = (m.get("content") for m in messages if m.get("role") in roles)
        return joined([text for content in chosen for text in texts(content)])

    functions = (as_object(as_object(t).get("function")) for t in as_list(body.get("tools")))
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    return Conversation(
        words=said("user"),
        system=said("system", "developer"),
        tools=tuple(
            spec(f.get("name"), f.get("description"), f.get("parameters")) for f in functions
        ),
        batches=tuple(_batches(messages)),
        turns=sum(message.get("role") == "assistant" for message in messages),
        parallel=body.get("parallel_tool_calls") is not False,
        choice=read_choice(body.get("tool_choice")),
        max_tokens=limit if isinstance(limit, int) else None,
    )


def read_choice(choice: JSON) -> Choice:
    """Read `tool_choice`, in either OpenAI API's form."""
    if choice in ("none", "auto", None):
        return Choice("none" if choice == "none" else "auto")
    if choice == "required":
        return Choice("any")
    named = as_object(choice)
    name = named.get("name") or as_object(named.get("function")).get("name")
    return Choice("tool", str(name)) if name else Choice()


def _batches(messages: list[dict[str, Any]]) -> Iterable[Batch]:
    for number, message in enumerate(messages):
        calls = []
        for call in map(as_object, as_list(message.get("tool_calls"))):
            function = as_object(call.get("function"))
            arguments = partial_object(str(function.get("arguments", "")))
            calls.append(ToolCall(str(call.get("id")), str(function.get("name")), arguments))
        if not calls:
            continue
        results = {}
        for following in messages[number + 1 :]:
            if following.get("role") != "tool":
                break
            answered = str(following.get("tool_call_id"))
            results[answered] = ToolResult(answered, "".join(texts(following.get("content"))))
        yield Batch(tuple(calls), results)


def tool_call(piece: Piece) -> dict[str, Any]:
    """Write one call; its arguments are a JSON *string*."""
    return {
        "id": piece.id,
        "type": "function",
        "function": {"name": piece.name, "arguments": piece.text},
    }


def completion(reply: Reply, around: Envelope) -> dict[str, Any]:
    """Write a whole response body."""
    calls = [tool_call(piece) for piece in reply.pieces if piece.kind == "call"]
    message: dict[str, Any] = {
        "role": "assistant",
        "content": reply.text or None,
        "refusal": None,
        "annotations": [],
    }
    if calls:
        message["tool_calls"] = calls
    choice = {
        "index": 0,
        "message": message,
        "logprobs": None,
        "finish_reason": FINISH_REASONS[reply.stop],
    }
    return {
        "id": f"chatcmpl-{around.key}",
        "object": "chat.completion",
        "created": around.created,
        "model": around.model,
        "choices": [choice],
        "usage": usage(around),
        "service_tier": "default",
    }


def usage(around: Envelope) -> dict[str, Any]:
    """Write token counts."""
    return {
        "prompt_tokens": around.input_tokens,
        "completion_tokens": around.output_tokens,
        "total_tokens": around.input_tokens + around.output_tokens,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }
