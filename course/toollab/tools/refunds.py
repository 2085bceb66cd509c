"""The refund desk: lookups that are harmless, and effects that must not happen twice.

A refund and a shipment know *idempotency keys*: asked again with a key they have seen, they give
the same answer and do nothing.  An e-mail knows none.  Answers can get lost on the way back, and
then the effect has happened all the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from toollab.calls import ToolCall, ToolSpec
from toollab.tools._schema import arguments
from toollab.tools._world import Tool, ToolError, World
from toollab.trace import Trace, label

__all__ = ("EFFECTS", "KEY", "broken_kettle", "by_call", "kettle_needs", "refund_desk")

EFFECTS: Mapping[str, str] = {
    "get_order": "none",
    "get_stock": "none",
    "refund": "keyed",
    "ship_replacement": "keyed",
    "send_email": "once",
    "add_note": "keyed",
}
"""What each tool changes: nothing; something, but once for a key; something, each time."""

KEY = "idempotency_key"
"""The argument in which a tool that knows keys takes one.  A model never sees it."""

_ORDERS = {881: ("kettle", 149, "ada@example.com"), 902: ("lamp", 60, "ben@example.com")}
_STOCK = {"kettle": 4, "lamp": 0}


def refund_desk(seed: int = 0, *, lost: Mapping[str, int] | None = None, **world: Any) -> World:
    """Make the refund desk's world; other keyword arguments go to `World`.

    `lost` says of a tool how many of its answers get lost: the effect has happened, and a
    `ConnectionError` comes instead of the answer.  The state has the lists `refunds`,
    `shipments`, `mailbox` and `notes`: what has really happened.
    """
    order = ("integer", "Number of the order")
    tools = [
        _tool("get_order", "What was ordered, its price and the buyer.", _get_order, 0.4),
        _tool("get_stock", "How many of an item are left.", _get_stock, 0.6, item="Item"),
        _tool(
            "refund",
            "Pay money back for an order.",
            _effect("refunds", _refund),
            1.0,
            order=order,
            eur=("number", "Amount in EUR"),
        ),
        _tool(
            "ship_replacement",
            "Send the same item again.",
            _effect("shipments", _ship),
            0.8,
            order=order,
            item="Item",
        ),
        _tool(
            "send_email",
            "Send an e-mail to a customer.",
            _effect("mailbox", _send),
            0.3,
            to="E-mail address",
            text="Text",
        ),
        _tool(
            "add_note",
            "Add a note to an order.",
            _effect("notes", _note),
            0.2,
            order=order,
            text="Text",
        ),
    ]
    tools[0] = replace(tools[0], spec=replace(tools[0].spec, parameters=arguments(order=order)))

    def state() -> dict[str, Any]:
        empty: dict[str, Any] = {"refunds": [], "shipments": [], "mailbox": [], "notes": []}
        return {**empty, "seen": {}, "lost": dict(lost or {})}

    return World(tools, state=state, seed=seed, **world)


def broken_kettle() -> list[ToolCall]:
    """Return the six calls behind *my kettle arrived broken: money back, and a new one, please*."""
    return [
        ToolCall("order", "get_order", {"order": 881}),
        ToolCall("stock", "get_stock", {"item": "kettle"}),
        ToolCall("refund", "refund", {"order": 881, "eur": 149}),
        ToolCall("ship", "ship_replacement", {"order": 881, "item": "kettle"}),
        ToolCall("mail", "send_email", {"to": "ada@example.com", "text": "149 EUR are yours."}),
        ToolCall("note", "add_note", {"order": 881, "text": "kettle replaced"}),
    ]


def kettle_needs() -> dict[str, list[str]]:
    """Return what each of the six calls needs."""
    return {
        "order": [],
        "stock": [],
        "refund": ["order"],
        "ship": ["order", "stock"],
        "mail": ["refund"],
        "note": ["ship"],
    }


def by_call(trace: Trace, calls: Sequence[ToolCall]) -> Trace:
    """Label the spans with the ids of `calls`, whatever key they carried."""
    bare = [
        replace(span, arguments={k: v for k, v in span.arguments.items() if k != KEY})
        for span in trace
    ]
    return label(replace(trace, spans=tuple(bare)), calls)


def _tool(
    name: str,
    description: str,
    work: Callable[..., str],
    seconds: float,
    **given: str | tuple[str, str],
) -> Tool:
    reads, writes = _TOUCHED[name]
    return Tool(
        ToolSpec(name, description, arguments(**given), reads=reads, writes=writes), work, seconds
    )


_TOUCHED: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "get_order": (("order/{order}",), ()),
    "get_stock": (("stock/{item}",), ()),
    "refund": ((), ("money/{order}",)),
    "ship_replacement": (("order/{order}",), ("stock/{item}",)),
    "send_email": ((), ("inbox/{to}",)),
    "add_note": ((), ("notes/{order}",)),
}


def _get_order(_state: Any, order: int) -> str:
    if order not in _ORDERS:
        raise ToolError(f"There is no order {order}.")
    item, eur, buyer = _ORDERS[order]
    return json.dumps({"item": item, "eur": eur, "buyer": buyer})


def _get_stock(_state: Any, item: str) -> str:
    if item not in _STOCK:
        raise ToolError(f"There is no item {item}.")
    return str(_STOCK[item])


def _refund(order: int, eur: float) -> dict[str, Any]:
    _, price, _ = _ORDERS.get(order, ("", 0, ""))
    if eur > price:
        raise ToolError(f"{eur} EUR is more than was paid for order {order}.")
    return {"order": order, "eur": eur}


def _ship(order: int, item: str) -> dict[str, Any]:
    if not _STOCK.get(item):
        raise ToolError(f"No {item} is left.")
    return {"order": order, "item": item}


def _send(to: str, text: str) -> dict[str, Any]:
    return {"to": to, "text": text}


def _note(order: int, text: str) -> dict[str, Any]:
    return {"order": order, "text": text}


def _effect(name: str, make: Callable[..., dict[str, Any]]) -> Callable[..., str]:
    """Return the work of a tool that adds what `make` returns to the list `name`."""
    tool = {"refunds": "refund", "shipments": "ship_replacement", "mailbox": "send_email"}
    keyed = EFFECTS[tool.get(name, "add_note")] == "keyed"

    def work(state: Any, **given: Any) -> str:
        key = given.pop(KEY, None) if keyed else None
        if key is None or (name, key) not in state["seen"]:
            made = make(**given)
            state[name].append(made)
            answer = f"{name} no. {len(state[name])}: {json.dumps(made)}"
            if key is not None:
                state["seen"][name, key] = answer
        else:
            answer = state["seen"][name, key]
        lost = tool.get(name, "add_note")
        if state["lost"].get(lost, 0) > 0:
            state["lost"][lost] -= 1
            raise ConnectionError("connection reset")
        return str(answer)

    return work
