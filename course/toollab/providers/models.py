"""Which models live calls use, and what a call can cost at most.

The models that are asked, and prices, stand here.  Environment variables change them:
`TOOLLAB_ANTHROPIC_MODEL`, `TOOLLAB_OPENAI_MODEL`, and `TOOLLAB_PRICE` (US dollars per million
input and output tokens, such as `0.5,2.5`).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal

__all__ = ("PRICES", "Price", "Vendor", "model_for", "price_of")

Vendor = Literal["anthropic", "openai"]

_DEFAULTS: dict[Vendor, str] = {"anthropic": "claude-haiku-5-5", "openai": "gpt-6-luna"}


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens."""

    input: float
    output: float

    def of(self, input_tokens: int, output_tokens: int) -> float:
        """Return the price of one call in US dollars."""
        return (input_tokens * self.input + output_tokens * self.output) / 1_000_000


PRICES: dict[str, Price] = {
    "claude-haiku-5-5": Price(0.50, 2.50),
    "claude-sonnet-5-5": Price(2.00, 10.00),
    "claude-opus-5-5": Price(4.00, 20.00),
    "gpt-6-luna": Price(0.20, 0.75),
    "gpt-6.1-sol": Price(4.00, 15.00),
    "gpt-6-astra": Price(20.00, 75.00),
}
"""List prices as in the package genai-prices 0.2.3 (November 2026); without any discount."""


def model_for(vendor: Vendor) -> str:
    """Return the model id that this course uses with a vendor, on the mock and live alike."""
    return os.environ.get(f"TOOLLAB_{vendor.upper()}_MODEL") or _DEFAULTS[vendor]


def price_of(model: str) -> Price:
    """Return what a model costs; for one we do not know, the highest price we know.

    Raises `ValueError` if `TOOLLAB_PRICE` is set and is not two numbers.
    """
    given = os.environ.get("TOOLLAB_PRICE")
    if given:
        try:
            input_price, output_price = (float(part) for part in given.split(","))
        except ValueError:
            raise ValueError(
                f"TOOLLAB_PRICE is {given!r}, not two prices. "
                "Hint: give dollars per million tokens in and out, such as 0.5,2.5."
            ) from None
        return Price(input_price, output_price)
    known = PRICES.get(model)
    highest = Price(max(p.input for p in PRICES.values()), max(p.output for p in PRICES.values()))
    return known or highest
