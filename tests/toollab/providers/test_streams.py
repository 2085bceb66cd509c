"""Streams: the order of events, and what the SDKs' accumulators make of them."""

from __future__ import annotations

import asyncio
import json
import re
from itertools import pairwise
from typing import Any

import anthropic
import openai
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.toollab.providers.bench import APIS, SPECS, SUMMARY, mock, post, request, stream
from toollab.calls import ToolCall
from toollab.providers import (
    Knobs,
    MockProvider,
    Replay,
    Reply,
    anthropic_client,
    async_anthropic_client,
    async_openai_client,
    broken_stream,
    openai_client,
)
from toollab.providers.wire.responses import tools as flat_tools

BLOCK = r"(?:content_block_start (?:content_block_delta )*content_block_stop )"
ITEM = (
    r"(?:output_item.added (?:"
    r"(?:function_call_arguments.delta )*function_call_arguments.done "
    r"|content_part.added (?:output_text.delta )*output_text.done content_part.done "
    r"|reasoning_summary_part.added (?:reasoning_summary_text.delta )*"
    r"reasoning_summary_text.done reasoning_summary_part.done "
    r")output_item.done )"
)


def test_anthropic_events_come_in_order():
    """Start, ping, each block from start to stop, delta, stop; indices count from 0."""
    events = stream(mock(), "messages", request("messages", SUMMARY, thinking={"type": "adaptive"}))
    order = "".join(f"{event} " for event, _ in events)
    assert re.fullmatch(rf"message_start ping {BLOCK}+message_delta message_stop ", order)
    starts = [data["index"] for event, data in events if event == "content_block_start"]
    assert starts == list(range(len(starts)))
    kinds = [d["content_block"]["type"] for e, d in events if e == "content_block_start"]
    assert kinds == ["thinking", "text", "tool_use", "tool_use", "tool_use"]


def test_chat_chunks_come_in_order():
    """Role first, id and name once per call, finish reason, usage when asked, then `[DONE]`."""
    body = request("chat", SUMMARY, stream_options={"include_usage": True})
    *chunks, usage, done = (data for _, data in stream(mock(), "chat", body))
    assert done == "[DONE]"
    assert usage["choices"] == []
    assert usage["usage"]["total_tokens"] > 0
    deltas = [chunk["choices"][0] for chunk in chunks]
    assert deltas[0]["delta"]["role"] == "assistant"
    assert [d["finish_reason"] for d in deltas] == [None] * (len(deltas) - 1) + ["tool_calls"]
    calls = [c for d in deltas for c in d["delta"].get("tool_calls", [])]
    named = [c["index"] for c in calls if "id" in c]
    assert named == [0, 1, 2]
    assert [c["index"] for c in calls] == sorted(c["index"] for c in calls)


def test_responses_events_come_in_order():
    """Created, in progress, each item from added to done, completed; numbered without a gap."""
    body = request("responses", SUMMARY, reasoning={"effort": "low"})
    events = [data for _, data in stream(mock(), "responses", body)]
    order = "".join(f"{data['type'].removeprefix('response.')} " for data in events)
    assert re.fullmatch(rf"created in_progress {ITEM}+completed ", order)
    assert [data["sequence_number"] for data in events] == list(range(len(events)))
    lifecycle = [data["response"]["id"] for data in events if "response" in data]
    assert len(set(lifecycle)) == 1


@pytest.mark.parametrize("api", APIS)
def test_interleaved_calls_mix_and_still_belong_to_their_index(api: str):
    """With `interleave`, neighbouring fragments are of different calls, and nothing is lost."""
    body = request(api, SUMMARY)
    events = [d for _, d in stream(mock(interleave=True, fragment=4), api, body) if d != "[DONE]"]
    owners: list[int] = []
    if api == "messages":
        deltas = [d for d in events if d.get("delta", {}).get("type") == "input_json_delta"]
        owners = [d["index"] for d in deltas]
    elif api == "chat":
        deltas = [d["choices"][0]["delta"].get("tool_calls", []) for d in events]
        owners = [call["index"] for calls in deltas for call in calls if "id" not in call]
    else:
        deltas = [d for d in events if d["type"].endswith("arguments.delta")]
        owners = [d["output_index"] for d in deltas]
    turned = sum(one != other for one, other in pairwise(owners))
    assert turned > len(set(owners)) - 1


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
calls = st.lists(
    st.builds(
        lambda name, arguments: (name, arguments),
        st.sampled_from([spec.name for spec in SPECS]),
        st.dictionaries(st.text("abc_", min_size=1, max_size=6), values, max_size=4),
    ),
    max_size=4,
)


SHARED = MockProvider()  # with its clients: making one takes longer than a reply
CLIENTS = anthropic_client(SHARED), openai_client(SHARED)


@settings(max_examples=settings.default.max_examples // 3)
@given(text=texts, calls=calls, fragment=st.integers(1, 40), interleave=st.booleans())
def test_what_the_sdks_accumulate_is_what_was_said(
    text: str, calls: list[Any], fragment: int, interleave: bool
):
    """However a reply is cut into fragments, the SDKs put the same message together."""
    asked = [ToolCall(f"id_{n}", name, given) for n, (name, given) in enumerate(calls)]
    if not text and not asked:
        text = "Hello."
    SHARED.model = Replay([Reply.of(text, *asked)])
    SHARED.turn(Knobs(fragment=fragment, interleave=interleave))
    accumulated = {api: accumulate(api) for api in APIS}
    assert accumulated == dict.fromkeys(APIS, (text, asked))


def accumulate(api: str) -> tuple[str, list[ToolCall]]:
    """Stream one reply through a vendor's own accumulator."""
    messages, completions = CLIENTS
    body = request(api)
    if api == "messages":
        with messages.messages.stream(**body) as events:
            message = events.get_final_message()
        found = [b for b in message.content if b.type == "tool_use"]
        said = "".join(b.text for b in message.content if b.type == "text")
        return said, [ToolCall(b.id, b.name, b.input) for b in found]
    if api == "chat":
        with completions.chat.completions.stream(**body) as chunks:
            whole = chunks.get_final_completion().choices[0].message
        listed = whole.tool_calls or []
        return whole.content or "", [
            ToolCall(c.id, c.function.name, json.loads(c.function.arguments)) for c in listed
        ]
    with completions.responses.stream(**body) as events:
        response = events.get_final_response()
    items = [item for item in response.output if item.type == "function_call"]
    return response.output_text, [
        ToolCall(i.call_id, i.name, json.loads(i.arguments)) for i in items
    ]


@pytest.mark.parametrize("api", APIS)
def test_stream_ends_as_the_whole_answer(api: str):
    """Streaming or not, the same request gives the same message, ids and usage included."""
    mocked, body = mock(), request(api, SUMMARY)
    _, whole = post(mocked, api, body)
    if api == "messages":
        with anthropic_client(mocked).messages.stream(**body) as events:
            final = events.get_final_message().to_dict()
        for part in final["content"]:
            part.pop("parsed_output", None)
        assert {**whole, **final} == whole | {"usage": final["usage"]}
        assert final["usage"]["output_tokens"] == whole["usage"]["output_tokens"]
    elif api == "responses":
        last = stream(mocked, api, body)[-1][1]
        assert last["response"] == whole
    else:
        with openai_client(mocked).chat.completions.stream(**body) as chunks:
            final = chunks.get_final_completion()
        assert final.id == whole["id"]
        assert final.choices[0].finish_reason == whole["choices"][0]["finish_reason"]


@pytest.mark.parametrize("api", APIS)
def test_async_clients_stream_too(api: str):
    """The async clients see the same number of calls in a stream."""

    async def count() -> int:
        body = request(api, SUMMARY, stream=True)
        if api == "messages":
            client = async_anthropic_client(mocked)
            events = [e async for e in await client.messages.create(**body)]
            found = [e for e in events if e.type == "content_block_start"]
            return sum(e.content_block.type == "tool_use" for e in found)
        client = async_openai_client(mocked)
        if api == "chat":
            chunks = [c async for c in await client.chat.completions.create(**body)]
            deltas = [c.choices[0].delta.tool_calls or [] for c in chunks]
            return len({call.index for calls in deltas for call in calls})
        events = [e async for e in await client.responses.create(**body)]
        added = [e for e in events if e.type == "response.output_item.added"]
        return sum(e.item.type == "function_call" for e in added)

    mocked = mock()
    assert asyncio.run(count()) == 3


class TestQuirks:
    """Servers that are compatible, but not quite: what the SDKs make of them."""

    def test_truncated_arguments_look_plausible(self):
        """Anthropic's accumulator turns a cut-off call into a smaller, valid-looking one."""
        call = ToolCall("toolu_1", "send_email", {"to": "jack@example.com", "message": "Hi" * 20})
        mocked = MockProvider(Replay([Reply.of("", call)]))
        body = request("messages", max_tokens=15)
        with anthropic_client(mocked).messages.stream(**body) as events:
            message = events.get_final_message()
        assert message.stop_reason == "max_tokens"
        assert message.content[0].input == {"to": "jack@example.com"}
        _, whole = post(mocked, "messages", body)
        assert whole["content"][0]["input"] == {"to": "jack@example.com"}

    def test_truncated_completions_raise(self):
        """OpenAI's helper refuses a completion that was cut off."""
        client = openai_client(mock(truncate=True))
        body = request("chat", SUMMARY)
        with (
            pytest.raises(openai.LengthFinishReasonError),
            client.chat.completions.stream(**body) as chunks,
        ):
            chunks.get_final_completion()

    def test_truncated_responses_are_incomplete(self):
        """A truncated response says so, and so does its last item."""
        _, response = post(mock(truncate=True), "responses", request("responses", SUMMARY))
        assert response["status"] == "incomplete"
        assert response["incomplete_details"] == {"reason": "max_output_tokens"}
        assert response["output"][-1]["status"] == "incomplete"

    def test_frames_without_event_names_are_lost_on_anthropic(self):
        """Anthropic's decoder drops frames without an `event:` line, without a word."""
        client = anthropic_client(mock(stream_quirk="no event names"))
        assert list(client.messages.create(**request("messages"), stream=True)) == []

    def test_frames_without_event_names_arrive_on_openai(self):
        """OpenAI's decoder does without names."""
        client = openai_client(mock(stream_quirk="no event names"))
        body = request("responses")
        events = [e.type for e in client.responses.create(**body, stream=True)]
        assert events[0] == "response.created"
        assert events[-1] == "response.completed"

    @pytest.mark.parametrize(
        ("quirk", "field", "told"),
        [("repeat id", "id", "aaa"), ("repeat name", "name", "fff")],
    )
    def test_repeated_fields_are_glued_together(self, quirk: Any, field: str, told: str):
        """Fragments that repeat an id or a name give a repeated id or name."""
        mocked = MockProvider(Replay([Reply.of("", ToolCall("a", "f", {"q": 1}))]))
        mocked.turn(Knobs(stream_quirk=quirk, fragment=4))
        with openai_client(mocked).chat.completions.stream(**request("chat")) as chunks:
            call = chunks.get_final_completion().choices[0].message.tool_calls[0]
        assert (call.id if field == "id" else call.function.name) == told

    def test_calls_that_share_an_index_become_one(self):
        """Two calls with index 0 are merged into one that nobody asked for."""
        calls = [ToolCall("a", "f", {"q": 1}), ToolCall("b", "f", {"q": 2})]
        mocked = MockProvider(Replay([Reply.of("", *calls)]))
        mocked.turn(Knobs(stream_quirk="same index", fragment=40))
        with openai_client(mocked).chat.completions.stream(**request("chat")) as chunks:
            merged = chunks.get_final_completion().choices[0].message.tool_calls
        assert [(c.id, c.function.name, c.function.arguments) for c in merged] == [
            ("ab", "ff", '{"q": 1}{"q": 2}')
        ]

    def test_broken_stream_raises_on_anthropic_and_is_not_retried(self):
        """An `error` event raises an error of status 200, after one request."""
        mocked = mock(failures=(broken_stream(4),))
        client = anthropic_client(mocked)
        with pytest.raises(anthropic.APIStatusError) as caught:
            list(client.messages.create(**request("messages"), stream=True))
        assert caught.value.status_code == 200
        assert len(mocked.log) == 1

    def test_broken_stream_raises_on_chat(self):
        """An error chunk raises."""
        client = openai_client(mock(failures=(broken_stream(4),)))
        with pytest.raises(openai.APIError):
            list(client.chat.completions.create(**request("chat"), stream=True))

    def test_broken_stream_is_an_event_on_responses(self):
        """The Responses API says so in an event, and never completes."""
        client = openai_client(mock(failures=(broken_stream(4),)))
        events = [e.type for e in client.responses.create(**request("responses"), stream=True)]
        assert events[-1] == "error"
        assert "response.completed" not in events

    @pytest.mark.parametrize("api", APIS)
    def test_stream_without_an_end(self, api: str):
        """`no end` leaves out the closing event, and only that."""
        body = request(api)
        whole, cut = stream(mock(), api, body), stream(mock(stream_quirk="no end"), api, body)
        assert cut == whole[:-1]


def test_flat_tools_carry_strict():
    """Responses tools have the `strict` key, which the SDK's type requires."""
    assert all("strict" in tool for tool in flat_tools(SPECS))
