"""Batches whose outcomes are known, and the orders in which these may arrive.

A case is written down from its answer: the fate of each call.  The outcomes are made from that,
and then shuffled, so nothing here works an answer out.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import factorial
from typing import Any, Literal

from toollab.calls import JSON, ToolCall

__all__ = ("Arrivals", "Fate")

Fate = Literal["ok", "blank", "failed", "mute", "silent", "retried", "broken"]
"""What became of a call.

`blank`: it worked and found nothing.  `mute`: its error has no message.  `silent`: nobody knows.
`retried`: one try failed, one worked.  `broken`: two tries failed.
"""

_NAMES = ("read_log", "get_status")
_MOST_ORDERS = 24
_ERRORS = (
    ("ToolError", "backend is down"),
    ("ValueError", "no such key"),
    ("OSError", "disk full"),
)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """A batch with one fate for each call; `strangers` are outcomes of calls of another turn."""

    fates: tuple[Fate, ...]
    strangers: int = 0
    seed: int = 0

    def calls(self) -> list[ToolCall]:
        """Return the batch: tool names repeat, and ids sorted as text change their order."""
        source = random.Random(self.seed)  # noqa: S311 - chance, not secrets
        first = 10 - len(self.fates) // 2 - source.randrange(2)
        return [
            ToolCall(f"call_{first + place}", source.choice(_NAMES), {"service": f"s{place}"})
            for place in range(len(self.fates))
        ]

    def of(self, *fates: Fate) -> list[str]:
        """Return the ids of the calls with one of these fates, in call order."""
        return [c.id for c, fate in zip(self.calls(), self.fates, strict=True) if fate in fates]

    def value(self, call_id: str) -> str:
        """Return what the tool said to a call that worked, then or at its second try."""
        return "" if call_id in self.of("blank") else f"what {call_id} asked for, page {self.seed}"

    def errors(self, call_id: str) -> list[tuple[str, str]]:
        """Return type and message of each try of a call that failed."""
        if call_id in self.of("mute"):
            return [("TimeoutError", "")]
        known = self.of("failed", "retried", "broken")
        if call_id not in known:
            return []
        place = known.index(call_id)
        tries = 2 if call_id in self.of("broken") else 1
        return [_ERRORS[(place + n) % len(_ERRORS)] for n in range(tries)]

    def outcomes(self) -> list[dict[str, JSON]]:
        """Return every outcome, in call order; strangers last."""
        worked = self.of("ok", "blank", "retried")
        noted: list[dict[str, JSON]] = []
        for call in self.calls():
            about = {"id": call.id, "name": call.name}
            for error, message in self.errors(call.id):
                noted.append({**about, "ok": False, "error": error, "message": message})
            if call.id in worked:
                noted.append({**about, "ok": True, "value": self.value(call.id)})
        for number in range(self.strangers):
            about = {"id": f"call_{number}_before", "name": _NAMES[0]}
            noted.append({**about, "ok": True, "value": "too late"})
        return noted

    def orders(self) -> Iterator[list[dict[str, JSON]]]:
        """Yield the outcomes in many orders of arrival, each a fresh list: call order first."""
        size = len(self.outcomes())
        for order in self._orders(size):
            fresh = self.outcomes()
            yield [fresh[place] for place in order]

    def _orders(self, size: int) -> Iterator[Sequence[int]]:
        if factorial(size) <= _MOST_ORDERS:
            yield from permutations(range(size))
            return
        source = random.Random(f"{self.seed} orders")  # noqa: S311 - chance, not secrets
        yield range(size)
        yield range(size - 1, -1, -1)
        for _ in range(_MOST_ORDERS // 2 - 2):
            yield source.sample(range(size), size)

    def told(self, outcomes: Sequence[dict[str, Any]]) -> str:
        """Tell an order of arrival in words."""
        return "outcomes arriving as " + ", ".join(str(outcome["id"]) for outcome in outcomes)
