"""The incident desk: what its tools say, and what they change."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from toollab import ToolCall, simulate
from toollab.tools import ToolError, check_services, first_look, incident_desk


async def _all(calls: list[ToolCall], tools: Any) -> list[str]:
    return await asyncio.gather(*(tools[call.name](**call.arguments) for call in calls))


def test_answers_arrive_in_another_order_than_they_are_asked() -> None:
    """The three statuses end in an order that no pairing by position survives."""
    desk, calls = incident_desk(), check_services()
    run = simulate(desk, _all, calls, desk.tools)
    assert run.value == ["down", "healthy", "healthy"]
    ended = sorted(desk.trace(calls), key=lambda span: span.ended or 0)
    assert [span.call_id for span in ended] == ["call_2", "call_3", "call_1"]


def test_a_first_look_brings_answers_of_very_different_lengths() -> None:
    """The calls have ids of their own, and the answers differ in length by a factor of 100."""
    desk, calls = incident_desk(), first_look()
    lengths = [len(text) for text in simulate(desk, _all, calls, desk.tools).value]
    assert len({call.id for call in calls}) == len(calls) == len(set(lengths))
    assert max(lengths) > 100 * min(lengths)


@pytest.mark.parametrize("service", ["checkout", "search", "payments"])
def test_a_log_is_in_the_order_of_time(service: str) -> None:
    """Each line of a log begins with its time, and none is earlier than the one before."""
    desk = incident_desk()
    call = ToolCall("call_1", "read_log", {"service": service})
    (log,) = simulate(desk, _all, [call], desk.tools).value
    times = [line.split()[0] for line in log.splitlines()]
    assert times == sorted(set(times))


@pytest.mark.parametrize("tool", ["get_status", "read_log", "restart"])
def test_an_unknown_service_is_an_error(tool: str) -> None:
    """Whoever asks for a service that does not exist is told so, and nothing is restarted."""
    desk = incident_desk()
    call = ToolCall("call_1", tool, {"service": "parking"})
    error = simulate(desk, _all, [call], desk.tools).error
    assert isinstance(error, ToolError)
    assert str(error) == "No service is called parking."
    assert desk.state == {"restarted": []}


def test_only_a_restart_changes_anything() -> None:
    """What a tool declares to write is what it changes."""
    desk = incident_desk()
    simulate(desk, _all, [*first_look(), *check_services()], desk.tools)
    assert desk.state == {"restarted": []}
    simulate(desk, _all, [ToolCall("call_1", "restart", {"service": "search"})], desk.tools)
    assert desk.state == {"restarted": ["search"]}
    assert [spec.name for spec in desk.specs if spec.writes] == ["restart"]
