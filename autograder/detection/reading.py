"""One line of a file as a record: calls, and what is known about their tools."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toollab.calls import ToolCall, ToolSpec

__all__ = ("MalformedError", "Record", "record")


class MalformedError(ValueError):
    """A line is no record.  The text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Record:
    """A batch in emission order.  A call's tool need not be among `tools`."""

    id: str
    calls: tuple[ToolCall, ...]
    tools: Mapping[str, ToolSpec]

    @property
    def declares(self) -> bool:
        """Whether a tool in here says anything about what it touches."""
        return any(
            tool.reads is not None or tool.writes is not None for tool in self.tools.values()
        )


def record(line: bytes) -> Record:
    """Read one line; raises `MalformedError`."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"it is not JSON ({error})") from error
    if not isinstance(data, dict):
        raise MalformedError("it is not a JSON object")
    name = _field(data, "id", str, "the record")
    calls = tuple(map(_call, _field(data, "calls", list, "the record")))
    ids = [call.id for call in calls]
    if double := sorted({one for one in ids if ids.count(one) > 1}):
        raise MalformedError(f"the record {name} has several calls with the id {', '.join(double)}")
    tools = [_tool(tool) for tool in _field(data, "tools", list, "the record")]
    return Record(name, calls, {tool.name: tool for tool in tools})


def _call(data: Any) -> ToolCall:
    return ToolCall(
        _field(data, "id", str, "a call"),
        _field(data, "name", str, "a call"),
        _field(data, "arguments", dict, "a call"),
    )


def _tool(data: Any) -> ToolSpec:
    name = _field(data, "name", str, "a tool")
    parameters = data.get("parameters")
    return ToolSpec(
        name,
        "",
        parameters if isinstance(parameters, dict) else {},
        reads=_resources(data, "reads"),
        writes=_resources(data, "writes"),
    )


def _resources(data: Mapping[str, Any], key: str) -> tuple[str, ...] | None:
    """Return the names of resources; `None`, which nobody declared, if they are absent."""
    if data.get(key) is None:
        return None
    names = _field(data, key, list, "a tool")
    if not all(isinstance(name, str) for name in names):
        raise MalformedError(f"the {key} of a tool hold something that is no text")
    return tuple(names)


def _field(data: Any, key: str, kind: type, owner: str) -> Any:
    if not isinstance(data, dict):
        raise MalformedError(f"{owner} is not a JSON object")
    if not isinstance(data.get(key), kind):
        raise MalformedError(f"{owner} has no {key} of type {kind.__name__}")
    return data[key]
