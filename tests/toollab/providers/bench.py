"""What the tests of the mock share: a small world, three APIs, four ways to a client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from toollab import providers
from toollab.calls import ToolCall, ToolResult, ToolSpec
from toollab.providers import ChatAgent, Knobs, MessagesAgent, MockProvider, ResponsesAgent, Server
from toollab.providers.wire import anthropic as messages_wire
from toollab.providers.wire import chat as chat_wire
from toollab.providers.wire import responses as responses_wire

WEATHER = {"Beijing": "cloudy, 5 degrees", "LA": "sunny, 20 degrees"}

TWO_CITIES = "How is the weather in Beijing and LA?"
SUMMARY = "Get the weather in Beijing and LA and send a summary email to me."
CUSTOMER = "Give me the full picture on customer 1234."
PRODUCTS = "Compare the products Kestrel, Merlin and Osprey."

MAIL = {
    "from": "weather-bot@example.com",
    "to": "jack@example.com",
    "message": "Weather summary: Beijing is cloudy at 5 degrees, LA is sunny at 20 degrees.",
}

ANTHROPIC, OPENAI = "claude-haiku-5-5", "gpt-6-luna"


def spec(name: str, /, **arguments: str) -> ToolSpec:
    """Describe a tool; arguments are names and JSON types."""
    properties = {argument: {"type": kind} for argument, kind in arguments.items()}
    schema = {"type": "object", "properties": properties, "required": list(arguments)}
    return ToolSpec(name, f"The tool {name}.", schema)


SPECS = (
    spec("get_weather", city="string"),
    spec("get_profile"),
    spec("send_email", to="string", message="string"),
    spec("get_customer", customer_id="integer"),
    spec("get_orders", customer_id="integer"),
    spec("get_tickets", customer_id="integer"),
    spec("get_product", name="string"),
)


@dataclass
class Desk:
    """Tools that answer at once, a mailbox, and a list of what was called."""

    mailbox: list[dict[str, str]] = field(default_factory=list)
    called: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def work(self, name: str, arguments: dict[str, Any]) -> str:
        """Do what a tool does."""
        self.called.append((name, arguments))
        if name == "get_weather":
            return WEATHER[arguments["city"]]
        if name == "get_profile":
            return "Jack <jack@example.com>"
        if name == "send_email":
            self.mailbox.append({"from": "weather-bot@example.com", **arguments})
            return f"sent to {arguments['to']}"
        return f"{name} of {next(iter(arguments.values()))}"

    @property
    def registry(self) -> dict[str, Callable[..., Any]]:
        """Return the tools as coroutine functions."""

        def tool(name: str) -> Callable[..., Any]:
            async def call(**arguments: Any) -> str:
                await asyncio.sleep(0)
                return self.work(name, arguments)

            return call

        return {spec.name: tool(spec.name) for spec in SPECS}


async def gather(calls: list[ToolCall], registry: Any) -> list[ToolResult]:
    """Run a batch, each call on its own."""

    async def run(call: ToolCall) -> ToolResult:
        try:
            return ToolResult(call.id, await registry[call.name](**call.arguments))
        except Exception as error:  # noqa: BLE001  a dispatcher isolates
            return ToolResult(call.id, repr(error), is_error=True)

    return list(await asyncio.gather(*(run(call) for call in calls)))


APIS = ("messages", "chat", "responses")


def agent(
    api: str, place: MockProvider | Server, *, blocking: bool = True, **options: Any
) -> MessagesAgent | ChatAgent | ResponsesAgent:
    """Make the agent of an API, over the vendor's client."""
    options = {"specs": SPECS, **options}
    if api == "messages":
        make = providers.anthropic_client if blocking else providers.async_anthropic_client
        return MessagesAgent(make(place), ANTHROPIC, **options)
    make_openai = providers.openai_client if blocking else providers.async_openai_client
    kind = ChatAgent if api == "chat" else ResponsesAgent
    return kind(make_openai(place), OPENAI, **options)


PATHS = {"messages": "/v1/messages", "chat": "/v1/chat/completions", "responses": "/v1/responses"}
HEADERS = {"authorization": "Bearer mock-key"}


def request(
    api: str, text: str = TWO_CITIES, specs: Sequence[ToolSpec] = SPECS, **more: Any
) -> dict[str, Any]:
    """Return the first request of a conversation."""
    said = [{"role": "user", "content": text}]
    if api == "messages":
        body = {"model": ANTHROPIC, "max_tokens": 1000, "messages": said}
        tools = messages_wire.tools(specs)
    elif api == "chat":
        body, tools = {"model": OPENAI, "messages": said}, chat_wire.tools(specs)
    else:
        body, tools = {"model": OPENAI, "input": said}, responses_wire.tools(specs)
    return deepcopy({**body, **({"tools": tools} if tools else {}), **more})


def post(mock: MockProvider, api: str, body: Any, **headers: str) -> tuple[int, Any]:
    """Send a request straight to the mock; return status and JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = mock.handle("POST", PATHS[api], {**HEADERS, **headers}, content)
    return answer.status, json.loads(answer.body)


def stream(mock: MockProvider, api: str, body: dict[str, Any]) -> list[tuple[str | None, Any]]:
    """Send a streaming request straight to the mock; return `(event, data)` of each frame."""
    content = json.dumps({**body, "stream": True}).encode()
    answer = mock.handle("POST", PATHS[api], HEADERS, content)
    assert answer.frames is not None, answer.body
    found = []
    for raw in answer.frames:
        lines = raw.decode().strip().split("\n")
        event = next((line[7:] for line in lines if line.startswith("event: ")), None)
        data = next(line[6:] for line in lines if line.startswith("data: "))
        found.append((event, data if data == "[DONE]" else json.loads(data)))
    return found


def continued(api: str, body: dict[str, Any], answer: Any, *contents: str) -> dict[str, Any]:
    """Return the request that answers all calls of `answer`, in order, with `contents`."""
    if api == "messages":
        calls = [b for b in answer["content"] if b["type"] == "tool_use"]
        results = [
            {"type": "tool_result", "tool_use_id": c["id"], "content": text}
            for c, text in zip(calls, contents, strict=True)
        ]
        turn = [
            {"role": "assistant", "content": answer["content"]},
            {"role": "user", "content": results},
        ]
        return {**body, "messages": [*body["messages"], *turn]}
    if api == "chat":
        message = answer["choices"][0]["message"]
        results = [
            {"role": "tool", "tool_call_id": c["id"], "content": text}
            for c, text in zip(message["tool_calls"], contents, strict=True)
        ]
        return {**body, "messages": [*body["messages"], message, *results]}
    calls = [item for item in answer["output"] if item["type"] == "function_call"]
    results = [
        {"type": "function_call_output", "call_id": c["call_id"], "output": text}
        for c, text in zip(calls, contents, strict=True)
    ]
    return {**body, "input": [*body["input"], *answer["output"], *results]}


def mock(**knobs: Any) -> MockProvider:
    """Make a mock with these knobs."""
    return MockProvider(knobs=Knobs(**knobs))
