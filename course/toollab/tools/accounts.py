"""The account desk: profile, balance and orders of a customer, and replicas that can be slow."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from toollab.calls import JSON, ToolCall, ToolSpec
from toollab.tools._schema import arguments
from toollab.tools._world import Tool, ToolError, World

__all__ = ("REPLICAS", "account_desk", "account_page")

REPLICAS = ("east", "west")
"""Two copies of the order book: either can be asked."""

_SLOW_S = 2.0
_CUSTOMERS = {
    "Ada": ("Ada Osei, gold, since 2019", "120 EUR", "881, 902"),
    "Ben": ("Ben Sato, basic, since 2024", "0 EUR", "907"),
    "Cleo": ("Cleo Marin, gold, since 2021", "-15 EUR", "640, 777, 812"),
}
_NOBODY = ("no profile", "0 EUR", "no orders")


def account_desk(seed: int = 0, *, slow: float = 0.05, **world: Any) -> World:
    """Make the account desk's world.

    Orders are read from one of the `REPLICAS`, in 0.1 to 0.2 s; but a read in `1 / slow` takes
    2 s, by chance and for each replica on its own.  The state is `{"paid": [...]}`, what was
    paid out.  Other keyword arguments (`faults`, `latencies`) go to `World`.
    """

    def orders_seconds(_given: Mapping[str, JSON], source: random.Random) -> float:
        usual = round(source.uniform(0.1, 0.2), 3)
        return _SLOW_S if source.random() < slow else usual

    customer = "Name of the customer"
    return World(
        [
            _reader("get_profile", "Name, plan and history of a customer.", 0, 0.1),
            _reader("get_balance", "Balance of a customer's account.", 1, 0.15),
            Tool(
                ToolSpec(
                    "get_orders",
                    "Numbers of a customer's orders, from one copy of the order book.",
                    arguments(customer=customer, replica=f"One of {', '.join(REPLICAS)}"),
                    reads=("orders/{customer}",),
                    writes=(),
                ),
                _orders,
                orders_seconds,
            ),
            Tool(
                ToolSpec(
                    "read_invoice",
                    "The invoice of one order.",
                    arguments(order="Number of the order"),
                    reads=("invoices/{order}",),
                    writes=(),
                ),
                lambda _state, order: f"invoice of {order}",
                0.4,
            ),
            Tool(
                ToolSpec(
                    "read_invoices",
                    "The invoices of several orders at once.",
                    arguments(orders="Numbers of the orders, with commas between"),
                    reads=("invoices",),
                    writes=(),
                ),
                _invoices,
                _invoices_seconds,
            ),
            Tool(
                ToolSpec(
                    "pay_out",
                    "Pay an amount out to a customer.",
                    arguments(customer=customer, eur=("integer", "Amount in EUR")),
                    reads=("balance/{customer}",),
                    writes=("balance/{customer}",),
                ),
                _pay_out,
                0.3,
            ),
        ],
        state=lambda: {"paid": []},
        seed=seed,
        **world,
    )


def account_page(customer: str = "Ada", replica: str = "east") -> list[ToolCall]:
    """Return the three calls behind a customer's page: profile, balance and orders."""
    return [
        ToolCall("profile", "get_profile", {"customer": customer}),
        ToolCall("balance", "get_balance", {"customer": customer}),
        ToolCall("orders", "get_orders", {"customer": customer, "replica": replica}),
    ]


def _reader(name: str, description: str, place: int, seconds: float) -> Tool:
    def work(_state: Any, customer: str) -> str:
        return _CUSTOMERS.get(customer, _NOBODY)[place]

    about = name.removeprefix("get_")
    return Tool(
        ToolSpec(
            name,
            description,
            arguments(customer="Name of the customer"),
            reads=(f"{about}/{{customer}}",),
            writes=(),
        ),
        work,
        seconds,
    )


def _orders(_state: Any, customer: str, replica: str) -> str:
    if replica not in REPLICAS:
        raise ToolError(f"There is no replica {replica}.")
    return _CUSTOMERS.get(customer, _NOBODY)[2]


def _numbers(orders: str) -> list[str]:
    return [number.strip() for number in orders.split(",") if number.strip()]


def _invoices(_state: Any, orders: str) -> str:
    return "; ".join(f"invoice of {number}" for number in _numbers(orders))


def _invoices_seconds(given: Mapping[str, JSON], _source: random.Random) -> float:
    return round(0.4 + 0.02 * len(_numbers(str(given.get("orders", "")))), 3)


def _pay_out(state: Any, customer: str, eur: int) -> str:
    state["paid"].append({"customer": customer, "eur": eur})
    return f"paid {eur} EUR to {customer}"
