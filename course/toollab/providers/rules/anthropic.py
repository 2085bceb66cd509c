"""The rules of the Anthropic Messages API: the shape of a request, and of its tools."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from toollab.calls import JSON
from toollab.providers.rules import anthropic_pairing
from toollab.providers.rules.fault import Fault, Rule
from toollab.providers.wire.common import as_list, as_object

__all__ = ("STAGES", "TOKEN_STAGES")

_KNOWN = frozenset(
    {
        *(
            "model",
            "messages",
            "max_tokens",
            "system",
            "tools",
            "tool_choice",
            "stream",
            "thinking",
        ),
        *("metadata", "stop_sequences", "temperature", "top_p", "top_k", "service_tier", "speed"),
        *("cache_control", "container", "diagnostics", "inference_geo", "output_config"),
        *("user_profile_id", "workspace_id", "context_management", "mcp_servers", "betas"),
        *("output_format", "compaction", "fallbacks", "thread", "prefill"),
        *("billing_policy", "fallback_credit_token"),
    }
)
_BLOCKS = {
    "user": ("text", "image", "document", "search_result", "tool_result", "container_upload"),
    "assistant": ("text", "thinking", "redacted_thinking", "tool_use", "compaction"),
    "system": ("text", "tool_addition", "tool_removal"),
}
_ANY_BLOCK = frozenset(kind for kinds in _BLOCKS.values() for kind in kinds)
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")
_ID = re.compile(r"[a-zA-Z0-9_-]+")


def thread(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Refuse server-held threads, a beta that the mock does not have; SDKs fall back to history."""
    if "thread" in body:
        yield Fault(
            "thread-unsupported",
            "thread: this request cannot be run as a thread.",
            details={"error_code": "thread_unsupported_request"},
        )


def required_fields(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require `model`, `max_tokens` and `messages`."""
    for name in ("model", "max_tokens", "messages"):
        if body.get(name) is None:
            yield Fault("missing-field", f"{name}: Field required")


def token_count_fields(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require `model` and `messages`: counting tokens needs no `max_tokens`."""
    for name in ("model", "messages"):
        if body.get(name) is None:
            yield Fault("missing-field", f"{name}: Field required")


def unknown_fields(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Refuse a field the API does not know, such as another vendor's, or one misplaced."""
    for name in body:
        if name not in _KNOWN:
            yield Fault("unknown-field", f"{name}: Extra inputs are not permitted")


def field_types(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require the right types of the fields that everything else relies on."""
    wants: tuple[tuple[str, type | tuple[type, ...], str], ...] = (
        ("model", str, "Input should be a valid string"),
        ("messages", list, "Input should be a valid list"),
        ("tools", list, "Input should be a valid list"),
        ("tool_choice", dict, "Input should be an object"),
        ("system", (str, list), "Input should be a valid string"),
        ("stream", bool, "Input should be a valid boolean"),
        ("thinking", dict, "Input should be an object"),
    )
    for name, kind, text in wants:
        if body.get(name) is not None and not isinstance(body[name], kind):
            yield Fault("wrong-type", f"{name}: {text}")
    limit = body.get("max_tokens")
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int)):
        yield Fault("wrong-type", "max_tokens: Input should be a valid integer")
    elif isinstance(limit, int) and limit < 1:
        yield Fault("max-tokens", "max_tokens: Input should be greater than or equal to 1")


def messages_shape(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require of each message a known role, and content that is a string or a list of blocks."""
    if not body["messages"]:
        yield Fault("no-messages", "messages: at least one message is required")
    for number, message in enumerate(body["messages"]):
        where = f"messages.{number}"
        if not isinstance(message, dict):
            yield Fault("wrong-type", f"{where}: Input should be an object")
        elif message.get("role") not in ("user", "assistant", "system"):
            yield Fault("role", f"{where}.role: Input should be 'user', 'assistant' or 'system'")
        elif not isinstance(message.get("content"), (str, list)):
            problem = "Input should be a valid list" if "content" in message else "Field required"
            yield Fault("wrong-type", f"{where}.content: {problem}")


def blocks_shape(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require of each block a known type, and the fields that type needs."""
    for where, _, block in anthropic_pairing.blocks(body):
        kind = as_object(block).get("type")
        if not isinstance(block, dict):
            yield Fault("wrong-type", f"{where}: Input should be an object")
        elif not isinstance(kind, str):
            yield Fault("block-type", f"{where}.type: Field required")
        elif kind not in _ANY_BLOCK and not kind.startswith(("server_tool", "web_", "mcp_")):
            expected = ", ".join(f"'{name}'" for name in sorted(_ANY_BLOCK))
            yield Fault(
                "block-type",
                f"{where}: Input tag '{kind}' found using 'type' does not match any of the "
                f"expected tags: {expected}",
            )
        else:
            yield from _block_fields(where, block)


def _block_fields(where: str, block: Mapping[str, JSON]) -> Iterator[Fault]:
    kind = block["type"]
    if kind == "text" and not isinstance(block.get("text"), str):
        yield Fault("wrong-type", f"{where}.text.text: Input should be a valid string")
    if kind == "tool_use":
        for name, pattern in (("id", _ID), ("name", _NAME)):
            value = block.get(name)
            if not isinstance(value, str) or not pattern.fullmatch(value):
                shown = "^[a-zA-Z0-9_-]+$" if name == "id" else "^[a-zA-Z0-9_-]{1,128}$"
                yield Fault(
                    f"tool-use-{name}",
                    f"{where}.tool_use.{name}: String should match pattern '{shown}'",
                )
        if not isinstance(block.get("input"), dict):
            yield Fault(
                "tool-use-input", f"{where}.tool_use.input: Input should be a valid dictionary"
            )
    if kind == "tool_result":
        if not isinstance(block.get("tool_use_id"), str):
            yield Fault("tool-result-id", f"{where}.tool_result.tool_use_id: Field required")
        if not isinstance(block.get("content", ""), (str, list)):
            yield Fault(
                "tool-result-content",
                f"{where}.tool_result.content: Input should be a valid string",
            )


def blocks_in_their_role(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require calls to be in assistant messages, and results in user messages."""
    owners = {"tool_use": "assistant", "tool_result": "user"}
    for where, role, block in anthropic_pairing.blocks(body):
        owner = owners.get(block["type"], role)
        if role != owner:
            message = where.rpartition(".content")[0]
            yield Fault(
                "block-role",
                f"{message}: `{block['type']}` blocks can only be in `{owner}` messages",
            )


def texts_not_empty(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Refuse texts and messages that say nothing."""
    for _, _, block in anthropic_pairing.blocks(body):
        if block["type"] == "text" and not block["text"]:
            yield Fault("empty-text", "messages: text content blocks must be non-empty")
    for number, message in enumerate(body["messages"]):
        if not message["content"]:
            yield Fault(
                "empty-message",
                f"messages.{number}: all messages must have non-empty content except for the "
                "optional final assistant message",
            )


def tools_shape(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require of each custom tool a legal name of its own, and an object schema."""
    names = []
    for number, tool in enumerate(as_list(body.get("tools"))):
        where = f"tools.{number}"
        if not isinstance(tool, dict):
            yield Fault("wrong-type", f"{where}: Input should be an object")
            continue
        if isinstance(tool.get("name"), str):
            names.append(tool["name"])
        if tool.get("type") == "function":
            yield Fault(
                "tool-shape",
                f"{where}: Input tag 'function' found using 'type' does not match any of the "
                "expected tags: 'custom', and those of the service's own tools",
            )
        elif tool.get("type") not in (None, "custom"):
            continue
        elif "function" in tool:
            yield Fault("tool-shape", f"{where}.custom.name: Field required")
        elif not isinstance(tool.get("name"), str) or not _NAME.fullmatch(tool["name"]):
            yield Fault(
                "tool-name",
                f"{where}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'",
            )
        elif as_object(tool.get("input_schema")).get("type") != "object":
            yield Fault(
                "tool-schema", f"{where}.custom.input_schema.type: Input should be 'object'"
            )
    if len(names) != len(set(names)):
        yield Fault("tool-names-unique", "tools: Tool names must be unique.")


def tool_choice(body: Mapping[str, JSON]) -> Iterator[Fault]:
    """Require `tool_choice` to have a known type, to come with tools, and to name one of them."""
    choice = body.get("tool_choice")
    if choice is None:
        return
    mode = choice.get("type")
    if mode not in ("auto", "any", "tool", "none"):
        yield Fault(
            "tool-choice",
            f"tool_choice: Input tag '{mode}' found using 'type' does not match any of the "
            "expected tags: 'auto', 'any', 'tool', 'none'",
        )
    elif not body.get("tools"):
        yield Fault(
            "tool-choice-without-tools", "tool_choice may only be specified while providing tools."
        )
    elif mode == "tool" and choice.get("name") not in _names(body):
        yield Fault(
            "tool-choice-unknown", f"Tool '{choice.get('name')}' not found in provided tools"
        )
    if mode == "none" and "disable_parallel_tool_use" in choice:
        yield Fault(
            "unknown-field",
            "tool_choice.none.disable_parallel_tool_use: Extra inputs are not permitted",
        )


def _names(body: Mapping[str, JSON]) -> list[Any]:
    return [as_object(tool).get("name") for tool in as_list(body.get("tools"))]


_SHAPE: tuple[Rule, ...] = (messages_shape, tools_shape, tool_choice)
_CONTENT: tuple[Rule, ...] = (blocks_in_their_role, texts_not_empty)

STAGES: tuple[tuple[Rule, ...], ...] = (
    (thread, required_fields, unknown_fields),
    (field_types,),
    _SHAPE,
    (blocks_shape,),
    _CONTENT,
    anthropic_pairing.RULES,
)
TOKEN_STAGES: tuple[tuple[Rule, ...], ...] = ((token_count_fields, unknown_fields), *STAGES[1:])
