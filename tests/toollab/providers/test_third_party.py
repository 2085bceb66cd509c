"""A third party's agent framework with its own providers, which know nothing of the mock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Iterator
from typing import Any

import pytest
from pydantic_ai import Agent
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider

from tests.toollab.providers.bench import (
    ANTHROPIC,
    APIS,
    MAIL,
    OPENAI,
    SUMMARY,
    TWO_CITIES,
    Desk,
)
from toollab.providers import Server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Put one mock on loopback."""
    with Server() as server:
        yield server


def model(api: str, server: Server) -> Any:
    """Make the framework's model for an API."""
    if api == "messages":
        provider = AnthropicProvider(api_key="any", base_url=server.url)
        return AnthropicModel(ANTHROPIC, provider=provider)
    kind = OpenAIChatModel if api == "chat" else OpenAIResponsesModel
    return kind(OPENAI, provider=OpenAIProvider(api_key="any", base_url=server.openai_url))


FIGURES = {TWO_CITIES: [2, 0], SUMMARY: [3, 1, 0]}


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("question", FIGURES)
def test_framework_completes_the_conversation(
    server: Server, api: str, question: str, streaming: bool
):
    """Over loopback, on all three APIs, streaming and not, with the conversation's figures."""
    desk = Desk()
    agent = Agent(model(api, server))

    @agent.tool_plain
    async def get_weather(city: str) -> str:
        """Get the weather."""
        return desk.work("get_weather", {"city": city})

    @agent.tool_plain
    async def get_profile() -> str:
        """Get the user's profile."""
        return desk.work("get_profile", {})

    @agent.tool_plain
    async def send_email(to: str, message: str) -> str:
        """Send an e-mail."""
        return desk.work("send_email", {"to": to, "message": message})

    async def read(_context: Any, events: AsyncIterable[Any]) -> None:
        seen.extend([type(event).__name__ async for event in events])

    async def run() -> str:
        async with agent:
            handler = read if streaming else None  # makes the framework ask for streams
            return (await agent.run(question, event_stream_handler=handler)).output

    seen: list[str] = []

    server.mock.log.clear()
    answer = asyncio.run(run())
    assert server.mock.log.calls_per_turn == FIGURES[question]
    assert server.mock.log.faults == []
    assert all(exchange.streamed for exchange in server.mock.log) or not streaming
    assert ("PartDeltaEvent" in seen) == streaming
    assert len(server.mock.log.results) == sum(FIGURES[question])
    assert desk.mailbox == ([MAIL] if question == SUMMARY else [])
    assert "Beijing is cloudy at 5 degrees" in answer
