"""How models go wrong in a batch, on purpose, and what a good client makes of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from toollab.calls import ToolCall, ToolResult
from toollab.providers.conversation import Batch, Conversation, Piece, Reply, cut
from toollab.providers.knobs import Knobs

__all__ = ("WRAPPER", "misbehave", "unwrap")

WRAPPER = "multi_tool_use.parallel"
"""A tool that no request ever offers; models have been seen to call it all the same."""


def misbehave(reply: Reply, conversation: Conversation, knobs: Knobs) -> Reply:
    """Spoil the first reply of a conversation in every way the knobs ask for."""
    calls = [piece for piece in reply.pieces if piece.kind == "call"]
    others = [piece for piece in reply.pieces if piece.kind != "call"]
    if knobs.unknown_tool and calls:
        offered = {tool.name for tool in conversation.tools}
        calls[0] = replace(calls[0], name=_never_offered(calls[0].name, offered))
    if knobs.multi_tool_use and calls:
        calls = [_wrap(calls)]
    if knobs.duplicate_ids:
        calls = [replace(piece, id=calls[0].id) for piece in calls]
    reply = replace(reply, pieces=(*others, *calls))
    if knobs.truncate and reply.pieces:
        last = reply.pieces[-1]
        return cut(reply, sum(piece.size for piece in reply.pieces) - (len(last.text) + 1) // 2)
    return reply


def _never_offered(name: str, offered: set[str]) -> str:
    verbs = (f"{verb}_{name.partition('_')[2] or name}" for verb in ("fetch", "query", "ask_for"))
    return next((wrong for wrong in verbs if wrong not in offered), f"{name}_2")


def _wrap(calls: list[Piece]) -> Piece:
    uses = [
        {"recipient_name": f"functions.{piece.name}", "parameters": json.loads(piece.text)}
        for piece in calls
    ]
    return Piece("call", json.dumps({"tool_uses": uses}), calls[0].id, WRAPPER)


def unwrap(conversation: Conversation) -> Conversation:
    """Read an answered wrapper call as the calls inside it, if its result is a list of theirs.

    An error, or anything else, answers none of them: the model will ask again, properly.
    """
    return replace(conversation, batches=tuple(_unwrap(batch) for batch in conversation.batches))


def _unwrap(batch: Batch) -> Batch:
    calls: list[ToolCall] = []
    results: dict[str, ToolResult] = dict(batch.results)
    for call in batch.calls:
        inside = _inside(call, results.get(call.id)) if call.name == WRAPPER else []
        calls += [inner for inner, _ in inside] or [call]
        results.update({inner.id: result for inner, result in inside})
    return replace(batch, calls=tuple(calls), results=results)


def _inside(call: ToolCall, result: ToolResult | None) -> list[tuple[ToolCall, ToolResult]]:
    uses = call.arguments.get("tool_uses")
    try:
        contents = json.loads(result.content) if result and not result.is_error else None
    except ValueError:
        return []
    if not isinstance(uses, list) or not isinstance(contents, list) or len(uses) != len(contents):
        return []
    pairs = []
    for number, (use, content) in enumerate(zip(uses, contents, strict=True), 1):
        if not isinstance(use, Mapping) or not isinstance(use.get("parameters"), Mapping):
            return []
        name = str(use.get("recipient_name", "")).removeprefix("functions.")
        text = content if isinstance(content, str) else json.dumps(content)
        inner = f"{call.id}.{number}"
        pairs.append((ToolCall(inner, name, use["parameters"]), ToolResult(inner, text)))
    return pairs
