"""The three plain values every notebook speaks: a tool call, a tool result, a tool's description.

They belong to no vendor.  Adapters in `toollab.providers` translate them to and from the
Anthropic and OpenAI wire formats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ("JSON", "ToolCall", "ToolResult", "ToolSpec")

JSON = Any
"""Whatever `json.loads` can return.  Python cannot spell this type without recursion."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One request of the model: run the tool `name` with these `arguments`.

    `id` is unique within a batch.  It is the only link between a call and its result.
    """

    id: str
    name: str
    arguments: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The answer to the tool call with the same `id`.

    A failed call has a result too: `is_error` is true and `content` tells the model what
    went wrong.
    """

    id: str
    content: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """What the model is told about a tool.

    `parameters` is a JSON Schema of type `object`.  `reads` and `writes` name the resources
    that a call touches, with argument names in braces (`"inbox/{to}"`); `None` means nobody
    declared it, so anything could be touched.
    """

    name: str
    description: str
    parameters: Mapping[str, JSON] = field(
        default_factory=lambda: {"type": "object", "properties": {}}
    )
    reads: tuple[str, ...] | None = None
    writes: tuple[str, ...] | None = None
