"""A bench of plain lookups with any latencies and failures: what checks play batches on."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from toollab.calls import ToolCall, ToolSpec
from toollab.tools._schema import arguments
from toollab.tools._world import Fault, Tool, ToolError, World, key_of

__all__ = ("Batch", "random_batch")

_NAMES = ("search_docs", "get_price", "get_stock", "find_route", "read_log")


@dataclass(frozen=True)
class Batch:
    """A batch of calls with the seconds each takes and the errors some of them raise.

    `seconds` and `errors` are keyed by call id.  `world()` makes a fresh world for it.
    """

    calls: tuple[ToolCall, ...]
    seconds: Mapping[str, float]
    errors: Mapping[str, Exception] = field(default_factory=dict)
    limit: int | None = None

    def world(self) -> World:
        """Make a world in which these calls take their seconds and raise their errors."""
        keys = {call.id: key_of(call.name, call.arguments) for call in self.calls}
        names = sorted({call.name for call in self.calls} | set(_NAMES))
        return World(
            [
                Tool(
                    ToolSpec(
                        name, f"Look something up ({name}).", arguments(key="What to look up")
                    ),
                    _answer(name),
                )
                for name in names
            ],
            latencies={keys[i]: seconds for i, seconds in self.seconds.items()},
            faults={keys[i]: Fault(error) for i, error in self.errors.items()},
        )

    @property
    def failing(self) -> tuple[str, ...]:
        """Ids of the calls that fail, in call order."""
        return tuple(call.id for call in self.calls if call.id in self.errors)


def _answer(name: str) -> Any:
    def work(_state: Any, key: str) -> str:
        return f"{name} says {key.upper()}"

    return work


def random_batch(
    seed: int,
    size: int,
    *,
    failing: int = 0,
    names: Sequence[str] = _NAMES,
    limit: int | None = None,
    errors: Sequence[Exception] = (
        ToolError("backend is down"),
        KeyError(""),
        ValueError("bad key"),
    ),
) -> Batch:
    """Make a batch of `size` calls whose completion order differs from their order.

    Durations are distinct and in simulated seconds; ids are numbered so that sorting them as
    text changes their order; names repeat.  `failing` of the calls raise one of `errors`.
    """
    source = random.Random(seed)  # noqa: S311 - chance, not secrets
    first = source.randrange(7, 10)
    calls = tuple(
        ToolCall(
            f"call_{first + i}", source.choice(names), {"key": f"k{source.randrange(100)}-{i}"}
        )
        for i in range(size)
    )
    durations = [round(0.1 * (i + 2), 1) for i in range(size)]
    source.shuffle(durations)
    if size > 1 and durations == sorted(durations):
        durations.reverse()
    broken = sorted(source.sample(range(size), failing))
    return Batch(
        calls,
        {call.id: seconds for call, seconds in zip(calls, durations, strict=True)},
        {calls[i].id: errors[n % len(errors)] for n, i in enumerate(broken)},
        limit,
    )
