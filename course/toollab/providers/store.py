"""Stored conversations of the Responses API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from toollab.providers.wire.common import as_object

__all__ = ("ResponseStore",)

Item = dict[str, Any]


@dataclass(slots=True)
class ResponseStore:
    """Responses by id, the items that led to them, and which item came out of which reasoning."""

    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    histories: dict[str, list[Item]] = field(default_factory=dict)
    thought_of: dict[str, str] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)

    def before(self, response_id: str | None) -> list[Item] | None:
        """Return the items up to and including a response; `None` if it is not stored."""
        return self.histories.get(response_id) if response_id else []

    def resolve(self, items: Sequence[Any]) -> list[Any]:
        """Replace references to stored items by the items."""
        return [
            self.items.get(str(item.get("id")), item)
            if as_object(item).get("type") == "item_reference"
            else item
            for item in items
        ]

    def save(self, body: dict[str, Any], led_to: Sequence[Item], *, keep: bool = True) -> None:
        """Note which items came out of reasoning; keep the response and what led to it, or not."""
        output: list[Item] = body["output"]
        thoughts = [item["id"] for item in output if item["type"] == "reasoning"]
        for item in output:
            if thoughts and item["type"] != "reasoning":
                self.thought_of[item["id"]] = thoughts[0]
        if keep:
            self.bodies[body["id"]] = body
            self.remember(body["id"], [*led_to, *output])

    def remember(self, response_id: str, history: Sequence[Mapping[str, Any]]) -> None:
        """Keep a conversation under a response's id, wherever that response came from."""
        self.histories[response_id] = [dict(item) for item in history]
        self.items.update({str(i["id"]): dict(i) for i in history if i.get("id")})
