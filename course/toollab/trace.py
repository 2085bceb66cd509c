"""What the tools saw: spans, and the facts that are computed from them.

Nothing here runs anything.  A trace is a record; peak in flight, happens-before, makespan and
critical path are functions of that record.  Times are simulated seconds.  Where two events
carry the same time, their `order` (a running number given by the world) decides.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from toollab.calls import JSON, ToolCall

__all__ = ("Edge", "Span", "State", "Trace", "critical_path", "good_trace", "label")

State = Literal["ok", "error", "cancelled", "running", "held", "skipped"]
"""How a span ended.  `running`: not yet.  `held`: waits for approval.  `skipped`: never ran."""

Edge = tuple[str, str]
"""`(before, after)`: two call ids."""


@dataclass(frozen=True, slots=True)
class Span:
    """One execution of one call, as the tool saw it.

    `start` and `end` are simulated seconds; `end` is `None` while the call is running.
    `started` and `ended` are positions in the world's event order, which has no ties.
    `thread` names the thread the tool ran on; `attempt` counts from 1 when a call is retried;
    `request` is the context variable `request_id` as the tool saw it.
    """

    call_id: str
    name: str
    arguments: Mapping[str, JSON]
    start: float
    started: int
    end: float | None = None
    ended: int | None = None
    state: State = "running"
    content: str = ""
    thread: str = ""
    attempt: int = 1
    request: str = ""

    @property
    def duration(self) -> float:
        """Simulated seconds from start to end; 0.0 for a call that never ended."""
        return 0.0 if self.end is None else self.end - self.start


@dataclass(frozen=True, slots=True)
class Trace:
    """All spans of one run, in the order in which they started.

    `total` is the moment, in simulated seconds, at which the code under test came back; it can
    lie before the last span's end (a call left behind) or after it (waiting for nothing).
    """

    spans: tuple[Span, ...] = ()
    total: float = 0.0
    edges: tuple[Edge, ...] = field(default=())

    def __iter__(self) -> Iterator[Span]:
        return iter(self.spans)

    def __len__(self) -> int:
        return len(self.spans)

    def of(self, call_id: str) -> tuple[Span, ...]:
        """Return every span of one call: none if it never ran, several if it was retried."""
        return tuple(span for span in self.spans if span.call_id == call_id)

    @property
    def makespan(self) -> float:
        """Simulated seconds from the first start to the last end; 0.0 when nothing ran."""
        ends = [span.end for span in self.spans if span.end is not None]
        if not ends:
            return 0.0
        return max(ends) - min(span.start for span in self.spans)

    @property
    def work(self) -> float:
        """Simulated seconds the calls would take one after another: the sum of durations."""
        return sum(span.duration for span in self.spans)

    @property
    def peak(self) -> int:
        """The largest number of calls in flight at once, counted in event order."""
        return max((count for _, count in self.in_flight()), default=0)

    def in_flight(self) -> list[tuple[float, int]]:
        """Return `(time, calls in flight)` after each event, in event order."""
        events: list[tuple[int, float, int]] = []
        for span in self.spans:
            events.append((span.started, span.start, 1))
            if span.ended is not None and span.end is not None:
                events.append((span.ended, span.end, -1))
        steps, count = [], 0
        for _, time, change in sorted(events):
            count += change
            steps.append((time, count))
        return steps

    def overlapped(self, one: str, other: str) -> bool:
        """Tell whether two calls were ever in flight together.

        This is proof by cause: each was started before the other was answered.
        """
        return any(
            (b.ended is None or a.started < b.ended) and (a.ended is None or b.started < a.ended)
            for a in self.of(one)
            for b in self.of(other)
        )

    def happens_before(self, before: str, after: str) -> bool:
        """Tell whether every run of `before` had ended when the first of `after` started."""
        first, second = self.of(before), self.of(after)
        if not first or not second:
            return False
        start = min(span.started for span in second)
        return all(span.ended is not None and span.ended < start for span in first)


def label(trace: Trace, calls: Sequence[ToolCall]) -> Trace:
    """Give each span the id of the call it belongs to.

    A tool sees a name and arguments, never an id.  Spans are matched to calls with the same
    name and arguments, in emission order; identical calls are interchangeable.  A span that
    matches no call left gets the next attempt number of the last one it matches, or keeps
    its own id if it matches none at all.
    """
    waiting: list[ToolCall] = list(calls)
    seen: dict[str, int] = {}
    labelled = []
    for span in trace.spans:
        found = _take(waiting, span)
        if found is None:
            same = [c for c in calls if _same(c, span)]
            if not same:
                labelled.append(span)
                continue
            found = min(same, key=lambda c: seen.get(c.id, 0))
        seen[found.id] = seen.get(found.id, 0) + 1
        labelled.append(replace(span, call_id=found.id, attempt=seen[found.id]))
    return replace(trace, spans=tuple(labelled))


def _same(call: ToolCall, span: Span) -> bool:
    return call.name == span.name and dict(call.arguments) == dict(span.arguments)


def _take(waiting: list[ToolCall], span: Span) -> ToolCall | None:
    for index, call in enumerate(waiting):
        if _same(call, span):
            return waiting.pop(index)
    return None


def critical_path(durations: Mapping[str, float], edges: Iterable[Edge] = ()) -> tuple[str, ...]:
    """Return the chain of calls whose durations add up to the most.

    `durations` maps call ids to seconds.  Raises `ValueError` if the edges form a cycle.
    """
    edges = tuple(edges)
    best: dict[str, tuple[float, tuple[str, ...]]] = {}
    for call_id in _in_order(durations, edges):
        before = [best[a] for a, b in edges if b == call_id]
        longest, path = max(before, key=lambda item: item[0], default=(0.0, ()))
        best[call_id] = (longest + durations[call_id], (*path, call_id))
    return max(best.values(), key=lambda item: item[0], default=(0.0, ()))[1]


def _in_order(nodes: Iterable[str], edges: Sequence[Edge]) -> list[str]:
    left, done = list(nodes), []
    while left:
        ready = [n for n in left if all(a in done for a, b in edges if b == n)]
        if not ready:
            raise ValueError(f"The calls {', '.join(left)} wait for each other in a cycle.")
        done.append(ready[0])
        left.remove(ready[0])
    return done


def good_trace(
    calls: Sequence[ToolCall],
    durations: Mapping[str, float],
    *,
    limit: int | None = None,
    edges: Iterable[Edge] = (),
    outcome: Callable[[ToolCall], State] = lambda _call: "ok",
) -> Trace:
    """Compute the trace of a dispatcher that starts every call as early as it may.

    Calls start in emission order, at most `limit` at a time, each after the calls its edges
    name.  `durations` maps call ids to seconds.  This is arithmetic, not execution: it draws
    the picture to compare with.
    """
    edges = tuple(edges)
    _in_order(durations, edges)
    waiting = list(calls)
    spans: list[Span] = []
    running: list[tuple[float, int, int]] = []
    done: set[str] = set()
    now, order = 0.0, 0
    while waiting or running:
        for call in list(waiting):
            blocked = any(a not in done for a, b in edges if b == call.id)
            if blocked or (limit is not None and len(running) >= limit):
                continue
            waiting.remove(call)
            heapq.heappush(running, (round(now + durations[call.id], 9), order, len(spans)))
            spans.append(Span(call.id, call.name, call.arguments, now, order))
            order += 1
        now, _, index = heapq.heappop(running)
        state = outcome(calls[[c.id for c in calls].index(spans[index].call_id)])
        spans[index] = replace(spans[index], end=now, ended=order, state=state)
        order += 1
        done.add(spans[index].call_id)
    return Trace(tuple(spans), now, edges)
