"""The shop: one product lookup that takes a second, for comparing products."""

from __future__ import annotations

from typing import Any

from toollab.calls import ToolCall, ToolSpec
from toollab.tools._schema import arguments
from toollab.tools._world import Tool, ToolError, World

__all__ = ("compare_products", "shop")

_PRODUCTS = {
    "Kestrel": "149 EUR, 1.2 kg, 9 h battery, 4.1 stars",
    "Merlin": "199 EUR, 0.9 kg, 14 h battery, 4.6 stars",
    "Osprey": "99 EUR, 1.8 kg, 6 h battery, 3.7 stars",
    "Harrier": "249 EUR, 1.1 kg, 18 h battery, 4.4 stars",
}


def shop(seed: int = 0, **world: Any) -> World:
    """Make the shop's world; other keyword arguments go to `World`."""
    return World(
        [
            Tool(
                ToolSpec(
                    "get_product",
                    "Price, weight, battery life and rating of one product.",
                    arguments(name="Name of the product"),
                    reads=("product/{name}",),
                    writes=(),
                ),
                _get_product,
                1.0,
            )
        ],
        seed=seed,
        **world,
    )


def compare_products(*names: str) -> list[ToolCall]:
    """Return one `get_product` call for each name."""
    return [
        ToolCall(f"call_{position}", "get_product", {"name": name})
        for position, name in enumerate(names or ("Kestrel", "Merlin", "Osprey"), start=1)
    ]


def _get_product(_state: Any, name: str) -> str:
    if name not in _PRODUCTS:
        raise ToolError(f"No product is called {name}.")
    return _PRODUCTS[name]
