"""The support desk: all about one customer, from three slow backends (400, 500 and 600 ms)."""

from __future__ import annotations

from typing import Any

from toollab.calls import ToolCall, ToolSpec
from toollab.tools._schema import arguments
from toollab.tools._world import Tool, ToolError, World

__all__ = ("full_picture", "support_desk")

_CUSTOMERS = {
    1234: (
        "Ada Osei, gold, since 2019",
        "2 orders: #881 shipped, #902 open",
        "1 ticket: late parcel",
    ),
    1235: ("Ben Sato, basic, since 2024", "no orders", "no tickets"),
    1236: ("Cleo Marin, gold, since 2021", "5 orders, all delivered", "2 tickets, both closed"),
}
_TOOLS = (
    ("get_customer", "Name, plan and history of a customer.", 0.4),
    ("get_orders", "Orders of a customer.", 0.5),
    ("get_tickets", "Support tickets of a customer.", 0.6),
)


def support_desk(seed: int = 0, **world: Any) -> World:
    """Make the support desk's world; other keyword arguments go to `World`."""
    return World(
        [
            Tool(
                ToolSpec(
                    name,
                    description,
                    arguments(customer_id=("integer", "Number of the customer")),
                    reads=(f"{name.removeprefix('get_')}/{{customer_id}}",),
                    writes=(),
                ),
                _lookup(position),
                seconds,
            )
            for position, (name, description, seconds) in enumerate(_TOOLS)
        ],
        seed=seed,
        **world,
    )


def full_picture(customer_id: int = 1234) -> list[ToolCall]:
    """Return the three calls behind *give me the full picture on this customer*."""
    return [
        ToolCall(f"call_{position}", name, {"customer_id": customer_id})
        for position, (name, _, _) in enumerate(_TOOLS, start=1)
    ]


def _lookup(position: int) -> Any:
    def work(_state: Any, customer_id: int) -> str:
        if customer_id not in _CUSTOMERS:
            raise ToolError(f"There is no customer {customer_id}.")
        return _CUSTOMERS[customer_id][position]

    return work
