"""The mock's answers are valid by the SDKs' own types, and hold nothing those don't know."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from anthropic.types import Message, MessageTokensCount, ModelInfo, RawMessageStreamEvent
from openai.types import Model
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import BaseModel, TypeAdapter

from tests.toollab.providers.bench import (
    APIS,
    HEADERS,
    SUMMARY,
    TWO_CITIES,
    continued,
    mock,
    post,
    request,
    stream,
)

WHOLE = {"messages": Message, "chat": ChatCompletion, "responses": Response}
EVENT = {
    "messages": RawMessageStreamEvent,
    "chat": ChatCompletionChunk,
    "responses": ResponseStreamEvent,
}
THINKING = {
    "messages": {"thinking": {"type": "adaptive"}},
    "chat": {},
    "responses": {"reasoning": {"effort": "low", "summary": "auto"}},
}
VARIANTS: dict[str, dict[str, Any]] = {
    "calls": {},
    "truncated": {"truncate": True},
    "wrapper": {"multi_tool_use": True},
    "interleaved": {"interleave": True},
}


def invented(value: Any, path: str = "") -> list[str]:
    """List the fields of a parsed answer that the SDK has no name for."""
    if isinstance(value, list):
        return [name for n, item in enumerate(value) for name in invented(item, f"{path}[{n}]")]
    if not isinstance(value, BaseModel):
        return []
    extra = [f"{path}.{name}" for name in value.model_extra or ()]
    fields = [(name, getattr(value, name)) for name in type(value).model_fields]
    return extra + [name for key, item in fields for name in invented(item, f"{path}.{key}")]


adapter = cache(TypeAdapter)  # building one takes longer than all its parsing


def read(kind: Any, data: Any) -> Any:
    """Parse strictly, unlike the SDKs, which let anything pass."""
    parsed = adapter(kind).validate_python(data)
    assert invented(parsed) == []
    return parsed


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("api", APIS)
def test_whole_answers_are_of_the_sdks_types(api: str, variant: str):
    """A reply with thoughts, prose and calls parses strictly, whatever the knobs."""
    status, answer = post(mock(**VARIANTS[variant]), api, request(api, SUMMARY, **THINKING[api]))
    assert status == 200
    read(WHOLE[api], answer)


@pytest.mark.parametrize("api", APIS)
def test_final_answers_are_of_the_sdks_types(api: str):
    """A reply without calls parses strictly."""
    mocked, body = mock(), request(api, TWO_CITIES)
    _, first = post(mocked, api, body)
    status, answer = post(mocked, api, continued(api, body, first, "cloudy", "sunny"))
    assert status == 200
    read(WHOLE[api], answer)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("api", APIS)
def test_stream_events_are_of_the_sdks_types(api: str, variant: str):
    """Every event of a stream parses strictly, and is named by its `event:` line."""
    body = request(api, SUMMARY, **THINKING[api])
    if api == "chat":
        body["stream_options"] = {"include_usage": True}
    for event, data in stream(mock(**VARIANTS[variant]), api, body):
        if data == "[DONE]" or event == "ping":  # for the wire alone: SDKs drop both
            continue
        parsed = read(EVENT[api], data)
        assert event == (None if api == "chat" else parsed.type)


@pytest.mark.parametrize("vendor", ["anthropic", "openai"])
def test_models_are_of_the_sdks_types(vendor: str):
    """The list of models, and each model, parse strictly for the vendor that asks."""
    headers = {**HEADERS, **({"anthropic-version": "2026-10-21"} if vendor == "anthropic" else {})}
    kind = ModelInfo if vendor == "anthropic" else Model
    mocked = mock()
    listed = json.loads(mocked.handle("GET", "/v1/models", headers, b"").body)["data"]
    assert listed
    for model in listed:
        one = json.loads(mocked.handle("GET", f"/v1/models/{model['id']}", headers, b"").body)
        assert one == model
        read(kind, model)


def test_token_count_is_what_the_message_will_report():
    """`count_tokens` and a message's `usage.input_tokens` agree."""
    mocked, body = mock(), request("messages")
    _, message = post(mocked, "messages", body)
    del body["max_tokens"]
    answer = mocked.handle("POST", "/v1/messages/count_tokens", HEADERS, json.dumps(body).encode())
    counted = read(MessageTokensCount, json.loads(answer.body))
    assert counted.input_tokens == message["usage"]["input_tokens"]


@pytest.mark.parametrize("api", APIS)
def test_same_request_same_bytes(api: str):
    """Two mocks with one seed answer alike to the last byte; another seed gives other ids."""
    body = request(api, SUMMARY)
    first, second, third = (post(mock(seed=seed), api, body)[1] for seed in (0, 0, 1))
    assert json.dumps(first) == json.dumps(second)
    assert json.dumps(first) != json.dumps(third)


@pytest.mark.parametrize("api", APIS)
def test_ids_are_unique_in_a_conversation(api: str):
    """Calls of all turns have different ids, with the vendor's prefix."""
    mocked, body = mock(), request(api, SUMMARY)
    _, first = post(mocked, api, body)
    body = continued(api, body, first, "cloudy", "sunny", "Jack <jack@example.com>")
    post(mocked, api, body)
    ids = [call.id for exchange in mocked.log for call in exchange.calls]
    assert len(ids) == len(set(ids)) == 4
    assert all(i.startswith("toolu_" if api == "messages" else "call_") for i in ids)
