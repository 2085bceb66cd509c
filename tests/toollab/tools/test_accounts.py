"""The account desk: three readers, two replicas, an invoice tool for one and one for many."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from toollab import simulate
from toollab.tools import REPLICAS, ToolError, World, account_desk, account_page

_MANY = [f"customer {n}" for n in range(2000)]


def _waits(desk: World, replica: str) -> list[float]:
    given = [{"customer": customer, "replica": replica} for customer in _MANY]
    return [desk.latency("get_orders", each) for each in given]


async def _all(tools: Any, calls: Any) -> list[str]:
    return list(await asyncio.gather(*(tools[c.name](**c.arguments) for c in calls)))


def test_page_brings_all_three() -> None:
    """The three calls of a page bring profile, balance and orders, together."""
    desk, calls = account_desk(slow=0.0), account_page("Cleo", "west")
    run = simulate(desk, _all, desk.tools, calls)
    assert run.value == ["Cleo Marin, gold, since 2021", "-15 EUR", "640, 777, 812"]
    assert desk.trace(calls).peak == len(calls)
    assert 0.15 <= run.total <= 0.2


@pytest.mark.parametrize("slow", [0.0, 0.05, 0.5, 1.0])
def test_as_many_reads_are_slow_as_is_said(slow: float) -> None:
    """The share of slow reads is the one asked for; all others take 0.1 to 0.2 s."""
    waits = _waits(account_desk(3, slow=slow), "east")
    assert sum(wait == 2.0 for wait in waits) / len(waits) == pytest.approx(slow, abs=0.02)
    assert all(0.1 <= wait <= 0.2 for wait in waits if wait != 2.0)


def test_replicas_are_slow_on_their_own() -> None:
    """That one replica is slow says nothing about the other."""
    desk = account_desk(5, slow=0.2)
    east, west = (_waits(desk, replica) for replica in REPLICAS)
    both = sum(a == b == 2.0 for a, b in zip(east, west, strict=True))
    assert both / len(_MANY) == pytest.approx(0.04, abs=0.015)


def test_one_request_for_many_invoices() -> None:
    """The fused tool brings what the single calls bring, in one request and a little later."""
    desk, orders = account_desk(), ["640", "777"]

    async def fused(tools: Any) -> str:
        return str(await tools["read_invoices"](orders=" 640,777 "))

    async def apart(tools: Any) -> str:
        return "; ".join([await tools["read_invoice"](order=order) for order in orders])

    one, many = simulate(desk, fused, desk.tools), simulate(desk, apart, desk.tools)
    assert one.value == many.value == "invoice of 640; invoice of 777"
    assert (len(one.trace), one.total, many.total) == (1, 0.44, 0.8)


def test_paying_is_remembered() -> None:
    """Each payment is done and noted, also when it is a repetition."""
    desk = account_desk()

    async def twice(tools: Any) -> None:
        for _ in range(2):
            await tools["pay_out"](customer="Ada", eur=20)

    simulate(desk, twice, desk.tools)
    assert desk.state["paid"] == [{"customer": "Ada", "eur": 20}] * 2


def test_unknown_replica_is_a_tool_error() -> None:
    """A replica that does not exist fails, and says so; an unknown customer just has nothing."""
    desk = account_desk(slow=0.0)
    _, _, wrong = account_page("Ada", "north")
    run = simulate(desk, _all, desk.tools, [wrong])
    assert isinstance(run.error, ToolError)
    assert "north" in str(run.error)
    assert simulate(desk, _all, desk.tools, account_page("Zoe")).value[2] == "no orders"


def test_every_tool_declares_what_it_needs_and_touches() -> None:
    """Each specification requires all its arguments and names what it reads and writes."""
    for spec in account_desk().specs:
        assert spec.parameters["required"] == list(spec.parameters["properties"])
        assert spec.reads is not None
        assert bool(spec.writes) == (spec.name == "pay_out")
