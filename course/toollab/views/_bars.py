"""Draw one attempt at a call: its bar, the mark of how it ended, and the words beside it.

No two states share a shape, so that none depends on colour.
"""

from __future__ import annotations

from dataclasses import dataclass

from toollab.views._lanes import Axis, Row
from toollab.views._svg import (
    GREEN,
    GREY,
    INK,
    MUTED,
    ORANGE,
    PANEL,
    RED,
    SKY,
    el,
    escape,
    text,
    text_width,
)

__all__ = ("Frame", "draw_row", "hatch", "mark", "waiting")

_FILL = {"ok": GREEN, "error": RED, "running": SKY, "cancelled": "#fdeecb", "held": "#ffffff"}
# The same hues, dark enough for thin strokes on light paper.
_DARK = {
    "ok": "#00694d",
    "error": "#a33f00",
    "cancelled": "#8a5a00",
    "running": "#0b5c94",
    "held": "#8f3c75",
    "skipped": MUTED,
    "never started": "#a33f00",
}
# Each fits a square of 10 by 10 around its centre.
_MARKS = {
    "ok": "M-4 0 L-1 3.5 L4.5 -3.5",
    "error": "M-3.5 -3.5 L3.5 3.5 M3.5 -3.5 L-3.5 3.5",
    "cancelled": "M-4 0 A4 4 0 1 0 4 0 A4 4 0 1 0 -4 0 M-2.8 2.8 L2.8 -2.8",
    "running": "M-3 -4 L3.5 0 L-3 4 Z",
    "held": "M-2.2 -4 V4 M2.2 -4 V4",
    "skipped": "M-4 -3.5 L-0.5 0 L-4 3.5 M0.5 -3.5 L4 0 L0.5 3.5",
    "never started": "M-4 0 H4",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """Where time lies on the paper: from `left` to `right`; nothing is drawn beyond `limit`."""

    axis: Axis
    left: float
    right: float
    limit: float

    def x(self, moment: float) -> float:
        """Return the place of a moment."""
        return self.left + self.axis.at(moment) * (self.right - self.left)


def mark(state: str, x: float, y: float) -> str:
    """Draw the small sign of a state around `(x, y)`."""
    return el(
        "path",
        d=_MARKS[state],
        transform=f"translate({x:.1f} {y:.1f})",
        fill="none",
        stroke=_DARK[state],
        stroke_width=2.0,
        stroke_linecap="round",
        stroke_linejoin="round",
    )


def waiting(x0: float, x1: float, y: float) -> str:
    """Draw a stretch of waiting: a row of dots."""
    return el(
        "path",
        d=f"M{x0:.1f} {y:.1f} H{x1:.1f}",
        stroke=GREY,
        stroke_width=2.0,
        stroke_dasharray="0.1 5",
        stroke_linecap="round",
    )


def draw_row(
    row: Row, frame: Frame, y: float, half: float, *, critical: bool, crossed: bool
) -> str:
    """Draw a row around the line `y`: waiting, bar, mark and words, and a tooltip with it all.

    `half` is half the bar's height.  Where other lines are `crossed`, words get a slip of paper.
    """
    span = row.span
    if span is None:
        words = _Words("never started", row.verdict, crossed=True)
        return waiting(frame.left, frame.right, y) + words.beside(frame, frame.left, frame.left, y)
    x0 = frame.x(span.start)
    x1 = frame.right if span.end is None else max(x0, frame.x(span.end))
    if span.state == "skipped":
        x1 = x0
    ready = frame.x(row.waits_from)
    shown = max(x1, x0 + (2 * half + 2 if span.state == "skipped" else 3))
    words = _Words(span.state, row.verdict, crossed)
    return el(
        "g",
        el("title", escape(f"{span.name} ({row.call_id}): {row.sentence}")),
        waiting(ready + 3, x0 - 3, y) if x0 - ready > 8 else "",
        _bar(span.state, x0, x1, y, half),
        _outline(x0, x1, y, half) if critical else "",
        words.beside(frame, x0, shown, y),
    )


def _bar(state: str, x0: float, x1: float, y: float, half: float) -> str:
    wide = max(x1 - x0, 3.0)
    if state == "skipped":
        d = f"M{x0 + 2:.1f} {y:.1f} l{half:.1f} {-half:.1f} l{half:.1f} {half:.1f} "
        return el("path", d=f"{d}l{-half:.1f} {half:.1f} Z", fill="#ffffff", stroke=GREY)
    if state in {"error", "running"} and wide > half:
        # An error's bar ends in a notch, that of a call still running in an arrow head.
        tip, shoulder = (-half, 0.0) if state == "error" else (0.0, -half)
        d = (
            f"M{x0:.1f} {y - half:.1f} H{x0 + wide + shoulder:.1f} "
            f"L{x0 + wide + tip:.1f} {y:.1f} L{x0 + wide + shoulder:.1f} {y + half:.1f} "
            f"H{x0:.1f} Z"
        )
        return el("path", d=d, fill=_FILL[state], stroke=_DARK[state])
    border = _DARK[state] if state in {"cancelled", "held"} else None
    box = el(
        "rect",
        x=x0,
        y=y - half,
        width=wide,
        height=2 * half,
        rx=2,
        fill=_FILL[state],
        stroke=border,
        stroke_width=1.5 if border else None,
        stroke_dasharray="5 3" if state == "held" else None,
    )
    if state == "cancelled":
        return box + hatch(x0, x0 + wide, y, half)
    return box


def hatch(x0: float, x1: float, y: float, half: float, ink: str = ORANGE) -> str:
    """Draw slanted lines inside a bar, cut at its ends."""
    lines = []
    foot = x0 - 2 * half + 7
    while foot < x1:
        low, high = max(foot, x0), min(foot + 2 * half, x1)
        if high > low:
            bottom, top = y + half - (low - foot), y + half - (high - foot)
            lines.append(f"M{low:.1f} {bottom:.1f} L{high:.1f} {top:.1f}")
        foot += 7
    return el("path", d=" ".join(lines), stroke=ink, stroke_width=1.5) if lines else ""


def _outline(x0: float, x1: float, y: float, half: float) -> str:
    return el(
        "rect",
        x=x0 - 2,
        y=y - half - 2,
        width=max(x1 - x0, 3.0) + 4,
        height=2 * half + 4,
        rx=3,
        fill="none",
        stroke=INK,
        stroke_width=2.0,
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """How a call ended: its mark, and the words for it."""

    state: str
    words: str
    crossed: bool

    def beside(self, frame: Frame, x0: float, x1: float, y: float) -> str:
        """Write right of the bar from `x0` to `x1`, else left of it, else on a slip upon it."""
        wide = text_width(self.words, 12) + 18
        x, slip = x1 + 6, self.crossed
        if x + wide > frame.limit:
            left = x0 - 6 - wide
            x = left if left >= frame.left else max(frame.left + 4, min(x1, frame.limit) - 8 - wide)
            slip = True
        paper = el("rect", x=x - 2, y=y - 8, width=wide + 3, height=16, rx=8, fill=PANEL)
        return (
            (paper if slip else "")
            + mark(self.state, x + 6, y)
            + text(x + 15, y + 4, self.words, size=12)
        )
