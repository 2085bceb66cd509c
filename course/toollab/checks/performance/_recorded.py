"""Traces as an exporter hands them over, drawn from a plan whose overlap can be counted by eye.

Every moment is a multiple of 1/8 s, so that looking at each eighth of a second in turn sees all.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from toollab.calls import JSON
from toollab.trace import Span, Trace

__all__ = ("LIBRARIES", "Recorded")

_TICK_NS = 125_000_000
_EPOCH_NS = 1_790_000_000_000_000_000
_OPERATION = "gen_ai.operation.name"
_TOOL = "execute_tool"
_TOOLS = ("search", "read_page", "get_orders", "get_price", "find_route")

LIBRARIES = ("anthropic.custom_tool_use", "execute_tool")
"""What two libraries call the span of a tool call, before the tool's name."""

Range = tuple[float, float]
"""From when to when, in seconds."""


@dataclass(frozen=True)
class Recorded:
    """An agent's run: tool calls from start to end in seconds, and all that is traced beside them.

    `story` says in words what the run is about.
    """

    story: str
    calls: tuple[Range, ...]
    seed: int = 0

    @property
    def work(self) -> float:
        """Seconds of all calls, added up."""
        return sum(end - start for start, end in self.calls)

    @property
    def end(self) -> float:
        """When the last call ends, in seconds."""
        return max((end for _, end in self.calls), default=0.0)

    @property
    def counts(self) -> list[int]:
        """How many calls are in flight in each eighth of a second."""
        ticks = [(round(start * 8), round(end * 8)) for start, end in self.calls]
        return [sum(a <= tick < b for a, b in ticks) for tick in range(round(self.end * 8))]

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
        ranked = sorted(self.calls)
        moments = sorted(
            (at, starts, index)
            for index, (start, end) in enumerate(ranked)
            for at, starts in ((start, start < end), (end, start == end))
        )
        order = {(starts, index): place for place, (_, starts, index) in enumerate(moments)}
        spans = []
        for index, (start, end) in enumerate(ranked):
            first, last = sorted((order[True, index], order[False, index]))
            name = _TOOLS[index % len(_TOOLS)]
            spans.append(Span(f"call_{index + 1}", name, {}, start, first, end, last, "ok"))
        return Trace(tuple(spans), self.end)

    def spans(self) -> list[dict[str, JSON]]:
        """Return the whole trace as flat dicts, in the order in which the spans ended."""
        agent = _span(1, "anthropic.messages.tool_runner", None, (0.0, self.end + 1))
        agent["attributes"] = {_OPERATION: "invoke_agent"}
        found: list[dict[str, JSON]] = []
        for at in ((0.0, 0.5), (self.end, self.end + 1)):
            turn = _span(2 + len(found), "anthropic.messages.create", 1, at)
            turn["attributes"] = {_OPERATION: "chat", "gen_ai.usage.input_tokens": 200}
            found.append(turn)
        for index, at in enumerate(self.calls):
            tool = _TOOLS[index % len(_TOOLS)]
            # Each is named by whichever library traced it, and makes a request of its own.
            name = f"{LIBRARIES[index % 2]} {tool}"
            number = 2 + len(found)
            call = _span(number, name, 1, at)
            call["attributes"] = {_OPERATION: _TOOL, "gen_ai.tool.name": tool}
            request = _span(number + 1, "GET", number, at)
            request["attributes"] = {"http.request.method": "GET"}
            found += [request, call]
        random.Random(self.seed).shuffle(found)  # noqa: S311 - chance, not secrets
        return [*sorted(found, key=lambda span: span["end_ns"]), agent]

    def alone(self, library: str) -> list[dict[str, JSON]]:
        """Return the tool calls alone, all named by one library and at the top level.

        Whoever tells tool calls by another mark than their attribute still finds them here.
        """
        calls = [span for span in self.spans() if span["attributes"].get(_OPERATION) == _TOOL]
        for span in calls:
            span["name"] = f"{library} {span['attributes']['gen_ai.tool.name']}"
            span["parent_id"] = None
        return calls


def _span(number: int, name: str, parent: int | None, at: Range) -> dict[str, JSON]:
    start, end = (_EPOCH_NS + round(moment * 8) * _TICK_NS for moment in at)
    return {
        "name": name,
        "span_id": f"{number:016x}",
        "parent_id": None if parent is None else f"{parent:016x}",
        "start_ns": start,
        "end_ns": end,
        "attributes": {},
    }
