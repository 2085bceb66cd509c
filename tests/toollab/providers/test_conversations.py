"""The client's conversations, on three APIs, with both SDKs, blocking and not, near and far."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from tests.toollab.providers.bench import (
    APIS,
    CUSTOMER,
    MAIL,
    PRODUCTS,
    SUMMARY,
    TWO_CITIES,
    Desk,
    agent,
    gather,
    mock,
)
from toollab.clock import simulate
from toollab.providers import Knobs, MockProvider, Server, run_agent
from toollab.tools import weather_desk

# question: calls in each turn, names of the tools called
FIGURES = {
    TWO_CITIES: ([2, 0], ["get_weather", "get_weather"]),
    SUMMARY: ([3, 1, 0], ["get_weather", "get_weather", "get_profile", "send_email"]),
    CUSTOMER: ([3, 0], ["get_customer", "get_orders", "get_tickets"]),
    PRODUCTS: ([3, 0], ["get_product", "get_product", "get_product"]),
}


@pytest.fixture(params=["in process", "on loopback"])
def place(request: pytest.FixtureRequest) -> Iterator[MockProvider | Server]:
    """Return a mock in this process, or one on loopback."""
    if request.param == "in process":
        yield MockProvider()
        return
    with Server() as server:
        yield server


def converse(api: str, place: MockProvider | Server, question: str, **options: Any) -> Any:
    """Run the agent loop; return the run and the desk it worked at."""

    async def talk() -> Any:
        partner = agent(api, place, **options)
        try:
            return await run_agent(partner, question, desk.registry, gather)
        finally:
            closing = partner.client.close()
            if closing is not None:
                await closing

    desk = Desk()
    return asyncio.run(talk()), desk


@pytest.mark.parametrize("blocking", [True, False], ids=["sync", "async"])
@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("question", FIGURES)
def test_conversation_has_its_figures(
    place: MockProvider | Server, api: str, question: str, blocking: bool
):
    """Requests, calls per turn, tools and the mailbox are the same by every way."""
    run, desk = converse(api, place, question, blocking=blocking)
    log = place.mock.log if isinstance(place, Server) else place.log
    per_turn, tools = FIGURES[question]
    assert log.calls_per_turn == per_turn
    assert log.statuses == [200] * len(per_turn)
    assert log.faults == []
    assert [name for name, _ in desk.called] == tools
    assert len(log.results) == len(tools)
    assert desk.mailbox == ([MAIL] if question == SUMMARY else [])
    assert run.finished


@pytest.mark.parametrize("api", APIS)
def test_answer_is_written_from_the_results(api: str):
    """The final answer says what the tools returned, in the same words on every API."""
    run, _ = converse(api, mock(), TWO_CITIES)
    assert run.answer == (
        "Here is what I found: Beijing is cloudy at 5 degrees, LA is sunny at 20 degrees."
    )


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("question", FIGURES)
def test_one_call_a_turn_when_parallel_calls_are_switched_off(api: str, question: str):
    """`parallel_tool_calls: false` and `disable_parallel_tool_use` give one call a turn."""
    mocked = mock()
    _, desk = converse(api, mocked, question, parallel=False)
    assert mocked.log.calls_per_turn == [1] * len(FIGURES[question][1]) + [0]
    assert desk.mailbox == ([MAIL] if question == SUMMARY else [])


@pytest.mark.parametrize("api", APIS)
def test_reasoning_travels_with_its_calls(api: str):
    """With thinking on, the loop sends thoughts back and nothing is refused."""
    options = {
        "messages": {"thinking": {"type": "adaptive"}},
        "chat": {},
        "responses": {"reasoning": {"effort": "low"}},
    }[api]
    mocked = mock()
    _, desk = converse(api, mocked, SUMMARY, **options)
    assert mocked.log.calls_per_turn == [3, 1, 0]
    assert desk.mailbox == [MAIL]


@pytest.mark.parametrize(("dispatcher", "seconds"), [("gather", 4.0), ("serial", 4.6)])
@pytest.mark.parametrize("api", APIS)
def test_real_clients_run_on_simulated_time(api: str, dispatcher: str, seconds: float):
    """Three model turns of 1 s, and tools of 0.7 and 0.3 s, or one after another 1.6 s."""

    async def serial(calls: Any, registry: Any) -> Any:
        return [(await gather([call], registry))[0] for call in calls]

    world = weather_desk()
    mocked = MockProvider(knobs=Knobs(latency=1.0))

    async def talk() -> Any:
        partner = agent(api, mocked, blocking=False, specs=world.specs)
        chosen = gather if dispatcher == "gather" else serial
        return await run_agent(partner, SUMMARY, world.tools, chosen)

    run = simulate(world, talk)
    assert run.total == pytest.approx(seconds)
    assert world.state["mailbox"] == [MAIL]
