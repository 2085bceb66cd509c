"""Draw which calls need which: a graph alone, or beside its run at one moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from toollab.trace import Edge, Trace
from toollab.views._bars import Frame, draw_row
from toollab.views._decor import grid
from toollab.views._lanes import Axis, Row, facts, lay_out, text_form
from toollab.views._layers import Layers, lay_out_graph
from toollab.views._sketch import STATES, Sketch, legend
from toollab.views._svg import (
    INK,
    LANE,
    MUTED,
    PANEL,
    el,
    one_line,
    panel,
    seconds,
    shorten,
    text,
    text_width,
    wrap,
)
from toollab.views.picture import Picture

__all__ = ("graph", "graph_run")

Needs = Mapping[str, Iterable[str]]
_PAD = 14.0
_LANE = 30.0


def graph(
    needs: Needs,
    *,
    kinds: Mapping[Edge, str] | None = None,
    states: Mapping[str, str] | None = None,
    marked: Sequence[str] = (),
    title: str = "What needs what",
    width: int = 640,
) -> Picture:
    """Draw a box for each call, and an arrow to it from each call it needs.

    `needs` maps a call's id to the ids it needs.  `kinds` says of an edge `(before, after)` why
    it is there: `data`, `control`, `resource` or another word.  `states` maps ids to `done`,
    `failed`, `cancelled`, `running`, `could run`, `waiting` or `skipped`.  `marked` is a path of
    ids, in either direction: its arrows are bold.  A graph with a cycle is drawn, too.
    Raises `ValueError` for an unknown state.
    """
    unknown = set((states or {}).values()) - set(STATES)
    if unknown:
        raise ValueError(
            f"A call cannot be drawn as {', '.join(sorted(unknown))}. "
            f"Hint: the states are {', '.join(STATES)}."
        )
    sketch = Sketch(lay_out_graph(needs), dict(kinds or {}), dict(states or {}), _path(marked))
    shown, bottom = sketch.draw(_PAD, width - _PAD, 44.0)
    signs, bottom = legend(sketch, bottom + 22, _PAD, width - _PAD)
    told = sketch.told()
    if marked:
        told.append("path: " + " → ".join(one_line(call) for call in marked))
    form = "\n".join([one_line(title), *told])
    alt = f"{one_line(title)}. {'; '.join(told) or 'No calls'}"
    head = text(_PAD, 27, shorten(title, width - 30, 15), size=15, weight="600")
    return Picture(
        panel(width, bottom + _PAD, head, shown, signs, label=alt, about=form), form, alt
    )


def _path(marked: Sequence[str]) -> frozenset[Edge]:
    """Return the edges along a path, in both directions: a reader may walk it either way."""
    return frozenset(edge for a, b in pairwise(marked) for edge in ((a, b), (b, a)))


def graph_run(
    needs: Needs,
    trace: Trace,
    at: float | None = None,
    *,
    title: str = "The graph and its run",
    width: int = 720,
) -> Picture:
    """Draw the graph as it stands `at` a moment, in seconds, beside the run.

    In the run, what comes after that moment is faint.  Without a moment the run is over.  A call
    *could run* if all it needs is done and it has not started.
    """
    axis = Axis.of(trace)
    at = axis.high if at is None else at
    layers = lay_out_graph(needs)
    sketch = Sketch(layers, states=_states(layers, trace, at))
    count = Counter(sketch.states.values())
    now = f"at {seconds(at)}: " + (", ".join(f"{count[s]} {s}" for s in STATES if count[s]) or "–")
    about = [now, *facts(trace, ())]
    y = 27.0
    drawn = [text(_PAD, y, shorten(title, width - 30, 15), size=15, weight="600")]
    for line in wrap(" · ".join(about), width - 2 * _PAD):
        y += 18
        drawn.append(text(_PAD, y, line, fill=MUTED))
    rows = lay_out(trace, axis, needs)
    middle = round(width * 0.44)
    left, deep = sketch.draw(_PAD, middle - 10.0, y + 18)
    right, low = _lanes(rows, axis, at, (middle + 10.0, width, y + 18))
    bare = replace(trace, edges=())  # the sketch tells them
    form = "\n".join([text_form(title, bare, rows, axis, about), *sketch.told()])
    alt = f"{one_line(title)}, {'. '.join([', '.join(about), '; '.join(sketch.told())])}"
    svg = panel(width, max(deep, low) + _PAD, *drawn, left, right, label=alt, about=form)
    return Picture(svg, form, alt)


def _states(layers: Layers, trace: Trace, at: float) -> dict[str, str]:
    """Say of each call how it stands at a moment."""
    states: dict[str, str] = {}
    ended = {"ok": "done", "error": "failed", "cancelled": "cancelled"}
    for call in Sketch(layers).calls:  # From the top down: what a call needs is known before.
        spans = [span for span in trace.of(call) if span.start <= at]
        before = {states.get(a, "waiting") for a, b in layers.edges if b == call}
        if spans:
            end = spans[-1].end
            over = end is not None and end <= at
            states[call] = ended.get(spans[-1].state, "waiting") if over else "running"
        elif before & {"failed", "cancelled", "skipped"}:
            states[call] = "skipped"
        else:
            states[call] = "could run" if before <= {"done"} else "waiting"
    return states


def _lanes(
    rows: Sequence[Row], axis: Axis, at: float, place: tuple[float, float, float]
) -> tuple[str, float]:
    """Draw the run's lanes, and a veil over what comes after the moment."""
    x, width, top = place
    names = max((text_width(one_line(row.call_id, 20), 12) for row in rows), default=0.0)
    frame = Frame(axis, x + min(names + 12, 0.3 * (width - x)), width - 78.0, width - 6.0)
    bottom = top + _LANE * len(rows)
    drawn = []
    for index, row in enumerate(rows):
        y = top + _LANE * index
        if row.lane % 2 == 0:
            drawn.append(el("rect", x=x, y=y, width=width - x - 1, height=_LANE, fill=LANE))
        if row.first:
            name = shorten(row.call_id, frame.left - x - 10, 12)
            drawn.append(text(x + 4, y + _LANE / 2 + 4, name, size=12))
    drawn.append(grid(frame, top, bottom))
    later = at < axis.high and bool(rows)
    bars = [
        draw_row(row, frame, top + _LANE * (index + 0.5), 8.0, critical=False, crossed=True)
        for index, row in enumerate(rows)
    ]
    over = [row.span is not None and (row.span.end or axis.high) <= at for row in rows]
    drawn += [bar for bar, done in zip(bars, over, strict=True) if not done]
    if later:
        drawn.append(_veil(frame, at, (top, bottom), width))
    drawn += [bar for bar, done in zip(bars, over, strict=True) if done]
    return "".join(drawn), bottom + (38 if later else 22)


def _veil(frame: Frame, at: float, lanes: tuple[float, float], width: float) -> str:
    """Make everything after a moment faint, and mark the moment."""
    (top, bottom), now = lanes, frame.x(at)
    size = {"width": width - 1 - now, "height": bottom - top}
    label = f"now {seconds(at)}"
    wide = text_width(label, 12)
    start = min(now - wide / 2, frame.limit - wide)
    line = f"M{now:.1f} {top - 4:.1f} V{bottom + 4:.1f}"
    return (
        el("rect", x=now, y=top, **size, fill=PANEL, fill_opacity="0.8")
        + el("path", d=line, stroke=INK, stroke_width=2.0)
        + text(start, bottom + 34, label, size=12, weight="600")
    )
