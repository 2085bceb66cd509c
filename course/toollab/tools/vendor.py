"""A search vendor: uneven waits, and at most so many searches in each second.

Above the limit it answers 429, and says for everybody alike when its next second begins.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from toollab.calls import JSON, ToolCall, ToolSpec
from toollab.tools._schema import arguments
from toollab.tools._session import Session
from toollab.tools._world import Fault, Tool, ToolError, World

__all__ = ("RateLimitError", "search_vendor", "searches")

_REFUSAL_S = 0.05
"""Seconds until a refusal is there: saying no is quick."""


class RateLimitError(ToolError):
    """The vendor refuses for now.  `retry_after` says for how many seconds."""

    status = 429

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"429 Too Many Requests, retry after {retry_after:g} s")
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[type[RateLimitError], tuple[float]]:
        return type(self), (self.retry_after,)


class _Vendor(World):
    """A world that counts the searches of each second, from the first one on."""

    limit: int | None = None

    def _fault(self, session: Session, key: str, name: str) -> Fault | None:
        if self.limit is None:
            return super()._fault(session, key, name)
        state, now = session.state, session.now()
        if now >= state["opened"] + 1.0:
            state["opened"], state["count"] = now, 0
        state["count"] += 1
        if state["count"] <= self.limit:
            return super()._fault(session, key, name)
        wait = round(state["opened"] + 1.0 - now - _REFUSAL_S, 9)
        return Fault(RateLimitError(max(wait, 0.0)), after=_REFUSAL_S)


def search_vendor(
    limit: int | None = None, *, seconds: float | None = None, seed: int = 0, **world: Any
) -> World:
    """Make the vendor's world; other keyword arguments go to `World`.

    `limit` is the number of searches in a second; `None` is no limit.  A search takes `seconds`,
    or without that an uneven time: half of them up to 0.5 s, one in twenty more than 1.8 s.
    """
    spec = ToolSpec(
        "search",
        "Search the web.",
        arguments(query="What to look for"),
        reads=("web",),
        writes=(),
    )
    made = _Vendor(
        [Tool(spec, _found, _uneven if seconds is None else seconds)],
        state=lambda: {"opened": float("-inf"), "count": 0},
        seed=seed,
        **world,
    )
    made.limit = limit
    return made


def searches(count: int, topic: str = "topic") -> list[ToolCall]:
    """Return `count` searches that need nothing of each other."""
    return [
        ToolCall(f"call_{number}", "search", {"query": f"{topic} {number}"})
        for number in range(1, count + 1)
    ]


def _uneven(_arguments: Mapping[str, JSON], source: random.Random) -> float:
    return round(source.lognormvariate(-0.69, 0.78), 3)


def _found(_state: Any, query: str) -> str:
    return f"3 pages on {query}"
