"""Reads of two replicas: what must come out, and when, by arithmetic on their seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toollab.calls import JSON, ToolSpec
from toollab.checks.patterns._runs import close, drawn
from toollab.tools import Fault, Tool, ToolError, World, key_of
from toollab.trace import State, Trace

__all__ = ("Ask",)

_SCHEMA: Mapping[str, JSON] = {
    "type": "object",
    "properties": {"replica": {"type": "string"}},
    "required": ["replica"],
}


@dataclass(frozen=True)
class Ask:
    """Two replicas that take so many seconds, and the delay after which the second is asked.

    `failing` names replicas that raise instead of answering, after the same seconds; `silent`
    names replicas that answer with an empty text.
    """

    first: float
    second: float
    delay: float
    failing: tuple[str, ...] = ()
    read_only: bool = True
    replicas: tuple[str, str] = ("east", "west")
    silent: tuple[str, ...] = ()

    @property
    def seconds(self) -> dict[str, float]:
        """How long each replica takes, in seconds."""
        return dict(zip(self.replicas, (self.first, self.second), strict=True))

    @property
    def starts(self) -> dict[str, float]:
        """When each replica is asked, in seconds; a replica that is not asked is missing."""
        one, other = self.replicas
        failed = one in self.failing
        if not self.read_only or (self.first < self.delay and not failed):
            return {one: 0.0}
        return {one: 0.0, other: min(self.first, self.delay)}

    @property
    def over(self) -> float:
        """When it is known how it ends: the first good answer, or the last failure."""
        ends = {replica: start + self.seconds[replica] for replica, start in self.starts.items()}
        good = [end for replica, end in ends.items() if replica not in self.failing]
        return min(good) if good else max(ends.values())

    @property
    def winner(self) -> str | None:
        """The replica whose answer counts; `None` if all that were asked fail."""
        for replica, start in self.starts.items():
            good = replica not in self.failing
            if good and close(start + self.seconds[replica], self.over):
                return replica
        return None

    def world(self) -> World:
        """Make a world in which the replicas take their seconds, and fail where they have to."""
        keys = {replica: key_of("ask", {"replica": replica}) for replica in self.replicas}
        return World(
            [Tool(ToolSpec("ask", "Ask one replica.", _SCHEMA), self._answer)],
            latencies={keys[replica]: seconds for replica, seconds in self.seconds.items()},
            faults={keys[r]: Fault(ToolError(f"{r} is down")) for r in self.failing},
        )

    def _answer(self, _state: Any, replica: str) -> str:
        if replica not in self.replicas:
            raise ToolError(f"There is no replica {replica}.")
        return "" if replica in self.silent else f"answered by {replica}"

    def good(self) -> Trace:
        """Write down the trace of a run as it should be."""
        ends = {r: min(start + self.seconds[r], self.over) for r, start in self.starts.items()}
        states: dict[str, State] = {
            replica: "cancelled"
            if not close(self.starts[replica] + self.seconds[replica], end)
            else "error"
            if replica in self.failing
            else "ok"
            for replica, end in ends.items()
        }
        return drawn("ask", "replica", self.starts, ends, states)
