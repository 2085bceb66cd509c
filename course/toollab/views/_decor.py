"""Draw what surrounds the bars of a timeline: the grid, dependency arrows, the legend."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from toollab.trace import Trace
from toollab.views._bars import Frame, waiting
from toollab.views._lanes import Row, too_early
from toollab.views._svg import (
    GRID,
    INK,
    MUTED,
    RED,
    el,
    number,
    seconds,
    text,
    text_width,
    ticks,
)

__all__ = ("arrows", "flag", "grid", "legend")


def grid(frame: Frame, top: float, bottom: float, unit: str = "s") -> str:
    """Draw the axis below `bottom`, and a thin line up to `top` at each of its marks."""
    marks = ticks(frame.axis.low, frame.axis.high)
    lines = " ".join(f"M{frame.x(mark):.1f} {top:.1f} V{bottom + 4:.1f}" for mark in marks)
    written = [el("path", d=lines, stroke=GRID, stroke_width=1)]
    for mark in marks:
        label = number(mark) + (f" {unit}" if mark is marks[-1] else "")
        written.append(
            text(frame.x(mark), bottom + 17, label, size=12, fill=MUTED, anchor="middle")
        )
    return "".join(written)


def flag(frame: Frame, moment: float, top: float, bottom: float) -> str:
    """Mark the moment at which the code under test came back."""
    x = frame.x(moment)
    label = f"code came back at {seconds(moment)}"
    wide = text_width(label, 12)
    at = max(min(x - wide / 2, frame.limit - wide), 14.0)
    line = el(
        "path",
        d=f"M{x:.1f} {top:.1f} V{bottom + 4:.1f}",
        stroke=INK,
        stroke_width=1.5,
        stroke_dasharray="6 3",
    )
    return line + text(at, top - 4, label, size=12)


def arrows(
    trace: Trace,
    rows: Sequence[Row],
    frame: Frame,
    middles: Sequence[float],
    half: float,
    critical: Sequence[str],
) -> str:
    """Draw an arrow for each edge, from the end of one call to the start of the next."""
    late, bold = too_early(trace), set(itertools.pairwise(critical))
    ends: dict[str, tuple[float, float]] = {}
    starts: dict[str, tuple[float, float]] = {}
    for row, y in zip(rows, middles, strict=True):
        if row.span is not None:
            end = frame.right if row.span.end is None else frame.x(row.span.end)
            ends[row.call_id] = (end, y)
            starts.setdefault(row.call_id, (frame.x(row.span.start), y))
    return "".join(
        _arrow(
            ends[before],
            starts[after],
            half,
            broken=(before, after) in late,
            bold=(before, after) in bold,
        )
        for before, after in trace.edges
        if before != after and before in ends and after in starts
    )


def _arrow(
    start: tuple[float, float],
    end: tuple[float, float],
    half: float,
    *,
    broken: bool,
    bold: bool,
) -> str:
    (x0, y0), (x1, y1) = start, end
    down = 1 if y1 > y0 else -1
    ink = RED if broken else INK if bold else MUTED
    if broken or abs(x1 - x0) < 8:  # The result drops onto a bar, too late or just in time.
        tip = y1 - down * (half + 2)
        line = f"M{x0:.1f} {y0 + down * half:.1f} V{tip:.1f}"
        back = tip - down * 6
        head = f"M{x0 - 4:.1f} {back:.1f} L{x0:.1f} {tip:.1f} L{x0 + 4:.1f} {back:.1f}"
    else:
        side = 1 if x1 > x0 else -1
        tip = x1 - side * 3
        line = f"M{x0:.1f} {y0 + down * half:.1f} V{y1:.1f} H{tip:.1f}"
        back = tip - side * 6
        head = f"M{back:.1f} {y1 - 4:.1f} L{tip:.1f} {y1:.1f} L{back:.1f} {y1 + 4:.1f}"
    thick = 2.0 if bold else 1.2
    dashes = "4 3" if broken else None
    return el(
        "path", d=line, fill="none", stroke=ink, stroke_width=thick, stroke_dasharray=dashes
    ) + el("path", d=head, fill="none", stroke=ink, stroke_width=thick)


def legend(
    rows: Sequence[Row], traces: Sequence[Trace], y: float, width: float, *, critical: bool
) -> tuple[str, float]:
    """Explain the signs that carry no word of their own; return the drawing and its lower end."""
    samples: list[tuple[str, str]] = []
    arrow = "h24 m-6 -4 l6 4 l-6 4"
    if any(row.span and row.span.start > row.waits_from for row in rows):
        samples.append(("waiting", waiting(0, 24, 0)))
    if any(trace.edges for trace in traces):
        sign = el("path", d=f"M0 0 {arrow}", fill="none", stroke=MUTED, stroke_width=1.2)
        samples.append(("needs the result", sign))
    if any(too_early(trace) for trace in traces):
        sign = el(
            "path",
            d=f"M0 0 {arrow}",
            fill="none",
            stroke=RED,
            stroke_width=1.2,
            stroke_dasharray="4 3",
        )
        samples.append(("did not wait", sign))
    if critical:
        box = el("rect", y=-6, width=22, height=12, rx=3, fill="none", stroke=INK, stroke_width=2.0)
        samples.append(("critical path", box))
    x, drawn = width, []
    for word, sign in samples:
        wide = text_width(word, 12) + 52
        if x + wide > width:
            x, y = 16.0, y + 18
        drawn.append(el("g", sign, transform=f"translate({x:.1f} {y:.1f})"))
        drawn.append(text(x + 32, y + 4, word, size=12, fill=MUTED))
        x += wide
    return "".join(drawn), y
