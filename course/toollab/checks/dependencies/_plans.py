"""Plans of calls that need each other, and the worlds in which they are run."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from toollab.calls import ToolCall, ToolSpec
from toollab.tools import Tool, ToolError, World
from toollab.trace import Edge, Trace, good_trace

__all__ = ("Plan", "plan")

_NAMES = (
    *("flight", "hotel", "visa", "train", "museum", "dinner", "taxi", "ferry", "guide", "tickets"),
    *("weather", "budget", "photos", "luggage", "bridge", "castle", "garden", "market", "beach"),
)
_ERRORS = (TimeoutError(), ToolError("sold out"), KeyError("seat"))
"""What failing calls raise; the text of the first is empty."""


@dataclass(frozen=True)
class Plan:
    """Calls with what each needs, the seconds it takes, and the errors some of them raise."""

    needs: Mapping[str, Sequence[str]]
    seconds: Mapping[str, float]
    errors: Mapping[str, Exception] = field(default_factory=dict)

    @property
    def calls(self) -> list[ToolCall]:
        """The calls, in the order in which they are given."""
        return [ToolCall(call, "run", {"call": call}) for call in self.needs]

    @property
    def edges(self) -> list[Edge]:
        """What must be answered before what."""
        return [(before, after) for after, befores in self.needs.items() for before in befores]

    def calm(self) -> Plan:
        """Return the same plan with every tool well."""
        return replace(self, errors={})

    def spoilt(self) -> dict[str, set[str]]:
        """Return each call that cannot run, with the failed calls that are to blame."""
        blame: dict[str, set[str]] = {call: set() for call in self.needs}
        for _ in self.needs:
            for call, befores in self.needs.items():
                blame[call] = {
                    cause
                    for before in befores
                    for cause in blame[before] or {before} & self.errors.keys()
                }
        return {call: causes for call, causes in blame.items() if causes}

    def good(self) -> Trace:
        """Return the trace in which every call starts as early as it may."""
        gone = self.spoilt()
        kept = {call: seconds for call, seconds in self.seconds.items() if call not in gone}
        return good_trace(
            [call for call in self.calls if call.id in kept],
            kept,
            edges=[(a, b) for a, b in self.edges if b in kept],
            outcome=lambda call: "error" if call.id in self.errors else "ok",
        )

    def by_level(self) -> Trace:
        """Return the trace in which a level starts once the level before it has ended."""
        level = dict.fromkeys(self.needs, 0)
        for _ in self.needs:
            for before, after in self.edges:
                level[after] = max(level[after], level[before] + 1)
        barriers = [(a, b) for a in level for b in level if level[a] < level[b]]
        return good_trace(self.calls, self.seconds, edges=barriers)

    def world(self) -> World:
        """Make a world with one tool, `run`, that takes these seconds and raises these errors."""

        def work(_state: Any, call: str, inputs: Any) -> str:  # noqa: ARG001 - only noted
            if call in self.errors:
                raise self.errors[call]
            return f"{call} is fine"

        spec = ToolSpec("run", "Run one call of the plan.")
        return World(
            [Tool(spec, work, lambda given, _chance: self.seconds.get(given["call"], 0.1))]
        )


def plan(seed: int, size: int, *, failing: int = 0) -> Plan:
    """Make a plan of at least five calls for which waiting level by level takes longer.

    Some call is given before one it needs, some call needs several, and no two take the same
    time.  Of `failing` calls that fail, the first takes away a call that does not need it
    directly, while another starts after the failure all the same.
    """
    chance = random.Random(seed)  # noqa: S311 - chance, not secrets
    return next(
        made for made in (_draw(chance, size, failing) for _ in itertools.count()) if _fit(made)
    )


def _draw(chance: random.Random, size: int, failing: int) -> Plan:
    order = chance.sample(_NAMES, size)
    befores = {
        call: chance.sample(order[:place], min(place, chance.randrange(4)))
        for place, call in enumerate(order)
    }
    tenths = chance.sample(range(2, 2 * size + 2), size)
    given = chance.sample(order, size)
    broken = chance.sample(order, failing)
    return Plan(
        {call: tuple(befores[call]) for call in given},
        {call: tenth / 10 for call, tenth in zip(given, tenths, strict=True)},
        {call: _ERRORS[n % len(_ERRORS)] for n, call in enumerate(broken)},
    )


def _fit(made: Plan) -> bool:
    given = list(made.needs)
    calm = made.calm()
    if calm.by_level().makespan <= calm.good().makespan + 0.05:
        return False
    if not any(given.index(a) > given.index(b) for a, b in made.edges):
        return False
    if max(map(len, made.needs.values())) < 2:
        return False
    if not made.errors:
        return True
    spoilt, failed = made.spoilt(), next(iter(made.errors))
    far = any(why == {failed} and failed not in made.needs[call] for call, why in spoilt.items())
    ends = {span.call_id: span.end or 0.0 for span in made.good()}
    later = any(span.start > ends[failed] for span in made.good()) if failed in ends else False
    return far and later
