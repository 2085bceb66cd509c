"""Each rule: the request that breaks it, and the refusal with its familiar words."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import anthropic
import openai
import pytest
from anthropic.types.beta.message_create_params import (
    MessageCreateParamsBase as BetaParamsBase,
)
from anthropic.types.message_count_tokens_params import MessageCountTokensParams
from anthropic.types.message_create_params import MessageCreateParamsBase
from openai.types.chat.completion_create_params import CompletionCreateParamsBase
from openai.types.responses.response_create_params import ResponseCreateParamsBase

from tests.toollab.providers.bench import (
    APIS,
    CUSTOMER,
    HEADERS,
    SUMMARY,
    continued,
    mock,
    post,
    request,
)
from toollab.providers import Knobs, anthropic_client, openai_client
from toollab.providers.rules import anthropic as anthropic_rules
from toollab.providers.rules import chat as chat_rules
from toollab.providers.rules import responses as responses_rules

Change = Callable[[dict[str, Any]], object]

# name: change to a good two-turn conversation (rule, part of the message)
MESSAGES: dict[str, tuple[Change, str, str]] = {
    "messages as text": (lambda b: b.update(messages="Hi"), "wrong-type", "valid list"),
    "message as text": (
        lambda b: b["messages"].__setitem__(0, "Hi"),
        "wrong-type",
        "messages.0: Input should be an object",
    ),
    "block as text": (
        lambda b: b["messages"][1]["content"].insert(0, "Hi"),
        "wrong-type",
        "messages.1.content.0: Input should be an object",
    ),
    "block without type": (
        lambda b: b["messages"][1]["content"].insert(0, {"text": "Hi"}),
        "block-type",
        "messages.1.content.0.type: Field required",
    ),
    "text is a number": (
        lambda b: b["messages"][1]["content"].insert(0, {"type": "text", "text": 5}),
        "wrong-type",
        "text.text: Input should be a valid string",
    ),
    "tool as text": (
        lambda b: b["tools"].insert(0, "get_weather"),
        "wrong-type",
        "tools.0: Input should be an object",
    ),
    "nested tool without type": (
        lambda b: b["tools"].insert(0, {"function": {"name": "get_time"}}),
        "tool-shape",
        "tools.0.custom.name: Field required",
    ),
    "no tools, and not two at once": (
        lambda b: b.update(tool_choice={"type": "none", "disable_parallel_tool_use": True}),
        "unknown-field",
        "tool_choice.none.disable_parallel_tool_use",
    ),
    "no model": (lambda b: b.pop("model"), "missing-field", "model: Field required"),
    "no max_tokens": (lambda b: b.pop("max_tokens"), "missing-field", "max_tokens: Field required"),
    "no messages": (lambda b: b.update(messages=[]), "no-messages", "at least one message"),
    "other vendor's knob": (
        lambda b: b.update(parallel_tool_calls=False),
        "unknown-field",
        "parallel_tool_calls: Extra inputs are not permitted",
    ),
    "knob on top": (
        lambda b: b.update(disable_parallel_tool_use=True),
        "unknown-field",
        "disable_parallel_tool_use: Extra inputs are not permitted",
    ),
    "thread": (lambda b: b.update(thread={"type": "create"}), "thread-unsupported", "thread"),
    "tokens as text": (lambda b: b.update(max_tokens="9"), "wrong-type", "valid integer"),
    "no tokens": (lambda b: b.update(max_tokens=0), "max-tokens", "greater than or equal to 1"),
    "role": (lambda b: b["messages"][0].update(role="tool"), "role", "messages.0.role"),
    "no content": (lambda b: b["messages"][0].pop("content"), "wrong-type", "Field required"),
    "unknown block": (
        lambda b: b["messages"][1]["content"].insert(0, {"type": "function_call"}),
        "block-type",
        "Input tag 'function_call'",
    ),
    "JSON string as input": (
        lambda b: b["messages"][1]["content"][-1].update(input="{}"),
        "tool-use-input",
        "Input should be a valid dictionary",
    ),
    "dot in a tool's name": (
        lambda b: b["messages"][1]["content"][-1].update(name="multi_tool_use.parallel"),
        "tool-use-name",
        "String should match pattern",
    ),
    "empty id": (
        lambda b: b["messages"][1]["content"][-1].update(id=""),
        "tool-use-id",
        "String should match pattern",
    ),
    "result without id": (
        lambda b: b["messages"][2]["content"][0].pop("tool_use_id"),
        "tool-result-id",
        "tool_use_id: Field required",
    ),
    "result is a number": (
        lambda b: b["messages"][2]["content"][0].update(content=5),
        "tool-result-content",
        "tool_result.content",
    ),
    "result from the assistant": (
        lambda b: b["messages"][2].update(role="assistant"),
        "block-role",
        "`tool_result` blocks can only be in `user` messages",
    ),
    "call from the user": (
        lambda b: b["messages"][1].update(role="user"),
        "block-role",
        "`tool_use` blocks can only be in `assistant` messages",
    ),
    "empty text": (
        lambda b: b["messages"][1]["content"].insert(0, {"type": "text", "text": ""}),
        "empty-text",
        "text content blocks must be non-empty",
    ),
    "empty message": (
        lambda b: b["messages"][0].update(content=""),
        "empty-message",
        "all messages must have non-empty content",
    ),
    "nested tool": (
        lambda b: b.update(tools=request("chat", CUSTOMER)["tools"]),
        "tool-shape",
        "tools.0: Input tag 'function'",
    ),
    "tool's name": (
        lambda b: b["tools"][0].update(name="get weather"),
        "tool-name",
        "String should match pattern",
    ),
    "tool without schema": (
        lambda b: b["tools"][0].pop("input_schema"),
        "tool-schema",
        "input_schema.type",
    ),
    "tool twice": (
        lambda b: b["tools"].append(deepcopy(b["tools"][0])),
        "tool-names-unique",
        "Tool names must be unique",
    ),
    "unknown choice": (
        lambda b: b.update(tool_choice={"type": "required"}),
        "tool-choice",
        "Input tag 'required'",
    ),
    "choice without tools": (
        lambda b: (b.pop("tools"), b.update(tool_choice={"type": "auto"})),
        "tool-choice-without-tools",
        "may only be specified while providing tools",
    ),
    "choice of a stranger": (
        lambda b: b.update(tool_choice={"type": "tool", "name": "fly"}),
        "tool-choice-unknown",
        "Tool 'fly' not found in provided tools",
    ),
    "assistant first": (
        lambda b: b["messages"].insert(0, {"role": "assistant", "content": "Hi"}),
        "first-message",
        "first message must use",
    ),
    "one id twice": (
        lambda b: b["messages"][1]["content"][-1].update(id=b["messages"][1]["content"][-2]["id"]),
        "duplicate-call-id",
        "`tool_use` ids must be unique",
    ),
    "two results for a call": (
        lambda b: b["messages"][2]["content"].append(b["messages"][2]["content"][0]),
        "duplicate-result",
        "each tool_use must have a single result",
    ),
    "result for nobody": (
        lambda b: b["messages"][2]["content"].append(
            {"type": "tool_result", "tool_use_id": "toolu_x", "content": ""}
        ),
        "orphan-result",
        "unexpected `tool_use_id` found in `tool_result` blocks: toolu_x",
    ),
    "a result is missing": (
        lambda b: b["messages"][2]["content"].pop(0),
        "missing-result",
        "`tool_use` ids were found without `tool_result` blocks immediately after: toolu_",
    ),
    "no results at all": (
        lambda b: b["messages"].__setitem__(2, {"role": "user", "content": "And?"}),
        "missing-result",
        "immediately after",
    ),
    "text before results": (
        lambda b: b["messages"][2]["content"].insert(0, {"type": "text", "text": "Here:"}),
        "text-before-results",
        "immediately after",
    ),
    "message in between": (
        lambda b: b["messages"].insert(2, {"role": "system", "content": "Be brief."}),
        "orphan-result",
        "unexpected `tool_use_id`",
    ),
    "assistant last": (
        lambda b: b["messages"].append({"role": "assistant", "content": "The answer is"}),
        "prefill",
        "must end with a user message",
    ),
}


def no_second_result(body: dict[str, Any]) -> None:
    """Leave out the last result."""
    body["messages"].pop()


CHAT: dict[str, tuple[Change, str, str]] = {
    "messages as text": (lambda b: b.update(messages="Hi"), "wrong-type", "array of objects"),
    "message as text": (
        lambda b: b["messages"].__setitem__(0, "Hi"),
        "wrong-type",
        "'messages[0]': expected an object",
    ),
    "part as text": (
        lambda b: b["messages"][0].update(content=["Hi"]),
        "wrong-type",
        "'messages[0].content[0]': expected an object",
    ),
    "part without type": (
        lambda b: b["messages"][0].update(content=[{"text": "Hi"}]),
        "missing-field",
        "messages[0].content[0].type",
    ),
    "model is a number": (lambda b: b.update(model=5), "wrong-type", "'model': expected a string"),
    "tools as text": (lambda b: b.update(tools="all"), "wrong-type", "'tools': expected an array"),
    "tool as text": (lambda b: b["tools"].insert(0, "x"), "wrong-type", "'tools[0]'"),
    "tool without type": (lambda b: b["tools"][0].pop("type"), "missing-field", "tools[0].type"),
    "function as text": (
        lambda b: b["tools"][0].update(function="get_weather"),
        "wrong-type",
        "'tools[0].function': expected an object",
    ),
    "tool without name": (
        lambda b: b["tools"][0]["function"].pop("name"),
        "missing-field",
        "tools[0].function.name",
    ),
    "tool's name is a number": (
        lambda b: b["tools"][0]["function"].update(name=5),
        "wrong-type",
        "'tools[0].function.name': expected a string",
    ),
    "choice is a number": (
        lambda b: b.update(tool_choice=5),
        "wrong-type",
        "expected a string or an object, but got an integer",
    ),
    "calls as text": (
        lambda b: b["messages"][1].update(tool_calls="get_weather"),
        "wrong-type",
        "'messages[1].tool_calls': expected an array",
    ),
    "call as text": (
        lambda b: b["messages"][1]["tool_calls"].insert(0, "get_weather"),
        "wrong-type",
        "'messages[1].tool_calls[0]': expected an object",
    ),
    "call without type": (
        lambda b: b["messages"][1]["tool_calls"][0].pop("type"),
        "missing-field",
        "messages[1].tool_calls[0].type",
    ),
    "call without function": (
        lambda b: b["messages"][1]["tool_calls"][0].pop("function"),
        "missing-field",
        "messages[1].tool_calls[0].function",
    ),
    "call without name": (
        lambda b: b["messages"][1]["tool_calls"][0]["function"].pop("name"),
        "missing-field",
        "messages[1].tool_calls[0].function.name",
    ),
    "call without arguments": (
        lambda b: b["messages"][1]["tool_calls"][0]["function"].pop("arguments"),
        "missing-field",
        "messages[1].tool_calls[0].function.arguments",
    ),
    "no model": (lambda b: b.pop("model"), "missing-field", "parameter: 'model'"),
    "no messages": (lambda b: b.update(messages=[]), "no-messages", "empty array"),
    "other vendor's knob": (
        lambda b: b.update(disable_parallel_tool_use=True),
        "unknown-field",
        "Unknown parameter: 'disable_parallel_tool_use'",
    ),
    "other vendor's system": (lambda b: b.update(system="x"), "unknown-field", "'system'"),
    "limit as text": (lambda b: b.update(max_tokens="9"), "wrong-type", "expected an integer"),
    "no tokens": (lambda b: b.update(max_completion_tokens=0), "max-tokens", "below minimum"),
    "role": (lambda b: b["messages"][0].update(role="bot"), "role", "Invalid value: 'bot'"),
    "no content": (
        lambda b: b["messages"][0].pop("content"),
        "missing-field",
        "messages[0].content",
    ),
    "content is a number": (
        lambda b: b["messages"][0].update(content=5),
        "wrong-type",
        "string or array of objects",
    ),
    "flat tools": (
        lambda b: b.update(tools=request("responses", CUSTOMER)["tools"]),
        "missing-field",
        "Missing required parameter: 'tools[0].function'",
    ),
    "no tools": (lambda b: b.update(tools=[]), "empty-tools", "Invalid 'tools': empty array"),
    "tool's name": (
        lambda b: b["tools"][0]["function"].update(name="get weather"),
        "function-name",
        "^[a-zA-Z0-9_-]+$",
    ),
    "tool's schema": (
        lambda b: b["tools"][0]["function"].update(parameters={"type": "string"}),
        "tool-schema",
        "Invalid schema for function",
    ),
    "strict and open": (
        lambda b: b["tools"][0]["function"].update(strict=True),
        "tool-schema-strict",
        "'additionalProperties' is required",
    ),
    "parallel without tools": (
        lambda b: (b.pop("tools"), b.update(parallel_tool_calls=True)),
        "parallel-tool-calls-without-tools",
        "'parallel_tool_calls' is only allowed when 'tools' are specified",
    ),
    "choice without tools": (
        lambda b: (b.pop("tools"), b.update(tool_choice="auto")),
        "tool-choice-without-tools",
        "'tool_choice' is only allowed when 'tools' are specified",
    ),
    "unknown choice": (lambda b: b.update(tool_choice="any"), "tool-choice", "value: 'any'"),
    "choice of a stranger": (
        lambda b: b.update(tool_choice={"type": "function", "function": {"name": "fly"}}),
        "tool-choice-unknown",
        "'fly' not found",
    ),
    "parallel as text": (
        lambda b: b.update(parallel_tool_calls="no"),
        "wrong-type",
        "'parallel_tool_calls': expected a boolean, but got a string",
    ),
    "stream options alone": (
        lambda b: b.update(stream_options={"include_usage": True}),
        "stream-options",
        "only allowed when 'stream' is enabled",
    ),
    "arguments as an object": (
        lambda b: b["messages"][1]["tool_calls"][0]["function"].update(arguments={"a": 1}),
        "wrong-type",
        "'messages[1].tool_calls[0].function.arguments': expected a string, but got an object",
    ),
    "dot in the called name": (
        lambda b: b["messages"][1]["tool_calls"][0]["function"].update(
            name="multi_tool_use.parallel"
        ),
        "function-name",
        "messages[1].tool_calls[0].function.name",
    ),
    "call without id": (
        lambda b: b["messages"][1]["tool_calls"][0].pop("id"),
        "missing-field",
        "messages[1].tool_calls[0].id",
    ),
    "result without id": (
        lambda b: b["messages"][2].pop("tool_call_id"),
        "missing-field",
        "messages[2].tool_call_id",
    ),
    "no calls in the list": (
        lambda b: b["messages"][1].update(tool_calls=[]),
        "empty-calls",
        "tool_calls': empty array",
    ),
    "calls of the user": (
        lambda b: b["messages"][0].update(tool_calls=b["messages"][1]["tool_calls"]),
        "calls-role",
        "messages[0].tool_calls",
    ),
    "a result is missing": (
        no_second_result,
        "missing-result",
        "The following tool_call_ids did not have response messages: call_",
    ),
    "word in between": (
        lambda b: b["messages"].insert(3, {"role": "user", "content": "And?"}),
        "missing-result",
        "must be followed by tool messages",
    ),
    "result for nobody": (
        lambda b: b["messages"].append({"role": "tool", "tool_call_id": "x", "content": ""}),
        "orphan-result",
        "'tool_call_id' of 'x' not found",
    ),
    "assistant message forgotten": (
        lambda b: b["messages"].pop(1),
        "orphan-result",
        "must be a response to a preceeding message with 'tool_calls'",
    ),
    "two results for a call": (
        lambda b: b["messages"].append(b["messages"][-1]),
        "duplicate-result",
        "Duplicate value for 'tool_call_id'",
    ),
    "one id twice": (
        lambda b: b["messages"][1]["tool_calls"].append(b["messages"][1]["tool_calls"][0]),
        "duplicate-call-id",
        "Duplicate value for 'tool_call_id'",
    ),
}

RESPONSES: dict[str, tuple[Change, str, str]] = {
    "item as text": (lambda b: b["input"].insert(0, "Hi"), "wrong-type", "'input[0]'"),
    "item of no type": (
        lambda b: b["input"].insert(0, {"type": 5}),
        "missing-field",
        "input[0].type",
    ),
    "empty input": (lambda b: b.update(input=[]), "missing-field", "'input'"),
    "tool as text": (lambda b: b["tools"].insert(0, "x"), "wrong-type", "'tools[0]'"),
    "tool without type": (lambda b: b["tools"][0].pop("type"), "missing-field", "tools[0].type"),
    "call without name": (lambda b: b["input"][2].pop("name"), "missing-field", "input[2].name"),
    "result without id": (
        lambda b: b["input"][-1].pop("call_id"),
        "missing-field",
        "input[7].call_id",
    ),
    "no model": (lambda b: b.pop("model"), "missing-field", "parameter: 'model'"),
    "no input": (lambda b: b.pop("input"), "missing-field", "parameter: 'input'"),
    "input is a number": (lambda b: b.update(input=5), "wrong-type", "string or array"),
    "messages": (
        lambda b: b.update(messages=[]),
        "moved-parameter",
        "'messages'. In the Responses API, this parameter has moved to 'input'",
    ),
    "max_tokens": (lambda b: b.update(max_tokens=5), "moved-parameter", "'max_output_tokens'"),
    "other vendor's knob": (
        lambda b: b.update(disable_parallel_tool_use=True),
        "unknown-field",
        "Unknown parameter",
    ),
    "nested tools": (
        lambda b: b.update(tools=request("chat", CUSTOMER)["tools"]),
        "missing-field",
        "Missing required parameter: 'tools[0].name'",
    ),
    "parallel without tools": (
        lambda b: (b.pop("tools"), b.update(parallel_tool_calls=False)),
        "parallel-tool-calls-without-tools",
        "only allowed when 'tools' are specified",
    ),
    "choice of a stranger": (
        lambda b: b.update(tool_choice={"type": "function", "name": "fly"}),
        "tool-choice-unknown",
        "'fly' not found",
    ),
    "role": (lambda b: b["input"][0].update(role="tool"), "role", "Invalid value: 'tool'"),
    "no content": (lambda b: b["input"][0].pop("content"), "missing-field", "input[0].content"),
    "instructions": (lambda b: b.update(instructions=5), "wrong-type", "'instructions'"),
    "arguments as an object": (
        lambda b: b["input"][2].update(arguments={}),
        "wrong-type",
        "'input[2].arguments': expected a string, but got an object",
    ),
    "dot in the called name": (
        lambda b: b["input"][2].update(name="multi_tool_use.parallel"),
        "function-name",
        "input[2].name",
    ),
    "call's id in place of the item's": (
        lambda b: b["input"][2].update(id=b["input"][2]["call_id"]),
        "item-id",
        "Expected an ID that begins with 'fc'",
    ),
    "item's id in place of the call's": (
        lambda b: b["input"][-1].update(call_id=b["input"][2]["id"]),
        "orphan-result",
        "No tool call found for function call output with call_id fc_",
    ),
    "output is a number": (
        lambda b: b["input"][-1].update(output=5),
        "wrong-type",
        "'input[7].output'",
    ),
    "no output": (
        lambda b: b["input"][-1].pop("output"),
        "missing-field",
        "input[7].output",
    ),
    "a result is missing": (
        lambda b: b["input"].pop(),
        "missing-result",
        "No tool output found for function call call_",
    ),
    "calls forgotten": (
        lambda b: b["input"].pop(2),
        "orphan-result",
        "No tool call found for function call output",
    ),
    "result before its call": (
        lambda b: b["input"].insert(0, b["input"].pop()),
        "orphan-result",
        "No tool call found",
    ),
    "two results for a call": (
        lambda b: b["input"].append(b["input"][-1]),
        "duplicate-result",
        "Duplicate function call output",
    ),
    "one id twice": (
        lambda b: b["input"].insert(3, {**b["input"][2], "id": "fc_other"}),
        "duplicate-call-id",
        "Duplicate function call",
    ),
    "an item twice": (
        lambda b: b["input"].insert(1, b["input"][1]),
        "duplicate-item",
        "Duplicate item found with id msg_",
    ),
    "unknown conversation": (
        lambda b: b.update(previous_response_id="resp_x"),
        "unknown-previous",
        "Previous response with id 'resp_x' not found",
    ),
}
TABLES = {"messages": MESSAGES, "chat": CHAT, "responses": RESPONSES}
CASES = [(api, name) for api, table in TABLES.items() for name in table]


def conversation(api: str) -> tuple[Any, dict[str, Any]]:
    """Return a mock, and a good request that brings three results."""
    mocked, body = mock(), request(api, CUSTOMER)
    _, answer = post(mocked, api, body)
    return mocked, continued(api, body, answer, "one", "two", "three")


@pytest.mark.parametrize("api", APIS)
def test_good_conversation_is_accepted(api: str):
    """The conversation that the cases below spoil is a good one."""
    mocked, body = conversation(api)
    assert post(mocked, api, body)[0] == 200
    assert mocked.log.faults == []


@pytest.mark.parametrize(("api", "name"), CASES, ids=[f"{api}-{name}" for api, name in CASES])
def test_spoilt_conversation_is_refused(api: str, name: str):
    """One fault, one refusal: status 400, the type, the rule, and the familiar words."""
    change, rule, words = TABLES[api][name]
    mocked, body = conversation(api)
    body = deepcopy(body)
    change(body)
    status, answer = post(mocked, api, body)
    assert status == 400
    assert answer["error"]["type"] == "invalid_request_error"
    assert words in answer["error"]["message"]
    assert mocked.log[-1].faults[0].rule == rule
    if api == "messages":
        assert answer["type"] == "error"
        assert answer["request_id"].startswith("req_")
    else:
        assert set(answer["error"]) == {"message", "type", "param", "code"}


@pytest.mark.parametrize(("api", "name"), CASES, ids=[f"{api}-{name}" for api, name in CASES])
def test_record_mode_logs_and_answers(api: str, name: str):
    """With `enforce` off, the same request is answered, and its faults are in the log."""
    change, rule, _ = TABLES[api][name]
    mocked, body = conversation(api)
    mocked.turn(Knobs(enforce=False))
    body = deepcopy(body)
    change(body)
    assert post(mocked, api, body)[0] == 200
    assert mocked.log[-1].faults[0].rule == rule
    assert mocked.log[-1].reply is not None


def test_sdk_raises_bad_request():
    """The SDKs turn a refusal into their `BadRequestError`, with its type in the body."""
    mocked, body = conversation("messages")
    body["messages"][2]["content"].pop()
    with pytest.raises(anthropic.BadRequestError) as caught:
        anthropic_client(mocked).messages.create(**body)
    assert caught.value.type == "invalid_request_error"
    mocked, body = conversation("chat")
    body["messages"].pop()
    with pytest.raises(openai.BadRequestError) as refused:
        openai_client(mocked).chat.completions.create(**body)
    assert refused.value.type == "invalid_request_error"
    assert len(mocked.log) == 2  # refused requests are not retried


def test_results_split_over_user_messages_are_accepted():
    """Two user messages with a result each are merged, as the real service does."""
    mocked, body = conversation("messages")
    blocks = body["messages"].pop()["content"]
    body["messages"] += [{"role": "user", "content": [block]} for block in blocks]
    assert post(mocked, "messages", body)[0] == 200
    assert mocked.log[-1].batch.messages == 3


def test_text_after_results_is_accepted():
    """A text may follow the results, and the order of the results is free."""
    mocked, body = conversation("messages")
    blocks = body["messages"][2]["content"]
    body["messages"][2]["content"] = [*reversed(blocks), {"type": "text", "text": "So?"}]
    assert post(mocked, "messages", body)[0] == 200


def test_reasoning_must_come_back_with_its_calls():
    """A function call without the reasoning item it came from is refused."""
    mocked, body = mock(), request("responses", CUSTOMER, reasoning={"effort": "low"})
    _, answer = post(mocked, "responses", body)
    body = continued("responses", body, answer, "one", "two", "three")
    assert post(mocked, "responses", body)[0] == 200
    body["input"] = [item for item in body["input"] if item.get("type") != "reasoning"]
    status, refusal = post(mocked, "responses", body)
    assert status == 400
    assert "without its required 'reasoning' item: 'rs_" in refusal["error"]["message"]


class TestStoredResponses:
    """`previous_response_id`, and what is stored."""

    def first(self, **more: Any) -> tuple[Any, dict[str, Any], dict[str, Any], list[Any]]:
        """Return a mock, a request, its answer, and the results for its calls."""
        mocked, body = mock(), request("responses", SUMMARY, **more)
        _, answer = post(mocked, "responses", body)
        whole = continued("responses", body, answer, "cloudy", "sunny", "jack@example.com")
        return mocked, body, answer, whole["input"][-3:]

    def test_conversation_goes_on_by_id(self):
        """Results alone suffice when the response they belong to is named."""
        mocked, body, answer, results = self.first()
        body = {**body, "input": results, "previous_response_id": answer["id"]}
        status, second = post(mocked, "responses", body)
        assert status == 200
        assert [item["type"] for item in second["output"]] == ["message", "function_call"]
        assert second["previous_response_id"] == answer["id"]

    def test_stored_items_must_not_be_sent_again(self):
        """Items of the stored conversation in the input are duplicates."""
        mocked, body, answer, results = self.first()
        again = [*answer["output"], *results]
        body = {**body, "input": again, "previous_response_id": answer["id"]}
        assert post(mocked, "responses", body)[0] == 400

    def test_items_can_be_sent_by_reference(self):
        """An `item_reference` stands for a stored item."""
        mocked, body, answer, results = self.first()
        references = [{"type": "item_reference", "id": i["id"]} for i in answer["output"]]
        body = {**body, "input": [*body["input"], *references, *results]}
        assert post(mocked, "responses", body)[0] == 200

    def test_response_can_be_fetched(self):
        """`GET /v1/responses/{id}` returns what was answered, and 404 for another id."""
        mocked, _, answer, _ = self.first()
        found = openai_client(mocked).responses.retrieve(answer["id"])
        assert found.id == answer["id"]
        with pytest.raises(openai.NotFoundError):
            openai_client(mocked).responses.retrieve("resp_other")

    def test_store_false_forgets(self):
        """With `store: false` neither fetching nor continuing is possible."""
        mocked, body, answer, results = self.first(store=False)
        assert mocked.handle("GET", f"/v1/responses/{answer['id']}", HEADERS, b"").status == 404
        body = {**body, "input": results, "previous_response_id": answer["id"]}
        status, refusal = post(mocked, "responses", body)
        assert (status, refusal["error"]["code"]) == (400, "previous_response_not_found")


@pytest.mark.parametrize(
    ("rules", "kinds"),
    [
        (anthropic_rules, (MessageCreateParamsBase, MessageCountTokensParams, BetaParamsBase)),
        (chat_rules, (CompletionCreateParamsBase,)),
        (responses_rules, (ResponseCreateParamsBase,)),
    ],
    ids=APIS,
)
def test_parameters_of_the_sdks_are_known(rules: Any, kinds: tuple[Any, ...]):
    """No parameter that an SDK method takes is refused as unknown."""
    taken = {name for kind in kinds for name in kind.__annotations__}
    assert taken - rules._KNOWN == set()
