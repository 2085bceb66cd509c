"""JSON Schemas of tools whose arguments are all texts or whole numbers."""

from __future__ import annotations

from typing import Any

__all__ = ("arguments",)


def arguments(**properties: str | tuple[str, str]) -> dict[str, Any]:
    """Return a JSON Schema of required arguments.

    Each value is a description, or `(JSON type, description)`; the type is `string` otherwise.
    """
    described = {
        name: given if isinstance(given, tuple) else ("string", given)
        for name, given in properties.items()
    }
    return {
        "type": "object",
        "properties": {
            name: {"type": kind, "description": text} for name, (kind, text) in described.items()
        },
        "required": list(described),
        "additionalProperties": False,
    }
