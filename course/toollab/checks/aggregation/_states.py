"""States, what parallel calls changed in them, and what must come out of merging that."""

from __future__ import annotations

import json
import operator
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from toollab.calls import JSON, ToolCall

__all__ = ("State", "equal", "fresh")

_ORDERS = 6
_USUAL = {"tokens": "add", "worst": "largest", "sources": "union", "notes": "append"}


def _union(old: list[str], new: list[str]) -> list[str]:
    """Return the items of both, each once, sorted."""
    return sorted({*old, *new})


_REDUCERS: Mapping[str, Callable[[Any, Any], Any]] = {
    "add": operator.add,
    "largest": max,
    "union": _union,
    "append": operator.add,
}


@dataclass(frozen=True, slots=True)
class State:
    """A state, what each call of a batch changes in it, and what must come out.

    `changes` has a dict for each call, or `None` for one that failed.  `merged` is the answer,
    and `clash` names the keys that two calls write without a reducer; then there is no answer.
    `reducers` names one for each key that has any: `add`, `largest`, `union` or `append`.
    """

    base: Mapping[str, JSON]
    changes: tuple[Mapping[str, JSON] | None, ...]
    merged: Mapping[str, JSON] = field(default_factory=dict)
    clash: tuple[str, ...] = ()
    reducers: Mapping[str, str] = field(default_factory=lambda: _USUAL)
    seed: int = 0

    def calls(self) -> list[ToolCall]:
        """Return the batch; ids sorted as text change their order."""
        return [
            ToolCall(f"call_{8 + place}", "read_log", {"service": f"s{place}"})
            for place in range(len(self.changes))
        ]

    def quiet(self) -> list[str]:
        """Return the ids of the calls that failed."""
        return [c.id for c, d in zip(self.calls(), self.changes, strict=True) if d is None]

    def writers(self, key: str) -> list[str]:
        """Return the ids of the calls that write a key, in call order."""
        return [c.id for c, d in zip(self.calls(), self.changes, strict=True) if d and key in d]

    def written(self, key: str) -> list[JSON]:
        """Return the values that the calls write to a key, in call order."""
        return [change[key] for change in self.changes if change and key in change]

    def orders(self) -> Iterator[dict[str, dict[str, JSON]]]:
        """Yield the updates by call id in several orders of arrival: call order first."""
        made = [
            (call.id, change)
            for call, change in zip(self.calls(), self.changes, strict=True)
            if change is not None
        ]
        source = random.Random(self.seed)  # noqa: S311 - chance, not secrets
        for number in range(_ORDERS):
            yield {call_id: fresh(change) for call_id, change in made}
            made = made[::-1] if number == 0 else source.sample(made, len(made))

    def functions(self) -> dict[str, Callable[[Any, Any], Any]]:
        """Return the reducers by key."""
        return {key: _REDUCERS[name] for key, name in self.reducers.items()}

    def without_base(self, key: str) -> JSON:
        """Return what a merged value would be had its base not counted; `None` if unknown."""
        base, merged = self.base.get(key), self.merged[key]
        if base is None:
            return None
        if self.reducers[key] == "add":
            return merged - base
        return merged[len(base) :] if self.reducers[key] == "append" else None


def fresh(value: Any) -> Any:
    """Return a copy of plain data that shares nothing with it."""
    return json.loads(json.dumps(value))


def equal(one: Any, other: JSON) -> bool:
    """Tell whether two values are the same JSON; True is not 1."""
    try:
        return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    except (TypeError, ValueError):
        return False
