"""What both OpenAI APIs refuse alike: missing, unknown and misplaced parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from toollab.calls import JSON
from toollab.providers.rules.fault import Fault, article
from toollab.providers.wire.common import as_list, as_object

__all__ = (
    "NAME",
    "missing",
    "needs_tools",
    "tool_choice_value",
    "tool_definition",
    "unknown",
    "wrong_type",
)

NAME = re.compile(r"[a-zA-Z0-9_-]+")


def missing(param: str) -> Fault:
    """Describe a parameter that is required and not there."""
    return Fault(
        "missing-field",
        f"Missing required parameter: '{param}'.",
        param=param,
        code="missing_required_parameter",
    )


def wrong_type(param: str, wanted: str, got: JSON) -> Fault:
    """Describe a parameter of the wrong JSON type."""
    return Fault(
        "wrong-type",
        f"Invalid type for '{param}': expected {wanted}, but got {article(got)} instead.",
        param=param,
        code="invalid_type",
    )


def unknown(body: Mapping[str, JSON], known: frozenset[str]) -> Iterator[Fault]:
    """Refuse a parameter that the API does not know, such as another vendor's."""
    for name in body:
        if name not in known:
            yield Fault(
                "unknown-field",
                f"Unknown parameter: '{name}'.",
                param=name,
                code="unknown_parameter",
            )


def needs_tools(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Refuse an empty `tools`, and without tools what would steer them."""
    if body.get("tools") == []:
        yield Fault(
            "empty-tools",
            "Invalid 'tools': empty array. Expected an array with minimum length 1, but got an "
            "empty array instead.",
            param="tools",
            code="empty_array",
        )
    for name in ("parallel_tool_calls", "tool_choice"):
        if body.get(name) is not None and not body.get("tools"):
            yield Fault(
                f"{name.replace('_', '-')}-without-tools",
                f"Invalid value for '{name}': '{name}' is only allowed when 'tools' are specified.",
                param=name,
            )


def tool_definition(where: str, function: JSON, given: JSON) -> Iterator[Fault]:
    """Require of a tool a legal name, and of its parameters an object schema."""
    name = as_object(function).get("name")
    if not isinstance(function, dict):
        yield missing(where) if function is None else wrong_type(where, "an object", function)
    elif name is None:
        yield missing(f"{where}.name")
    elif not isinstance(name, str):
        yield wrong_type(f"{where}.name", "a string", name)
    elif not NAME.fullmatch(name):
        yield bad_name(f"{where}.name")
    elif as_object(function.get("parameters") or {"type": "object"}).get("type") != "object":
        yield Fault(
            "tool-schema",
            f"Invalid schema for function '{name}': schema must be a JSON Schema of "
            "'type: \"object\"'.",
            param=f"{where}.parameters",
            code="invalid_function_parameters",
        )
    elif as_object(given).get("strict") and not _closed(function.get("parameters")):
        yield Fault(
            "tool-schema-strict",
            f"Invalid schema for function '{name}': In context=(), 'additionalProperties' is "
            "required to be supplied and to be false.",
            param=f"{where}.parameters",
            code="invalid_function_parameters",
        )


def _closed(parameters: JSON) -> bool:
    return as_object(parameters).get("additionalProperties") is False


def bad_name(param: str) -> Fault:
    """Describe a function name with other characters than letters, digits, `_` and `-`."""
    return Fault(
        "function-name",
        f"Invalid '{param}': string does not match pattern. Expected a string that matches the "
        "pattern '^[a-zA-Z0-9_-]+$'.",
        param=param,
        code="invalid_value",
    )


def tool_choice_value(choice: JSON, names: Sequence[JSON]) -> Iterator[Fault]:
    """Require `tool_choice` to be a known word, or to name a tool of this request."""
    if isinstance(choice, str) and choice not in {"none", "auto", "required"}:
        yield Fault(
            "tool-choice",
            f"Invalid value: '{choice}'. Supported values are: 'none', 'auto', and 'required'.",
            param="tool_choice",
            code="invalid_value",
        )
    elif isinstance(choice, dict):
        if choice.get("type") != "function":
            return  # built-in tools, allowed tools: beyond this mock, and none of its business
        name = choice.get("name") or as_object(choice.get("function")).get("name")
        if name not in names:
            yield Fault(
                "tool-choice-unknown",
                f"Tool choice 'function' with name '{name}' not found in 'tools' parameter.",
                param="tool_choice",
            )
    elif choice is not None and not isinstance(choice, str):
        yield wrong_type("tool_choice", "a string or an object", choice)


def booleans(body: Mapping[str, JSON], *names: str) -> Iterator[Fault]:
    """Require these parameters to be true or false, if they are there."""
    for name in names:
        if body.get(name) is not None and not isinstance(body[name], bool):
            yield wrong_type(name, "a boolean", body[name])


def common_types(body: Mapping[str, JSON], *limits: str) -> Iterator[Fault]:
    """Require the model to be a string, tools to be a list, limits to be positive integers."""
    if not isinstance(body["model"], str):
        yield wrong_type("model", "a string", body["model"])
    if body.get("tools") is not None and not isinstance(body["tools"], list):
        yield wrong_type("tools", "an array of objects", body["tools"])
    yield from booleans(body, "stream", "parallel_tool_calls")
    for name in limits:
        value = body.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int):
            yield wrong_type(name, "an integer", value)
        elif value < 1:
            yield Fault(
                "max-tokens",
                f"Invalid '{name}': integer below minimum value. Expected a value >= 1, but got "
                f"{value} instead.",
                param=name,
                code="integer_below_min_value",
            )


def content_parts(where: str, content: JSON) -> Iterator[Fault]:
    """Require the parts of a content to be objects with a type."""
    for number, part in enumerate(as_list(content)):
        if not isinstance(part, dict):
            yield wrong_type(f"{where}[{number}]", "an object", part)
        elif not isinstance(part.get("type"), str):
            yield missing(f"{where}[{number}].type")
