"""Lay a trace out in lanes and rows, and tell its facts in words.

A lane is one call; each of its attempts is a row of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from toollab.calls import JSON
from toollab.trace import Span, Trace, critical_path
from toollab.views._svg import close, number, one_line, seconds, text_width

__all__ = (
    "WORDS",
    "Axis",
    "Row",
    "came_back",
    "chain",
    "facts",
    "lay_out",
    "signature",
    "text_form",
    "too_early",
)

WORDS = {
    "ok": "ok",
    "error": "error",
    "cancelled": "cancelled",
    "running": "still running",
    "held": "held",
    "skipped": "skipped",
}
_INK = {"ok": "━", "error": "x", "cancelled": "/", "running": ">", "held": "=", "skipped": "-"}
_COLUMNS = 24


@dataclass(frozen=True, slots=True)
class Axis:
    """The stretch of time, in seconds, that a picture shows."""

    low: float
    high: float

    @classmethod
    def of(cls, *traces: Trace) -> Axis:
        """Return one axis for all traces: from 0, or from the first start if that is far off."""
        spans = [span for trace in traces for span in trace.spans]
        first = min((span.start for span in spans), default=0.0)
        last = max(
            [span.start if span.end is None else max(span.start, span.end) for span in spans]
            + [trace.total for trace in traces],
            default=0.0,
        )
        low = first if first > last - first or first < 0 else 0.0
        return cls(low, last if last > low else low + 1.0)

    def at(self, moment: float) -> float:
        """Return where `moment` lies: 0 at the left end, 1 at the right end."""
        return min(1.0, max(0.0, (moment - self.low) / (self.high - self.low)))


@dataclass(frozen=True, slots=True)
class Row:
    """One attempt at one call; `span` is `None` for a call that was never started.

    `waits_from` is the moment since which the call could have run: the left end of the axis, or
    the end of the attempt before.
    """

    call_id: str
    span: Span | None
    lane: int
    first: bool
    waits_from: float

    @property
    def word(self) -> str:
        """How it ended, in a word or two."""
        return "never started" if self.span is None else WORDS[self.span.state]

    @property
    def verdict(self) -> str:
        """How it ended, and how long it took."""
        span = self.span
        if span is None or span.end is None or span.state == "skipped":
            return self.word
        return f"{self.word} {seconds(span.duration)}"

    @property
    def sentence(self) -> str:
        """Everything known about this attempt, in a line."""
        span = self.span
        if span is None:
            return f"{one_line(self.call_id)}: never started"
        start = number(span.start)
        when = f"{start} s → ?" if span.end is None else f"{start} → {seconds(span.end)}"
        again = f" · attempt {span.attempt}" if span.attempt > 1 else ""
        return f"{when} · {self.verdict}{again}"


def signature(span: Span, most: int = 60) -> str:
    """Write a call the short way, values only: `get_weather(Paris)`."""
    values = ", ".join(_short(value) for value in span.arguments.values())
    return one_line(f"{span.name}({values})", most)


def _short(value: JSON) -> str:
    if isinstance(value, str):
        return one_line(value, 24)
    return one_line(json.dumps(value, ensure_ascii=False, default=str), 24)


def lay_out(trace: Trace, axis: Axis, order: Iterable[str] | None = None) -> list[Row]:
    """Return the rows of a picture, top to bottom: in start order, or in the order of ids given.

    Ids of `order` that the trace does not know get an empty lane.
    """
    lanes: dict[str, list[Span]] = {call_id: [] for call_id in order or ()}
    for span in trace.spans:
        lanes.setdefault(span.call_id, []).append(span)
    rows = []
    for lane, (call_id, spans) in enumerate(lanes.items()):
        waits_from = axis.low
        if not spans:
            rows.append(Row(call_id, None, lane, first=True, waits_from=waits_from))
        for index, span in enumerate(spans):
            rows.append(Row(call_id, span, lane, first=index == 0, waits_from=waits_from))
            waits_from = waits_from if span.end is None else span.end
    return rows


def chain(trace: Trace, critical: Sequence[str] | None) -> tuple[str, ...]:
    """Return the critical path: the one given, else the one that the trace's edges make.

    A run that did not keep its edges has none.
    """
    if critical is not None:
        return tuple(critical)
    if too_early(trace):
        return ()
    took: dict[str, float] = {}
    for span in trace.spans:
        runs = trace.of(span.call_id)
        ends = [run.end for run in runs if run.end is not None]
        took[span.call_id] = max(0.0, max(ends) - min(run.start for run in runs)) if ends else 0.0
    edges = [edge for edge in trace.edges if edge[0] in took and edge[1] in took]
    if not edges:
        return ()
    try:
        return critical_path(took, edges)
    except ValueError:  # A cycle has no longest path, and a picture of it is still of use.
        return ()


def too_early(trace: Trace) -> list[tuple[str, str]]:
    """Return the edges that the run did not keep: `after` started before `before` had ended."""
    return [
        (before, after)
        for before, after in trace.edges
        if trace.of(before) and trace.of(after) and not trace.happens_before(before, after)
    ]


def came_back(trace: Trace) -> float | None:
    """Return when the code under test came back, if that was not at the end of the last call."""
    ends = [span.end for span in trace.spans if span.end is not None]
    if len(ends) == len(trace.spans) and close(max(ends, default=0.0), trace.total):
        return None
    return trace.total


def facts(trace: Trace, critical: Sequence[str]) -> list[str]:
    """Return the numbers that belong under a picture's title."""
    if not trace.spans:
        return ["no tool was called"]
    told = [
        f"makespan {seconds(trace.makespan)}",
        f"peak in flight {trace.peak}",
        f"calls add up to {seconds(trace.work)}",
    ]
    if (back := came_back(trace)) is not None:
        told.append(f"code came back at {seconds(back)}")
    if critical:
        told.append("critical path " + " → ".join(one_line(one) for one in critical))
    told += [
        f"{one_line(after)} did not wait for {one_line(before)}"
        for before, after in too_early(trace)
    ]
    return told


def text_form(
    title: str, trace: Trace, rows: Sequence[Row], axis: Axis, told: Sequence[str]
) -> str:
    """Return the picture for a terminal: title, facts, then a line for each row."""
    names = [_name(row) for row in rows]
    wide = max((_cells(name) for name in names), default=0)
    lines = [one_line(title), " · ".join(told)]
    for row, name in zip(rows, names, strict=True):
        padded = name + " " * (wide - _cells(name))
        lines.append(f"{padded} |{_bar(row, axis)}| {row.sentence}")
    lines += [
        f"{one_line(a)} → {one_line(b)}: {one_line(b)} needs {one_line(a)}" for a, b in trace.edges
    ]
    return "\n".join(lines)


def _name(row: Row) -> str:
    if row.span is None:
        return one_line(row.call_id)
    return f"{one_line(row.call_id)}  {signature(row.span, 44)}"


def _cells(name: str) -> int:
    """Count the columns of a terminal that a name takes: two for a wide character."""
    return sum(2 if text_width(c, 1) > 1 else 1 for c in name)


def _bar(row: Row, axis: Axis) -> str:
    span = row.span
    if span is None:
        return "·" * _COLUMNS
    end = axis.high if span.end is None else span.end
    ready, start = (int(axis.at(moment) * _COLUMNS) for moment in (row.waits_from, span.start))
    stop = round(axis.at(end) * _COLUMNS)
    start = min(start, _COLUMNS - 1)
    bar = " " * min(ready, start) + "·" * (start - ready) + _INK[span.state] * max(1, stop - start)
    return bar.ljust(_COLUMNS)[:_COLUMNS]
