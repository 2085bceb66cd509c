"""Draw a graph that is laid out: a box for each call, a line for each dependency."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from toollab.trace import Edge
from toollab.views._bars import mark
from toollab.views._layers import Layers, Slot
from toollab.views._svg import (
    BLUE,
    GREEN,
    GREY,
    INK,
    LANE,
    MUTED,
    ORANGE,
    PANEL,
    RED,
    el,
    escape,
    one_line,
    shorten,
    text,
    text_width,
)

__all__ = ("STATES", "Sketch", "legend")

_GAP = 38.0
"""Room for the lines between two layers."""
_PASS = 14.0
"""Width of a slot in which only a line passes."""
_WIDEST = 170.0

# State: fill, border, its width and dashes.  Told apart without colour too.
_LOOKS: dict[str, tuple[str, str, float, str | None]] = {
    "done": ("#dcf1ea", GREEN, 1.5, None),
    "failed": ("#f9e2d5", RED, 2.0, None),
    "cancelled": ("#fdeecb", GREY, 1.5, "3 2"),
    "running": ("#dbeefb", BLUE, 2.5, None),
    "could run": ("#fdf1d0", ORANGE, 2.0, "6 3"),
    "waiting": (PANEL, GREY, 1.0, "2 3"),
    "skipped": (LANE, GREY, 1.0, "8 4"),
}
STATES = tuple(_LOOKS)
"""How a call can stand."""

_MARKS = {"done": "ok", "failed": "error"}
_SIGNS = {
    "could run": "M-4 0 A4 4 0 1 0 4 0 A4 4 0 1 0 -4 0",
    "waiting": "M-4 0 h0.1 M0 0 h0.1 M4 0 h0.1",
}
_DASHES = {"data": None, "control": "7 4", "resource": "1.5 4"}
_OTHER_KIND = "9 3 2 3"


@dataclass(frozen=True, slots=True)
class _Box:
    """A place on the paper: the middle of its upper edge, and its size."""

    x: float
    y: float
    wide: float
    high: float


@dataclass(frozen=True, slots=True)
class Sketch:
    """A graph to be drawn: its layers, why its edges are there, how its calls stand.

    The edges in `bold` are drawn bold.
    """

    layers: Layers
    kinds: Mapping[Edge, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    bold: frozenset[Edge] = frozenset()

    @property
    def calls(self) -> list[str]:
        """The calls, from the top layer down."""
        return [slot for row in self.layers.rows for slot in row if isinstance(slot, str)]

    def told(self) -> list[str]:
        """Return a line for each call: how it stands, and what it needs."""
        lines = []
        for call in self.calls:
            wanted = []
            for before, after in self.layers.edges:
                if after == call:
                    kind = self.kinds.get((before, after))
                    wanted.append(one_line(before) + (f" ({one_line(kind)})" if kind else ""))
            stands = f"{self.states[call]}, " if call in self.states else ""
            lines.append(f"{one_line(call)}: {stands}needs {', '.join(wanted) or 'nothing'}")
        return lines

    def draw(self, left: float, right: float, top: float) -> tuple[str, float]:
        """Draw between `left` and `right` from `top` downwards, and return where it ends."""
        boxes = self._boxes(left, right, top + (16 if self.layers.upward else 0))
        lines = [self._edge(edge, boxes, right) for edge in self.layers.edges]
        drawn = [self._box(call, boxes[call]) for call in self.calls]
        low = max((box.y + box.high for box in boxes.values()), default=top)
        return "".join(lines + drawn), low + (16 if self.layers.upward else 0)

    def _boxes(self, left: float, right: float, top: float) -> dict[Slot, _Box]:
        high = 44.0 if self.states else 30.0
        room = right - left - (16 + 10.0 * len(self.layers.upward) if self.layers.upward else 0)
        names = max((text_width(one_line(call)) for call in self.calls), default=0.0)
        wide = min(max(names + 22, 98.0 if self.states else 60.0), _WIDEST) + 16
        boxes: dict[Slot, _Box] = {}
        for index, row in enumerate(self.layers.rows):
            calls = sum(isinstance(slot, str) for slot in row)
            passing = _PASS * (len(row) - calls)
            each = min(wide, max(room - passing, 1.0) / calls)
            x = left + (room - each * calls - passing) / 2
            for slot in row:
                step = each if isinstance(slot, str) else _PASS
                inner = step - min(16.0, 0.2 * step)
                boxes[slot] = _Box(x + step / 2, top + index * (high + _GAP), inner, high)
                x += step
        return boxes

    def _box(self, call: str, box: _Box) -> str:
        state = self.states.get(call, "")
        fill, border, thick, dashes = _LOOKS.get(state, (LANE, MUTED, 1.0, None))
        shape = el(
            "rect",
            x=box.x - box.wide / 2,
            y=box.y,
            width=box.wide,
            height=box.high,
            rx=6,
            fill=fill,
            stroke=border,
            stroke_width=thick,
            stroke_dasharray=dashes,
        )
        name = shorten(call, box.wide - 8)
        pieces = [
            el("title", escape(f"{one_line(call)}{f': {state}' if state else ''}")),
            shape,
            text(box.x, box.y + 19, name, anchor="middle", weight="600"),
        ]
        if state:
            word = shorten(state, box.wide - 26, 12)
            start = box.x - (text_width(word, 12) + 15) / 2
            pieces.append(_sign(state, start + 5, box.y + 32))
            pieces.append(text(start + 15, box.y + 36, word, size=12))
        return el("g", *pieces)

    def _edge(self, edge: Edge, boxes: Mapping[Slot, _Box], right: float) -> str:
        kind = self.kinds.get(edge, "")
        told = f"{one_line(edge[1])} needs {one_line(edge[0])}"
        title = el("title", escape(f"{told}: {one_line(kind)}" if kind else told))
        points = list(self._points(edge, boxes, right))
        return el("g", title, _line(points, _dashes(kind), bold=edge in self.bold))

    def _points(
        self, edge: Edge, boxes: Mapping[Slot, _Box], right: float
    ) -> Iterator[tuple[float, float]]:
        """Yield the corners of an edge's line."""
        first, last = boxes[edge[0]], boxes[edge[1]]
        if edge in self.layers.upward:  # Out below, along the right side, and in from above.
            step = 10.0 * sorted(self.layers.upward).index(edge)
            edges = (box.x + box.wide / 2 for box in boxes.values())
            lane = min(max(edges) + 16 + step, right)
            under, over = first.y + first.high + 12, last.y - 16
            aside = first.x + min(14.0, first.wide / 4)
            yield from ((aside, first.y + first.high), (aside, under), (lane, under))
            aside = last.x + min(14.0, last.wide / 4)
            yield from ((lane, over), (aside, over), (aside, last.y))
            return
        stops = self.layers.route(edge)
        for slot in stops:
            box = boxes[slot]
            if slot is not stops[0]:
                yield box.x, box.y
            if slot is not stops[-1]:
                yield box.x, box.y + box.high


def _dashes(kind: str) -> str | None:
    return _DASHES.get(kind, _OTHER_KIND) if kind else None


def _sign(state: str, x: float, y: float) -> str:
    if state not in _SIGNS:
        return mark(_MARKS.get(state, state), x, y)
    return el(
        "path",
        d=_SIGNS[state],
        transform=f"translate({x:.1f} {y:.1f})",
        fill="none",
        stroke=MUTED,
        stroke_width=2.0,
        stroke_linecap="round",
    )


def _line(points: Sequence[tuple[float, float]], dashes: str | None, *, bold: bool) -> str:
    """Draw a line through `points` with an arrow head at its end."""
    (x0, y0), (x1, y1) = points[-2], points[-1]
    long = math.hypot(x1 - x0, y1 - y0) or 1.0
    dx, dy = (x1 - x0) / long, (y1 - y0) / long
    tip = (x1 - 2 * dx, y1 - 2 * dy)
    wings = [(tip[0] - 7 * dx + s * 4 * dy, tip[1] - 7 * dy - s * 4 * dx) for s in (1, -1)]
    look = {"fill": "none", "stroke": RED if bold else MUTED, "stroke_width": 3.0 if bold else 1.3}
    line = el("path", d=_d([*points[:-1], tip]), **look, stroke_dasharray=dashes)
    return line + el("path", d=_d([wings[0], tip, wings[1]]), **look)


def _d(points: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def legend(sketch: Sketch, y: float, left: float, right: float) -> tuple[str, float]:
    """Explain the lines; return the drawing and its lower end."""
    kinds = dict.fromkeys(sketch.kinds[e] for e in sketch.layers.edges if e in sketch.kinds)
    samples = [(one_line(kind, 40), _dashes(kind), False) for kind in kinds]
    if sketch.bold & set(sketch.layers.edges):
        samples.append(("on the path", None, True))
    drawn, x, low = [], left, y
    for told, dashes, bold in samples:
        word = shorten(told, right - left - 60, 12)
        wide = text_width(word, 12) + 62
        if x + wide > right and x > left:
            x, low = left, low + 18
        drawn.append(_line([(x, low), (x + 30, low)], dashes, bold=bold))
        drawn.append(text(x + 38, low + 4, word, size=12, fill=INK))
        x += wide
    return "".join(drawn), low if samples else y - 22
