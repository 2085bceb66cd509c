"""What a tool's JSON Schema says, read so that no odd schema can do harm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toollab.calls import JSON, ToolSpec

__all__ = ("fit", "made_up", "properties", "required")


def properties(spec: ToolSpec) -> dict[str, dict[str, Any]]:
    """Return the schema of each argument."""
    given = spec.parameters.get("properties")
    pairs = given.items() if isinstance(given, Mapping) else ()
    return {name: schema if isinstance(schema, dict) else {} for name, schema in pairs}


def required(spec: ToolSpec) -> list[str]:
    """Return the names of the arguments that must be there."""
    given = spec.parameters.get("required")
    return [name for name in given if isinstance(name, str)] if isinstance(given, list) else []


def fit(arguments: Mapping[str, JSON], spec: ToolSpec) -> dict[str, JSON]:
    """Rename and retype arguments as the tool's schema wants them.

    An only argument takes the name that the tool has for its only one.
    """
    schemas = properties(spec)
    names = {name: name for name in arguments}
    if len(arguments) == len(schemas) == 1:
        names = dict(zip(arguments, schemas, strict=True))
    texts = {name for name, schema in schemas.items() if schema.get("type") == "string"}
    return {
        names[name]: str(value) if names[name] in texts else value
        for name, value in arguments.items()
    }


def made_up(spec: ToolSpec) -> dict[str, JSON]:
    """Invent the required arguments: the first of an `enum`, or the plainest value of a type."""
    plain = {"integer": 0, "number": 0, "boolean": False, "array": [], "object": {}}
    invented: dict[str, JSON] = {}
    for name in required(spec):
        schema = properties(spec).get(name, {})
        choices = schema.get("enum")
        if isinstance(choices, list) and choices:
            invented[name] = choices[0]
        else:
            invented[name] = plain.get(str(schema.get("type")), "unknown")
    return invented
