"""What came back as messages, as plain data."""

from __future__ import annotations

import json
from typing import Any

from toollab.checks._answers import returned
from toollab.checks._exercise import Wrong
from toollab.checks.dispatcher._broken import Message, blocks_of
from toollab.clock import Run

__all__ = ("asks", "plain", "short", "words")

_EXPECTED = "a list of messages, each a dict with role and content"


def plain(run: Run) -> list[Message]:
    """Ask for messages as they go over the wire, and return them as plain data."""
    value = returned(run, _EXPECTED)
    try:
        messages = json.loads(json.dumps(value))
    except (TypeError, ValueError, RecursionError):
        messages = None
    if type(messages) is list and all(map(_is_message, messages)):
        return messages
    hint = "The whole conversation goes with each request: return all of its messages in one list."
    raise Wrong(saw=_shown(value, messages), expected=_EXPECTED, hint=hint, mistake="not-messages")


def _shown(value: Any, messages: Any) -> str:
    """Say what is no message in what came back."""
    if type(messages) is list:
        odd = next(item for item in messages if not _is_message(item))
        return f"an item that is no message: {_cut(json.dumps(odd, ensure_ascii=False))}"
    return f"a value of type {type(value).__name__}"


def _is_message(item: Any) -> bool:
    if type(item) is not dict or item.get("role") not in ("user", "assistant"):
        return False
    content = item.get("content")
    if type(content) is not list:
        return type(content) is str
    return all(type(block) is dict and type(block.get("type")) is str for block in content)


def short(messages: list[Message]) -> str:
    """Return the first of these messages as one line."""
    return _cut(json.dumps(messages[0], ensure_ascii=False)) if messages else "no message"


def _cut(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:198]} …"


def asks(message: Message) -> list[Any]:
    """Return the ids of the calls that a message asks for."""
    return [b.get("id") for b in blocks_of(message) if b["type"] == "tool_use"]


def words(messages: list[Message]) -> list[tuple[str, str, str]]:
    """Return who says what, in order: all texts, and all calls."""
    return [
        (message["role"], str(block["type"]), str(block.get("text", block.get("id"))))
        for message in messages
        for block in blocks_of(message)
        if block["type"] != "tool_result"
    ]
