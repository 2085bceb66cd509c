"""The rules of the OpenAI Responses API.

The items of a stored conversation, if the request continues one, come first; an item's number
in an error text is its place in the request's own `input`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from toollab.calls import JSON
from toollab.providers.rules.fault import Fault, Rule
from toollab.providers.rules.openai import (
    NAME,
    bad_name,
    common_types,
    content_parts,
    missing,
    needs_tools,
    tool_choice_value,
    tool_definition,
    unknown,
    wrong_type,
)
from toollab.providers.wire.common import as_list, as_object
from toollab.providers.wire.responses import input_items

__all__ = ("stages",)

Item = Mapping[str, Any]
_KNOWN = frozenset(
    {
        *("access_programs", "background", "context_management", "conversation", "image"),
        *("include", "input", "instructions", "max_output_tokens", "max_tool_calls", "metadata"),
        *("model", "moderation", "parallel_tool_calls", "previous_response_id", "prompt"),
        *("prompt_cache_diagnostics", "prompt_cache_key", "prompt_cache_options"),
        *("prompt_cache_retention", "reasoning", "safety_identifier", "service_tier", "store"),
        *("stream", "stream_options", "temperature", "text", "tool_choice", "tools"),
        *("top_logprobs", "top_p", "truncation", "user"),
    }
)
_MOVED = {
    "messages": "input",
    "max_tokens": "max_output_tokens",
    "max_completion_tokens": "max_output_tokens",
    "response_format": "text.format",
    "reasoning_effort": "reasoning.effort",
}


def moved_parameters(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Refuse parameters of Chat Completions that have other names here."""
    for name, new in _MOVED.items():
        if name in body:
            yield Fault(
                "moved-parameter",
                f"Unsupported parameter: '{name}'. In the Responses API, this parameter has moved "
                f"to '{new}'. Try again with the new parameter.",
                param=name,
                code="unsupported_parameter",
            )


def required_parameters(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require `model` and `input`, and nothing the API does not know."""
    for name in ("model", "input"):
        if body.get(name) is None:
            yield missing(name)
    yield from unknown(body, _KNOWN)


def parameter_types(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require the right types of the parameters that everything else relies on."""
    yield from common_types(body, "max_output_tokens")
    if not isinstance(body["input"], (str, list)):
        yield wrong_type("input", "one of a string or array of objects", body["input"])
    if not body["input"]:
        yield missing("input")
    for name in ("instructions", "previous_response_id"):
        if body.get(name) is not None and not isinstance(body[name], str):
            yield wrong_type(name, "a string", body[name])


def tools(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require each function tool to be flat, and complete."""
    for number, tool in enumerate(as_list(body.get("tools"))):
        where = f"tools[{number}]"
        if not isinstance(tool, dict):
            yield wrong_type(where, "an object", tool)
        elif not isinstance(tool.get("type"), str):
            yield missing(f"{where}.type")
        elif tool["type"] == "function":
            yield from tool_definition(where, tool, tool)


def tool_choice(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require `tool_choice` to fit the tools."""
    names = [as_object(tool).get("name") for tool in as_list(body.get("tools"))]
    yield from tool_choice_value(body.get("tool_choice"), names)


def items_shape(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require each input item to be a message or to have a type, and to be complete."""
    for number, item in enumerate(as_list(body["input"])):
        where = f"input[{number}]"
        if not isinstance(item, dict):
            yield wrong_type(where, "an object", item)
        elif item.get("type", "message") == "message":
            yield from _message(where, item)
        elif item.get("type") == "function_call":
            yield from _call(where, item)
        elif item.get("type") == "function_call_output":
            yield from _output(where, item)
        elif not isinstance(item.get("type"), str):
            yield missing(f"{where}.type")


def _message(where: str, item: Item) -> Iterator[Fault]:
    if item.get("role") not in ("user", "assistant", "system", "developer"):
        yield Fault(
            "role",
            f"Invalid value: '{item.get('role')}'. Supported values are: 'assistant', 'system', "
            "'developer', and 'user'.",
            param=f"{where}.role",
            code="invalid_value",
        )
    elif not isinstance(item.get("content"), (str, list)):
        yield missing(f"{where}.content")
    else:
        yield from content_parts(f"{where}.content", item["content"])


def _call(where: str, item: Item) -> Iterator[Fault]:
    for name in ("call_id", "name", "arguments"):
        if item.get(name) is None:
            yield missing(f"{where}.{name}")
        elif not isinstance(item[name], str):
            yield wrong_type(f"{where}.{name}", "a string", item[name])
        elif name == "name" and not NAME.fullmatch(item[name]):
            yield bad_name(f"{where}.name")
    item_id = item.get("id")
    if item_id is not None and not str(item_id).startswith("fc"):
        yield Fault(
            "item-id",
            f"Invalid '{where}.id': '{item_id}'. Expected an ID that begins with 'fc'.",
            param=f"{where}.id",
            code="invalid_value",
        )


def _output(where: str, item: Item) -> Iterator[Fault]:
    if not isinstance(item.get("call_id"), str):
        yield missing(f"{where}.call_id")
    elif item.get("output") is None:
        yield missing(f"{where}.output")
    elif not isinstance(item["output"], (str, list)):
        yield wrong_type(f"{where}.output", "one of a string or array of objects", item["output"])
    else:
        yield from content_parts(f"{where}.output", item["output"])


def pairing(body: Mapping[str, JSON], before: Sequence[Item] = ()) -> Iterator[Fault]:
    """Require every call to be answered exactly once, by its `call_id`, after it was made.

    The texts on duplicates are ours; the other two are the service's.
    """
    answered: dict[str, bool] = {}
    for item in [*before, *input_items(body)]:
        call_id = str(item.get("call_id"))
        if item.get("type") == "function_call":
            if call_id in answered:
                yield _fault(
                    "duplicate-call-id", f"Duplicate function call with call_id {call_id}."
                )
            answered[call_id] = False
        elif item.get("type") == "function_call_output":
            if call_id not in answered:
                yield _fault(
                    "orphan-result",
                    f"No tool call found for function call output with call_id {call_id}.",
                )
            elif answered[call_id]:
                yield _fault(
                    "duplicate-result",
                    f"Duplicate function call output found for call_id {call_id}.",
                )
            answered[call_id] = True
    for call_id, done in answered.items():
        if not done:
            yield _fault("missing-result", f"No tool output found for function call {call_id}.")


def unique_items(body: Mapping[str, JSON], before: Sequence[Item] = ()) -> Iterator[Fault]:
    """Refuse an item that comes twice, such as a stored one that is sent again."""
    seen = set()
    for item in [*before, *input_items(body)]:
        item_id = item.get("id")
        if isinstance(item_id, str) and item_id in seen:
            yield _fault("duplicate-item", f"Duplicate item found with id {item_id}.")
        seen.add(str(item_id))


def reasoning_kept(
    body: Mapping[str, JSON], before: Sequence[Item], thought_of: Mapping[str, str]
) -> Iterator[Fault]:
    """Require an item that the model made after reasoning to be sent back together with it.

    `thought_of` maps the ids of such items to the ids of their reasoning.
    """
    items = [*before, *input_items(body)]
    there = {str(item.get("id")) for item in items}
    for item in items:
        item_id = str(item.get("id"))
        thought = thought_of.get(item_id)
        if thought is not None and thought not in there:
            yield _fault(
                "reasoning-dropped",
                f"Item '{item_id}' of type '{item.get('type')}' was provided without its required "
                f"'reasoning' item: '{thought}'.",
            )


def _fault(rule: str, message: str) -> Fault:
    return Fault(rule, message, param="input")


def stages(before: Sequence[Item], thought_of: Mapping[str, str]) -> tuple[tuple[Rule, ...], ...]:
    """Return the rules for a request that continues the stored items `before`."""

    def after(rule: Callable[[Mapping[str, JSON], Sequence[Item]], Iterator[Fault]]) -> Rule:
        return lambda body: rule(body, before)

    return (
        (moved_parameters, required_parameters),
        (parameter_types,),
        (needs_tools, tools, tool_choice, items_shape),
        (
            after(pairing),
            after(unique_items),
            lambda body: reasoning_kept(body, before, thought_of),
        ),
    )
