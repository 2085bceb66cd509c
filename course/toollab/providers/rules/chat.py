"""The rules of the OpenAI Chat Completions API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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

__all__ = ("STAGES",)

_ROLES = ("system", "developer", "user", "assistant", "tool", "function")
_KNOWN = frozenset(
    {
        *("messages", "model", "audio", "frequency_penalty", "function_call", "functions"),
        *("logit_bias", "logprobs", "max_completion_tokens", "max_tokens", "metadata"),
        *("modalities", "moderation", "n", "parallel_tool_calls", "prediction"),
        *("presence_penalty", "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention"),
        *("reasoning_effort", "response_format", "safety_identifier", "seed", "service_tier"),
        *("stop", "store", "stream", "stream_options", "temperature", "tool_choice", "tools"),
        *("top_logprobs", "top_p", "user", "verbosity", "web_search_options"),
    }
)


def required_parameters(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require `model` and `messages`, and nothing the API does not know."""
    for name in ("model", "messages"):
        if body.get(name) is None:
            yield missing(name)
    yield from unknown(body, _KNOWN)


def parameter_types(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require the right types of the parameters that everything else relies on."""
    yield from common_types(body, "max_tokens", "max_completion_tokens")
    if not isinstance(body["messages"], list):
        yield wrong_type("messages", "an array of objects", body["messages"])
    elif not body["messages"]:
        yield Fault(
            "no-messages",
            "Invalid 'messages': empty array. Expected an array with minimum length 1, but got "
            "an empty array instead.",
            param="messages",
            code="empty_array",
        )


def messages_shape(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require a known role and fitting content; of a tool message, the call it answers."""
    for number, message in enumerate(body["messages"]):
        where = f"messages[{number}]"
        if not isinstance(message, dict):
            yield wrong_type(where, "an object", message)
            continue
        role, content = message.get("role"), message.get("content")
        if role not in _ROLES:
            shown = ", ".join(f"'{name}'" for name in _ROLES)
            yield Fault(
                "role",
                f"Invalid value: '{role}'. Supported values are: {shown}.",
                param=f"{where}.role",
                code="invalid_value",
            )
        elif content is None and not (role == "assistant" and message.get("tool_calls")):
            yield (
                missing(f"{where}.content")
                if "content" not in message
                else wrong_type(f"{where}.content", "a string", content)
            )
        elif content is not None and not isinstance(content, (str, list)):
            yield wrong_type(f"{where}.content", "one of a string or array of objects", content)
        else:
            yield from content_parts(f"{where}.content", content)
        if role == "tool" and not isinstance(message.get("tool_call_id"), str):
            yield missing(f"{where}.tool_call_id")


def calls_shape(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require of each call an id, a legal name, and arguments in a JSON string, no object."""
    for number, message in enumerate(body["messages"]):
        calls = message.get("tool_calls")
        if calls is None:
            continue
        where = f"messages[{number}].tool_calls"
        if not isinstance(calls, list):
            yield wrong_type(where, "an array of objects", calls)
        elif message["role"] != "assistant":
            yield Fault("calls-role", f"Unknown parameter: '{where}'.", param=where)
        elif not calls:
            yield Fault(
                "empty-calls",
                f"Invalid '{where}': empty array. Expected an array with minimum length 1, but "
                "got an empty array instead.",
                param=where,
                code="empty_array",
            )
        else:
            for place, call in enumerate(calls):
                yield from _call_shape(f"{where}[{place}]", call)


def _call_shape(where: str, call: JSON) -> Iterator[Fault]:
    function = as_object(call).get("function")
    if not isinstance(call, dict):
        yield wrong_type(where, "an object", call)
    elif not isinstance(call.get("id"), str):
        yield missing(f"{where}.id")
    elif call.get("type") == "custom":
        return
    elif call.get("type") != "function":
        yield missing(f"{where}.type")
    elif not isinstance(function, dict):
        yield missing(f"{where}.function")
    elif not isinstance(function.get("name"), str):
        yield missing(f"{where}.function.name")
    elif not NAME.fullmatch(function["name"]):
        yield bad_name(f"{where}.function.name")
    elif "arguments" not in function:
        yield missing(f"{where}.function.arguments")
    elif not isinstance(function["arguments"], str):
        yield wrong_type(f"{where}.function.arguments", "a string", function["arguments"])


def tools(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require each function tool to be nested under `function`, and complete."""
    for number, tool in enumerate(as_list(body.get("tools"))):
        where = f"tools[{number}]"
        if not isinstance(tool, dict):
            yield wrong_type(where, "an object", tool)
        elif not isinstance(tool.get("type"), str):
            yield missing(f"{where}.type")
        elif tool["type"] == "function":
            function = tool.get("function")
            yield from tool_definition(f"{where}.function", function, function)


def tool_choice(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require `tool_choice` to fit the tools."""
    functions = [as_object(as_object(t).get("function")) for t in as_list(body.get("tools"))]
    yield from tool_choice_value(body.get("tool_choice"), [f.get("name") for f in functions])


def stream_options(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Refuse `stream_options` without a stream."""
    if body.get("stream_options") is not None and not body.get("stream"):
        yield Fault(
            "stream-options",
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
            param="stream_options",
        )


def pairing(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require, right after an assistant message with calls, one tool message for each."""
    waiting: list[str] = []
    batch: set[str] = set()
    answered: set[str] = set()
    for number, message in enumerate([*body["messages"], {"role": None}]):
        role = message["role"]
        if role == "tool":
            call_id = message["tool_call_id"]
            if not batch:
                yield _orphan(number)
            elif call_id not in batch:
                yield _unknown_call(number, call_id)
            elif call_id in answered:
                yield _twice(number, call_id)
            answered.add(call_id)
            continue
        if missed := [call_id for call_id in waiting if call_id not in answered]:
            yield _unanswered(number, missed)
        waiting = [str(call["id"]) for call in as_list(message.get("tool_calls"))]
        batch, answered = set(waiting), set()
        if len(batch) < len(waiting):
            yield _twice(
                number, next(i for i in waiting if waiting.count(i) > 1), "duplicate-call-id"
            )


def _unanswered(number: int, missed: list[str]) -> Fault:
    return Fault(
        "missing-result",
        "An assistant message with 'tool_calls' must be followed by tool messages responding to "
        "each 'tool_call_id'. The following tool_call_ids did not have response messages: "
        f"{', '.join(missed)}",
        param=f"messages.[{number}].role",
    )


def _orphan(number: int) -> Fault:
    return Fault(
        "orphan-result",
        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message "
        "with 'tool_calls'.",
        param=f"messages.[{number}].role",
    )


def _unknown_call(number: int, call_id: str) -> Fault:
    return Fault(
        "orphan-result",
        f"Invalid parameter: 'tool_call_id' of '{call_id}' not found in 'tool_calls' of previous "
        "message.",
        param=f"messages.[{number}].tool_call_id",
    )


def _twice(number: int, call_id: Any, rule: str = "duplicate-result") -> Fault:
    return Fault(
        rule,
        f"Duplicate value for 'tool_call_id' of {call_id} in message[{number}]",
        param=f"messages.[{number}].tool_call_id",
    )


STAGES: tuple[tuple[Rule, ...], ...] = (
    (required_parameters,),
    (parameter_types,),
    (needs_tools, tools, tool_choice, stream_options, messages_shape),
    (calls_shape,),
    (pairing,),
)
