"""The travel desk: what its tools answer, what they change, and what they refuse."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import networkx as nx
import pytest

from toollab.clock import simulate
from toollab.tools import REF, ToolError, lisbon_trip, travel_desk


def _ask(world: Any, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """Make calls one after another, and return what they gave or raised."""

    async def play() -> list[Any]:
        found: list[Any] = []
        for name, arguments in calls:
            try:
                found.append(json.loads(await world.tools[name](**arguments)))
            except ToolError as error:
                found.append(str(error))
        return found

    run = simulate(world, play)
    assert run.error is None
    return list(run.value)


def test_durations_make_the_puzzle() -> None:
    """Flight and insurance take 1 s, visa and hotel 10 s: 20 s level by level, 11 s at best."""
    desk = travel_desk()
    took = {call.id: desk.latency(call.name, call.arguments) for call in lisbon_trip()[:4]}
    assert took == {"flight": 1.0, "visa": 10.0, "hotel": 10.0, "insurance": 1.0}


def test_plan_refers_only_to_its_own_calls_and_has_no_cycle() -> None:
    """Each reference of the plan leads to a call of the plan, and never back to itself."""
    plan = lisbon_trip()
    graph = nx.DiGraph()
    graph.add_nodes_from(call.id for call in plan)
    for call in plan:
        for path in REF.findall(json.dumps(call.arguments)):
            graph.add_edge(path.split(".")[0], call.id)
    assert set(graph) == {call.id for call in plan}
    assert nx.is_directed_acyclic_graph(graph)
    assert set(graph.successors("visa")) == {"insurance"}
    assert {call.name for call in plan} <= travel_desk().catalogue.keys()


def test_trip_by_hand() -> None:
    """With the values put in by hand, every call of the plan goes well, and the card pays."""
    desk = travel_desk()
    found = _ask(
        desk,
        ("find_flight", {"to": "Lisbon"}),
        ("check_visa", {"to": "Lisbon"}),
        ("find_hotel", {"city": "Lisbon", "arrives": "2027-05-03"}),
        ("insure", {"days": 90}),
        ("add_prices", {"amounts": [180, 240, 36]}),
        ("set_card_limit", {"eur": 1000}),
        ("pay", {"eur": 456}),
        ("send_plan", {"to": "ada@example.com", "message": "done"}),
    )
    assert found[0] == {"number": "TP 571", "arrives": "2027-05-03", "price": 180}
    assert found[1]["days"] == 90
    assert found[2] == {"name": 'Casa "O Sol"', "price": 240}
    assert found[3]["price"] == 36
    assert found[4] == 456
    assert desk.state["paid"] == 456
    assert desk.state["mailbox"] == [{"to": "ada@example.com", "message": "done"}]


def test_payment_needs_the_limit() -> None:
    """Above the limit nothing is paid; once the limit is raised, the same payment goes through."""
    desk = travel_desk()
    found = _ask(
        desk, ("pay", {"eur": 456}), ("set_card_limit", {"eur": 500}), ("pay", {"eur": 456.5})
    )
    assert found == ["456 EUR is above the card's limit of 300 EUR.", 500, {"paid": 456.5}]
    assert _ask(desk, ("pay", {"eur": 300}), ("pay", {"eur": 1}))[1].startswith("1 EUR is above")


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("find_flight", {"to": "Atlantis"}, "No flight goes to Atlantis."),
        ("check_visa", {"to": "Atlantis"}, "No flight goes to Atlantis."),
        ("find_hotel", {"city": "Lisbon", "arrives": "soon"}, "No room is free on soon."),
        ("insure", {"days": "90"}, 'days must be a number, not "90".'),
        ("insure", {"days": True}, "days must be a number, not true."),
        ("add_prices", {"amounts": [1, "2"]}, 'an amount must be a number, not "2".'),
        ("pay", {"eur": None}, "eur must be a number, not null."),
        ("add_bag", {"booking": "BK-001"}, "There is no booking BK-001."),
    ],
)
def test_tools_refuse_in_a_sentence(name: str, arguments: dict[str, Any], told: str) -> None:
    """What cannot be done, and a text where a number belongs, is refused in one sentence."""
    assert _ask(travel_desk(), (name, arguments)) == [told]


def test_bag_goes_to_its_booking() -> None:
    """A booking code is made when a flight is booked, and is good for bags from then on."""
    desk = travel_desk()
    first, second = _ask(
        desk, ("book_flight", {"flight": "TP 571"}), ("book_flight", {"flight": "NH 204"})
    )
    assert first["booking"] != second["booking"]

    async def both() -> list[Any]:
        booked = json.loads(await desk.tools["book_flight"](flight="TP 571"))
        bag = desk.tools["add_bag"]
        return await asyncio.gather(bag(**booked), bag(booking="x"), return_exceptions=True)

    good, bad = simulate(desk, both).value
    assert json.loads(good)["bags"] == 1
    assert isinstance(bad, ToolError)


def test_every_world_starts_anew() -> None:
    """Nothing that happens on one desk is seen on another, nor by the next run."""
    desk = travel_desk()
    _ask(desk, ("set_card_limit", {"eur": 5}))
    assert _ask(desk, ("pay", {"eur": 300})) == [{"paid": 300}]
    assert travel_desk().state == {"limit": 300, "paid": 0, "bookings": {}, "mailbox": []}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("${a}", ["a"]),
        ("x ${a.b.0} y ${c_1}", ["a.b.0", "c_1"]),
        ("$a ${} ${a.} ${.a} ${a", []),
        ("${${a}}", ["a"]),
    ],
)
def test_references_have_one_spelling(text: str, found: list[str]) -> None:
    """`REF` finds an id with the way on from it, in braces, and nothing else."""
    assert REF.findall(text) == found
