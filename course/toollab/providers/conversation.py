"""What the scripted model reads and writes, in no vendor's format.

A wire module turns a request body into a `Conversation` and a `Reply` into a response body.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from toollab.calls import JSON, ToolCall, ToolResult, ToolSpec

__all__ = ("Batch", "Choice", "Conversation", "Piece", "Reply", "cut", "estimate_tokens")

CHARS_PER_TOKEN = 4
"""The mock has no tokenizer: it counts four characters as one token, in and out."""


def estimate_tokens(text: str) -> int:
    """Return how many tokens the mock counts for `text`; never 0."""
    return max(1, -(-len(text) // CHARS_PER_TOKEN))


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether a tool may (`auto`), must (`any`, `tool`) or must not (`none`) be called."""

    mode: Literal["auto", "any", "none", "tool"] = "auto"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """The calls of one model response and the results that came back for them.

    `messages` counts the messages that carried the results.  Where an API wants one message
    for each result, it stays 1.
    """

    calls: tuple[ToolCall, ...]
    results: Mapping[str, ToolResult] = field(default_factory=dict)
    messages: int = 1


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything a request tells the model.

    `words` are the user's texts, one a line; `turns` counts the model's responses so far.
    `parallel` is false when the request allows at most one call in this turn.  `id_prefix` is
    how this vendor's call ids begin.
    """

    words: str
    system: str = ""
    tools: tuple[ToolSpec, ...] = ()
    batches: tuple[Batch, ...] = ()
    turns: int = 0
    parallel: bool = True
    choice: Choice = field(default_factory=Choice)
    thinking: bool = False
    max_tokens: int | None = None
    id_prefix: str = "call_"

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """Return every call made so far, oldest first."""
        return tuple(call for batch in self.batches for call in batch.calls)

    @property
    def results(self) -> tuple[ToolResult, ...]:
        """Return every result received so far, in the order of the calls."""
        return tuple(
            batch.results[call.id]
            for batch in self.batches
            for call in batch.calls
            if call.id in batch.results
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a response: thoughts, prose, or a call.

    `text` is the prose, or the call's arguments as JSON text.  In a reply that was cut off the
    JSON text may be incomplete, just as on the wire.
    """

    kind: Literal["thinking", "text", "call"]
    text: str
    id: str = ""
    name: str = ""

    @property
    def size(self) -> int:
        """Count the characters the model had to write."""
        return len(self.text) + len(self.name)


@dataclass(frozen=True, slots=True)
class Reply:
    """One response of the model, and why it stopped."""

    pieces: tuple[Piece, ...]
    stop: Literal["done", "calls", "length"] = "done"

    @classmethod
    def of(cls, text: str = "", *calls: ToolCall, thinking: str = "") -> Reply:
        """Build a complete reply: thoughts, then prose, then calls, each only if given."""
        pieces = [Piece("thinking", thinking)] if thinking else []
        if text:
            pieces.append(Piece("text", text))
        pieces += [
            Piece("call", json.dumps(dict(call.arguments)), call.id, call.name) for call in calls
        ]
        return cls(tuple(pieces), "calls" if calls else "done")

    @property
    def text(self) -> str:
        """Return the prose, without the thoughts."""
        return "".join(piece.text for piece in self.pieces if piece.kind == "text")

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """Return the calls whose arguments are complete."""
        return tuple(
            ToolCall(piece.id, piece.name, arguments)
            for piece in self.pieces
            if piece.kind == "call" and (arguments := _complete(piece.text)) is not None
        )

    @property
    def tokens(self) -> int:
        """Return how many output tokens the mock counts."""
        return max(1, sum(-(-piece.size // CHARS_PER_TOKEN) for piece in self.pieces))


def _complete(text: str) -> Mapping[str, JSON] | None:
    try:
        arguments = json.loads(text)
    except ValueError:
        return None
    return arguments if isinstance(arguments, dict) else None


def cut(reply: Reply, size: int) -> Reply:
    """Stop a reply after `size` characters, in the middle of a call if need be."""
    if sum(piece.size for piece in reply.pieces) <= size:
        return reply
    kept: list[Piece] = []
    for piece in reply.pieces:
        room = size - sum(before.size for before in kept) - len(piece.name)
        if room <= 0:
            break
        kept.append(replace(piece, text=piece.text[:room]))
    return Reply(tuple(kept), "length")
