"""The agent loop: what it insists on, and where it stops."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.toollab.providers.bench import (
    APIS,
    MAIL,
    SPECS,
    SUMMARY,
    TWO_CITIES,
    Desk,
    agent,
    gather,
    mock,
)
from toollab.calls import ToolCall, ToolResult
from toollab.providers import MockProvider, Piece, Replay, Reply, run_agent
from toollab.providers.agent import loop


def test_loop_fits_on_a_screen():
    """The loop is there to be read."""
    assert len(inspect.getsource(loop.run_agent).splitlines()) <= 40


@pytest.mark.parametrize("api", APIS)
def test_blocking_dispatcher_with_threads_will_do(api: str):
    """A plain function that uses a thread pool is as good as a coroutine function."""

    def dispatch(calls: list[ToolCall], registry: Any) -> list[ToolResult]:
        def run(call: ToolCall) -> ToolResult:
            return ToolResult(call.id, registry[call.name](**call.arguments))

        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(run, calls))

    desk = Desk()
    tools = {
        spec.name: lambda name=spec.name, **arguments: desk.work(name, arguments) for spec in SPECS
    }
    run = asyncio.run(run_agent(agent(api, mock()), SUMMARY, tools, dispatch))
    assert run.finished
    assert desk.mailbox == [MAIL]


@pytest.mark.parametrize("api", APIS)
def test_results_may_come_in_any_order(api: str):
    """Results are matched by id, so a dispatcher may return them as they finish."""

    async def backwards(calls: list[ToolCall], registry: Any) -> Sequence[ToolResult]:
        return (await gather(calls, registry))[::-1]

    desk = Desk()
    run = asyncio.run(run_agent(agent(api, mock()), TWO_CITIES, desk.registry, backwards))
    assert "Beijing is cloudy at 5 degrees, LA is sunny at 20 degrees" in run.answer
    assert [r.content for r in run.steps[0].results.values()] != []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda results: results[1:],
        lambda results: [*results, results[0]],
        lambda results: [ToolResult("other", ""), *results[1:]],
        lambda _results: [],
    ],
    ids=["one missing", "one twice", "one unknown", "none"],
)
def test_batch_must_be_answered_exactly_once(spoil: Any):
    """Missing, doubled and unknown results stop the loop before the service would refuse them."""

    async def dispatch(calls: list[ToolCall], registry: Any) -> list[ToolResult]:
        return spoil(await gather(calls, registry))

    mocked = mock()
    with pytest.raises(ValueError, match=r"Hint: return one result for each call"):
        asyncio.run(run_agent(agent("messages", mocked), TWO_CITIES, Desk().registry, dispatch))
    assert mocked.log.statuses == [200]


def test_turns_are_bounded():
    """A model that never stops calling is stopped."""
    call = ToolCall("toolu_1", "get_profile", {})
    replies = [Reply.of("", ToolCall(f"toolu_{n}", call.name, {})) for n in range(9)]
    partner = agent("messages", MockProvider(Replay(replies)))
    run = asyncio.run(run_agent(partner, "Go", Desk().registry, gather, max_turns=3))
    assert not run.finished
    assert len(run.steps) == 3
    assert str(run).endswith("[stopped: no turns left]")


@pytest.mark.parametrize("api", APIS)
def test_transcript_tells_turns_calls_and_results(api: str):
    """A run reads as a conversation, errors marked."""
    desk = Desk()
    partner = agent(api, mock())
    run = asyncio.run(
        run_agent(partner, "The weather in LA and in Atlantis", desk.registry, gather)
    )
    told = "KeyError('Atlantis')" if api == "messages" else "Error: KeyError('Atlantis')"
    found = "Here is what I found: LA is sunny at 20 degrees."
    answer = f"{found} I could not get the weather in Atlantis ({told})."
    assert str(run).splitlines() == [
        "[turn 1] Let me look up the weather in LA and the weather in Atlantis.",
        "    get_weather(city='LA') → sunny, 20 degrees",
        "    get_weather(city='Atlantis') → failed: KeyError('Atlantis')",
        f"[turn 2] {answer}",
    ]


@pytest.mark.parametrize("api", APIS)
def test_system_prompt_and_knobs_are_sent(api: str):
    """`system` and `parallel` go where each API wants them; `None` leaves the key out."""
    bodies = []
    for parallel in (None, True, False):
        mocked = mock()
        partner = agent(api, mocked, system="Be brief.", parallel=parallel)
        asyncio.run(run_agent(partner, TWO_CITIES, Desk().registry, gather))
        assert mocked.log[0].conversation.system == "Be brief."
        bodies.append(mocked.log[0].body)
    if api == "messages":
        sent = [body.get("tool_choice") for body in bodies]
        off = {"type": "auto", "disable_parallel_tool_use": True}
        assert sent == [None, {"type": "auto", "disable_parallel_tool_use": False}, off]
    else:
        assert [body.get("parallel_tool_calls", "absent") for body in bodies] == [
            "absent",
            True,
            False,
        ]


@pytest.mark.parametrize("api", APIS)
def test_without_tools_no_knob_is_sent(api: str):
    """`parallel` without tools would be refused, so it is left out."""
    mocked = mock()
    partner = agent(api, mocked, specs=(), parallel=False)
    run = asyncio.run(run_agent(partner, "Hello!", {}, gather))
    assert run.finished
    assert mocked.log.statuses == [200]


@pytest.mark.parametrize("arguments", ["[1]", "5"])
def test_arguments_that_are_no_object_are_told(arguments: str):
    """A call with arguments that are no JSON object ends the run with a hint."""
    reply = Reply((Piece("call", arguments, "call_1", "get_profile"),), "calls")
    partner = agent("chat", MockProvider(Replay([reply])))
    with pytest.raises(ValueError, match=r"Hint: the model made a mistake"):
        asyncio.run(run_agent(partner, "Go", Desk().registry, gather))
