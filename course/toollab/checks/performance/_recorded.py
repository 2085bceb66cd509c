"""Traces as an exporter hands them over, drawn from a plan whose overlap can be counted by eye.

Every moment is a multiple of 1/8 s, so that looking at each eighth of a second in turn sees all.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from toollab.calls import JSON
from toollab.trace import Span, Trace

__all__ = ("Recorded",)

_Add = Callable[..., str]

_TICK_NS = 125_000_000
_EPOCH_NS = 1_790_000_000_000_000_000
_TOOLS = ("search", "read_page", "get_orders", "get_price", "find_route")


@dataclass(frozen=True)
class Recorded:
    """An agent's run: tool calls from `start` to `end` in seconds, and all that is traced beside.

    `inner` are calls that an outer call makes while it runs: `(its place in calls, start, end)`.
    `story` says in words what the run is about.
    """

    story: str
    calls: tuple[tuple[float, float], ...]
    inner: tuple[tuple[int, float, float], ...] = ()
    seed: int = 0

    @property
    def work(self) -> float:
        """Seconds of all calls, added up."""
        return sum(end - start for start, end in self.calls)

    @property
    def counts(self) -> list[int]:
        """How many calls are in flight in each eighth of a second."""
        last = max((end for _, end in self.calls), default=0.0)
        ticks = [(round(start * 8), round(end * 8)) for start, end in self.calls]
        return [sum(a <= tick < b for a, b in ticks) for tick in range(round(last * 8))]

    @property
    def busy(self) -> float:
        """Seconds in which at least one call is in flight."""
        return sum(count > 0 for count in self.counts) / 8

    @property
    def peak(self) -> int:
        """The most calls in flight at once."""
        return max(self.counts, default=0)

    def trace(self) -> Trace:
        """Return the calls alone, for the picture."""
        spans = []
        for index, (start, end) in enumerate(self.calls):
            name = _TOOLS[index % len(_TOOLS)]
            spans.append(Span(f"call_{index + 1}", name, {}, start, 2 * index, end, 2 * index + 1))
        return Trace(tuple(spans), max((end for _, end in self.calls), default=0.0))

    def spans(self) -> list[dict[str, JSON]]:
        """Return the whole trace as flat dicts, in the order in which spans ended."""
        found: list[dict[str, JSON]] = []

        def add(name: str, at: tuple[float, float], parent: str | None, **told: JSON) -> str:
            span_id = f"{len(found) + 1:016x}"
            attributes = {key.replace("__", "."): value for key, value in told.items()}
            found.append(_flat(name, span_id, parent, at, attributes))
            return span_id

        end = max((end for _, end in self.calls), default=0.0)
        agent = add(
            "anthropic.messages.tool_runner", (0.0, end + 1), None, gen_ai__operation__name=_AGENT
        )
        add("anthropic.messages.create", (0.0, 0.5), agent, gen_ai__operation__name="chat")
        add("anthropic.messages.create", (end, end + 1), agent, gen_ai__operation__name="chat")
        outer = [self._call(index, at, agent, add) for index, at in enumerate(self.calls)]
        for number, (index, start, stop) in enumerate(self.inner):
            part = (start, stop)
            helper = add("invoke_agent helper", part, outer[index], gen_ai__operation__name=_AGENT)
            self._call(number, part, helper, add)
        source = random.Random(self.seed)  # noqa: S311 - chance, not secrets
        source.shuffle(found)
        above = {span["span_id"]: span["parent_id"] for span in found}
        return sorted(found, key=lambda span: (span["end_ns"], -_depth(span["span_id"], above)))

    def _call(self, index: int, at: tuple[float, float], parent: str, add: _Add) -> str:
        """Add a tool call, named by whichever library traced it, and a request it makes."""
        tool = _TOOLS[index % len(_TOOLS)]
        name = f"execute_tool {tool}" if index % 2 else f"anthropic.custom_tool_use {tool}"
        call = add(
            name, at, parent, gen_ai__operation__name="execute_tool", gen_ai__tool__name=tool
        )
        add("GET", at, call, http__request__method="GET")
        return call


_AGENT = "invoke_agent"


def _depth(span_id: str, above: Mapping[str, str | None]) -> int:
    """Return how many spans are above one: of two that end together, the inner ends first."""
    parent = above[span_id]
    return 0 if parent is None else 1 + _depth(parent, above)


def _flat(
    name: str,
    span_id: str,
    parent: str | None,
    at: tuple[float, float],
    attributes: Mapping[str, JSON],
) -> dict[str, JSON]:
    start, end = (_EPOCH_NS + round(moment * 8) * _TICK_NS for moment in at)
    return {
        "name": name,
        "span_id": span_id,
        "parent_id": parent,
        "start_ns": start,
        "end_ns": end,
        "attributes": dict(attributes),
    }
