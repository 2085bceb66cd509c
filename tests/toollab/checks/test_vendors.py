"""The cases of notebook 09 are what real services say and take: the mock and the SDKs agree."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from anthropic.types import Message
from openai.types.chat import ChatCompletion
from openai.types.responses import Response

from toollab.checks.vendors import Emitted, Said, Wanted, build_request, normalise_ids, to_neutral
from toollab.providers import MockProvider
from toollab.providers.wire import anthropic, chat, responses

PATHS = {"messages": "messages", "chat": "chat/completions", "responses": "responses"}
WIRES = {"messages": anthropic, "chat": chat, "responses": responses}


def status(api: str, body: dict[str, Any]) -> int:
    """Send a request to a mock that enforces its service's rules."""
    whole = {"model": "a-model", **body} | ({"max_tokens": 9} if api == "messages" else {})
    headers = {"authorization": "Bearer key", "anthropic-version": "2026-10-21"}
    answer = MockProvider().handle("POST", f"/v1/{PATHS[api]}", headers, json.dumps(whole).encode())
    return answer.status


def kept(build: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    """Judge a function on every combination; return the requests that earned full points."""
    found = []
    for api in PATHS:
        for count in (0, 1, 3):
            for parallel in (None, True, False):
                case = Wanted(api, count, parallel, seed=count)
                if build_request(build, cases=[case]).earned == build_request.points:
                    body = build(case.prompt, case.tools, api, parallel=parallel)
                    found.append({"api": api, "body": body, "parallel": parallel, "count": count})
    return found


def built(prompt: str, tools: list[Any], api: str, *, parallel: bool | None) -> dict[str, Any]:
    """Build a request with tools as the agents' own adapters write them."""
    body: dict[str, Any] = {"messages": [{"role": "user", "content": prompt}]}
    if api == "responses":
        body = {"input": body["messages"]}
    if tools and api == "messages":
        body["tools"] = [
            {"input_schema" if k == "parameters" else k: v for k, v in t.items()} for t in tools
        ]
    elif tools:
        body["tools"] = [
            {"type": "function", **({"function": t} if api == "chat" else t)} for t in tools
        ]
    if tools and parallel is not None:
        if api == "messages":
            body["tool_choice"] = {"type": "auto", "disable_parallel_tool_use": not parallel}
        else:
            body["parallel_tool_calls"] = parallel
    return body


def test_what_the_check_takes_is_what_the_services_take_and_heed():
    """Every request with full points gets 200, and its conversation has the knob as wanted."""
    requests = kept(built)
    assert len(requests) == 27
    for request in requests:
        assert status(request["api"], request["body"]) == 200, request
        heard = WIRES[request["api"]].read(request["body"])
        wanted = request["parallel"] is not False or not request["count"]
        assert heard.parallel is wanted


@pytest.mark.parametrize("api", PATHS)
def test_a_knob_without_tools_is_refused_by_check_and_service_alike(api: str):
    """What the check calls `knob-without-tools` is answered with 400."""
    case = Wanted(api, 0, parallel=False)
    knob = (
        {"tool_choice": {"type": "auto"}} if api == "messages" else {"parallel_tool_calls": False}
    )
    body = built(case.prompt, [], api, parallel=False) | knob
    found = build_request(lambda *_args, **_more: body, cases=[case])
    assert found["turns no knob unasked"].mistake == "knob-without-tools"
    assert status(api, body) == 400


@pytest.mark.parametrize("seed", range(4))
def test_replies_are_what_the_sdks_read(seed: int):
    """The SDKs' own types find the same ids in a made-up reply as the case says it has."""
    layout = ("thinking", "text", "call", "call", "bare", "search", "call")
    said = Said("messages", layout, seed)
    body = said.reply() | {"model": "m", "usage": {"input_tokens": 1, "output_tokens": 1}}
    message = Message.model_validate({**body, "stop_sequence": None})
    assert [b.id for b in message.content if b.type == "tool_use"] == [c.id for c in said.calls]
    said = Said("chat", layout, seed)
    completion = ChatCompletion.model_validate({**said.reply(), "created": 0, "model": "m"})
    asked = completion.choices[0].message.tool_calls or []
    assert [call.id for call in asked] == [call.id for call in said.calls]
    said = Said("responses", layout, seed)
    response = Response.construct(**said.reply())
    items = [item for item in response.output if item.type == "function_call"]
    assert [item.call_id for item in items] == [call.id for call in said.calls]
    assert not {item.id for item in items} & {item.call_id for item in items}


def test_values_that_are_no_answers_fail_and_never_raise():
    """Nonsense earns nothing from any of the three exercises."""
    for value in (7, "text", [None], [[]], {"messages": 1}, object()):
        for exercise in (build_request, to_neutral, normalise_ids):
            report = exercise(lambda *_args, value=value, **_more: value)
            assert report.earned < exercise.points
            assert not any("itself broke" in finding.saw for finding in report.findings)


def test_the_first_of_several_calls_keeps_a_good_id():
    """`kept` names the places whose id stays: usable, not taken, and not there before."""
    case = Emitted(("a", "a", "", "b", "x" * 65, "c.d", "e"), taken=("b",))
    assert case.kept == {0: "a", 6: "e"}
