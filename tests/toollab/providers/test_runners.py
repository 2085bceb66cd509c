"""The vendors' own tool runners, against the mock."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from anthropic import beta_async_tool, beta_tool
from openai.lib.responses_tool_runner import (
    AsyncRegisteredFunction,
    AsyncResponsesToolRunner,
    RegisteredFunction,
    ResponsesToolRunner,
)

from tests.toollab.providers.bench import ANTHROPIC, MAIL, OPENAI, SUMMARY, TWO_CITIES, Desk
from toollab.providers import (
    MockProvider,
    anthropic_client,
    async_anthropic_client,
    async_openai_client,
    openai_client,
)

FIGURES = {TWO_CITIES: [2, 0], SUMMARY: [3, 1, 0]}


def anthropic_tools(desk: Desk) -> list[Any]:
    """Return the weather desk's tools as Anthropic's runner takes them."""

    @beta_tool
    def get_weather(city: str) -> str:
        """Get the weather."""
        return desk.work("get_weather", {"city": city})

    @beta_tool
    def get_profile() -> str:
        """Get the user's profile."""
        return desk.work("get_profile", {})

    @beta_tool
    def send_email(to: str, message: str) -> str:
        """Send an e-mail."""
        return desk.work("send_email", {"to": to, "message": message})

    return [get_weather, get_profile, send_email]


def async_anthropic_tools(desk: Desk) -> list[Any]:
    """Return the same as coroutine functions."""

    @beta_async_tool
    async def get_weather(city: str) -> str:
        """Get the weather."""
        return desk.work("get_weather", {"city": city})

    @beta_async_tool
    async def get_profile() -> str:
        """Get the user's profile."""
        return desk.work("get_profile", {})

    @beta_async_tool
    async def send_email(to: str, message: str) -> str:
        """Send an e-mail."""
        return desk.work("send_email", {"to": to, "message": message})

    return [get_weather, get_profile, send_email]


def functions(desk: Desk, *, waiting: bool) -> list[Any]:
    """Return the weather desk's tools as OpenAI's runner takes them."""
    wanted = {"get_weather": ["city"], "get_profile": [], "send_email": ["to", "message"]}
    registered = []
    for name, arguments in wanted.items():
        schema = {
            "type": "object",
            "properties": {argument: {"type": "string"} for argument in arguments},
            "required": arguments,
            "additionalProperties": False,
        }
        tool: Any = {"type": "function", "name": name, "parameters": schema, "strict": True}

        def execute(given: dict[str, Any], name: str = name) -> str:
            return desk.work(name, given)

        async def execute_async(given: dict[str, Any], name: str = name) -> str:
            await asyncio.sleep(0)
            return desk.work(name, given)

        independent = name != "send_email"
        if waiting:
            registered.append(AsyncRegisteredFunction(tool, execute_async, independent=independent))
        else:
            registered.append(RegisteredFunction(tool, execute, independent=independent))
    return registered


def judge(mocked: MockProvider, desk: Desk, question: str) -> None:
    """Compare with the conversation's figures."""
    assert mocked.log.calls_per_turn == FIGURES[question]
    assert desk.mailbox == ([MAIL] if question == SUMMARY else [])
    assert [fault.rule for fault in mocked.log.faults if fault.rule != "thread-unsupported"] == []


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("threaded", [True, False], ids=["thread", "history"])
@pytest.mark.parametrize("question", FIGURES)
class TestAnthropicRunner:
    """`client.beta.messages.tool_runner`, with server-held threads asked for and without."""

    def options(self, question: str, *, threaded: bool, streaming: bool) -> dict[str, Any]:
        """Return what the runner is started with."""
        said = [{"role": "user", "content": question}]
        more = {} if threaded else {"thread": False}
        return {
            "model": ANTHROPIC,
            "max_tokens": 1000,
            "messages": said,
            "stream": streaming,
            **more,
        }

    def test_blocking(self, question: str, threaded: bool, streaming: bool):
        """The runner completes; refused a thread, it falls back to sending the history."""
        mocked, desk = MockProvider(), Desk()
        options = self.options(question, threaded=threaded, streaming=streaming)
        client = anthropic_client(mocked)
        for turn in client.beta.messages.tool_runner(tools=anthropic_tools(desk), **options):
            if streaming:
                turn.get_final_message()
        judge(mocked, desk, question)
        rules = [fault.rule for fault in mocked.log.faults]
        assert rules == (["thread-unsupported"] if threaded else [])

    def test_eager(self, question: str, threaded: bool, streaming: bool):
        """Tools that run while the reply still streams make no difference to the figures."""
        mocked, desk = MockProvider(), Desk()
        options = self.options(question, threaded=threaded, streaming=True)
        runner = anthropic_client(mocked).beta.messages.tool_runner(
            tools=anthropic_tools(desk), run_tools_eagerly=streaming, **options
        )
        for turn in runner:
            turn.get_final_message()
        judge(mocked, desk, question)

    def test_on_a_loop(self, question: str, threaded: bool, streaming: bool):
        """So does the asynchronous runner."""

        async def run() -> None:
            options = self.options(question, threaded=threaded, streaming=streaming)
            client = async_anthropic_client(mocked)
            runner = client.beta.messages.tool_runner(tools=async_anthropic_tools(desk), **options)
            async for turn in runner:
                if streaming:
                    await turn.get_final_message()

        mocked, desk = MockProvider(), Desk()
        asyncio.run(run())
        judge(mocked, desk, question)


@pytest.mark.parametrize(
    "options",
    [{}, {"stream": True}, {"stream": True, "eager": True, "max_concurrent_calls": 3}],
    ids=["whole", "stream", "eager"],
)
@pytest.mark.parametrize("question", FIGURES)
class TestOpenAIRunner:
    """`ResponsesToolRunner` and its asynchronous twin."""

    def test_blocking(self, question: str, options: dict[str, Any]):
        """The runner completes, its calls one after another or at once."""
        mocked, desk = MockProvider(), Desk()
        runner = ResponsesToolRunner(functions=functions(desk, waiting=False))
        params: Any = {"model": OPENAI, "input": question}
        response = runner.run(openai_client(mocked), params, **options)
        judge(mocked, desk, question)
        assert "Beijing is cloudy at 5 degrees" in response.output_text

    def test_on_a_loop(self, question: str, options: dict[str, Any]):
        """So does the asynchronous runner."""
        mocked, desk = MockProvider(), Desk()
        runner = AsyncResponsesToolRunner(functions=functions(desk, waiting=True))
        params: Any = {"model": OPENAI, "input": question}
        response = asyncio.run(runner.run(async_openai_client(mocked), params, **options))
        judge(mocked, desk, question)
        assert "Beijing is cloudy at 5 degrees" in response.output_text
