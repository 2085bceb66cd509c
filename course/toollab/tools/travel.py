"""The travel desk: searches, bookings and a card, whose answers are JSON texts."""

from __future__ import annotations

import json
import re
from typing import Any

from toollab.calls import ToolCall, ToolSpec
from toollab.tools._schema import arguments
from toollab.tools._world import Tool, ToolError, World

__all__ = ("REF", "lisbon_trip", "travel_desk")

REF = re.compile(r"\$\{(\w+(?:\.\w+)*)\}")
"""Finds `${id.key.0}` in a text.  Group 1 holds a call's id and the way on into its result."""

_CITIES = {
    "Lisbon": ("TP 571", "2027-05-03", 180, 'Casa "O Sol"', 240),
    "Kyoto": ("NH 204", "2027-05-06", 910, "Ryokan Kamo", 420),
    "Lima": ("LA 2485", "2027-05-09", 760, "Barranco 12", 150),
}
_VISA_DAYS = {"Lisbon": 90, "Kyoto": 90, "Lima": 183}


def travel_desk(seed: int = 0, **world: Any) -> World:
    """Make the travel desk's world; other keyword arguments go to `World`.

    Its state is `{"limit", "paid", "bookings", "mailbox"}`: the card's limit and what was paid
    with it, in EUR, booked flights by their booking code, and messages sent.
    """
    return World(
        [
            _tool("find_flight", "Find a flight.", _find_flight, 1.0, to="City to fly to"),
            _tool("check_visa", "Ask how long one may stay.", _check_visa, 10.0, to="City"),
            _tool(
                "find_hotel",
                "Find a room from a date on.",
                _find_hotel,
                10.0,
                city="City",
                arrives="First night, as YYYY-MM-DD",
            ),
            _tool("insure", "Price an insurance.", _insure, 1.0, days=("integer", "Days")),
            _tool("add_prices", "Add prices.", _add, 0.5, amounts=("array", "Prices in EUR")),
            _tool(
                "set_card_limit",
                "Set the limit of the card.",
                _set_limit,
                2.0,
                writes=("card",),
                eur=("number", "Limit in EUR"),
            ),
            _tool(
                "pay",
                "Pay with the card.",
                _pay,
                1.0,
                reads=("card",),
                writes=("card",),
                eur=("number", "Amount in EUR"),
            ),
            _tool(
                "send_plan",
                "Send a message to the traveller.",
                _send_plan,
                0.5,
                writes=("mailbox",),
                to="E-mail address",
                message="Text",
            ),
            _tool(
                "book_flight",
                "Book a flight; gives the booking code.",
                _book_flight,
                0.4,
                writes=("bookings",),
                flight="Flight number",
            ),
            _tool(
                "add_bag",
                "Add a bag to a booking.",
                _add_bag,
                0.3,
                reads=("bookings",),
                writes=("bookings",),
                booking="Booking code",
            ),
        ],
        state=lambda: {"limit": 300, "paid": 0, "bookings": {}, "mailbox": []},
        seed=seed,
        **world,
    )


def lisbon_trip() -> list[ToolCall]:
    """Return a plan of eight calls, some of whose arguments refer to results of others."""
    return [
        ToolCall("flight", "find_flight", {"to": "Lisbon"}),
        ToolCall("visa", "check_visa", {"to": "Lisbon"}),
        ToolCall("hotel", "find_hotel", {"city": "Lisbon", "arrives": "${flight.arrives}"}),
        ToolCall("insurance", "insure", {"days": "${visa.days}"}),
        ToolCall(
            "total",
            "add_prices",
            {"amounts": ["${flight.price}", "${hotel.price}", "${insurance.price}"]},
        ),
        ToolCall("limit", "set_card_limit", {"eur": 1000}),
        ToolCall("pay", "pay", {"eur": "${total}"}),
        ToolCall(
            "mail",
            "send_plan",
            {
                "to": "ada@example.com",
                "message": "${flight.number}, ${hotel.name}, ${total} EUR.",
            },
        ),
    ]


def _tool(
    name: str,
    description: str,
    work: Any,
    seconds: float,
    *,
    reads: tuple[str, ...] = (),
    writes: tuple[str, ...] = (),
    **given: str | tuple[str, str],
) -> Tool:
    return Tool(
        ToolSpec(name, description, arguments(**given), reads=reads, writes=writes), work, seconds
    )


def _about(city: str) -> tuple[str, str, int, str, int]:
    if city not in _CITIES:
        raise ToolError(f"No flight goes to {city}.")
    return _CITIES[city]


def _number(value: Any, what: str) -> float:
    if type(value) not in (int, float):
        raise ToolError(f"{what} must be a number, not {json.dumps(value)}.")
    return float(value)


def _written(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _find_flight(_state: Any, to: str) -> str:
    number, arrives, price, _, _ = _about(to)
    return json.dumps({"number": number, "arrives": arrives, "price": price})


def _check_visa(_state: Any, to: str) -> str:
    _about(to)
    return json.dumps({"needed": False, "days": _VISA_DAYS[to]})


def _find_hotel(_state: Any, city: str, arrives: str) -> str:
    known = _about(city)
    if arrives != known[1]:
        raise ToolError(f"No room is free on {arrives}.")
    return json.dumps({"name": known[3], "price": known[4]})


def _insure(_state: Any, days: int) -> str:
    return json.dumps({"policy": f"P-{days}", "price": _written(0.4 * _number(days, "days"))})


def _add(_state: Any, amounts: list[float]) -> str:
    return json.dumps(_written(sum(_number(amount, "an amount") for amount in amounts)))


def _set_limit(state: Any, eur: float) -> str:
    state["limit"] = _written(_number(eur, "eur"))
    return json.dumps(state["limit"])


def _pay(state: Any, eur: float) -> str:
    amount = _written(_number(eur, "eur"))
    if state["paid"] + amount > state["limit"]:
        raise ToolError(f"{amount} EUR is above the card's limit of {state['limit']} EUR.")
    state["paid"] += amount
    return json.dumps({"paid": amount})


def _send_plan(state: Any, to: str, message: str) -> str:
    state["mailbox"].append({"to": to, "message": message})
    return json.dumps(f"sent to {to}")


def _book_flight(state: Any, flight: str) -> str:
    booking = f"BK-{700 + 13 * len(state['bookings'])}"
    state["bookings"][booking] = {"flight": flight, "bags": 0}
    return json.dumps({"booking": booking})


def _add_bag(state: Any, booking: str) -> str:
    if booking not in state["bookings"]:
        raise ToolError(f"There is no booking {booking}.")
    state["bookings"][booking]["bags"] += 1
    return json.dumps({"booking": booking, "bags": state["bookings"][booking]["bags"]})
