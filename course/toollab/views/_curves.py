"""Curves over one axis, in panels below each other: how measures change with a setting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from toollab.views._bars import Frame
from toollab.views._decor import grid
from toollab.views._lanes import Axis
from toollab.views._svg import (
    BLUE,
    GREEN,
    GRID,
    INK,
    MUTED,
    PANEL,
    PURPLE,
    RED,
    el,
    escape,
    number,
    one_line,
    panel,
    shorten,
    text,
    ticks,
)
from toollab.views.picture import Picture

__all__ = ("curves",)

_PAD = 14.0
_HIGH = 118.0  # of one panel's drawing, in pixels
_LEFT = 62.0
_ROWS = 9  # in the text form
_STYLES = ((BLUE, None), (RED, "7 3"), (GREEN, "2 3"), (PURPLE, "9 3 2 3"))

Panels = Mapping[str, Mapping[str, Sequence[float]]]


def curves(
    x: Sequence[float],
    panels: Panels,
    *,
    at: float | None = None,
    x_label: str = "",
    unit: str = "s",
    title: str = "Curves",
    width: int = 640,
) -> Picture:
    """Draw curves over the rising values `x`, in one panel for each measure.

    `panels` maps what a panel measures, with its unit, to curves: for each name as many values,
    zero or more, as there are in `x`.  `at` marks a place; the values at the nearest of `x` are
    written out.  `unit` is that of `x`.  Raises `ValueError` if a curve has another length.
    """
    for name, values in ((n, v) for drawn in panels.values() for n, v in drawn.items()):
        if len(values) != len(x) or not x:
            raise ValueError(
                f"The curve {name!r} has {len(values)} values for {len(x)} places. "
                "Hint: give one value for each x, and at least one x."
            )
    place = None if at is None else min(range(len(x)), key=lambda n: abs(x[n] - at))
    high = max(x, default=1.0)
    low = min(x, default=0.0)
    notes = 150.0
    frame = Frame(Axis(low, high if high > low else low + 1), _LEFT, width - notes, width - _PAD)
    drawn = [text(_PAD, 27, shorten(title, width - 30, 15), size=15, weight="600")]
    y = 36.0
    before = 0
    for name, lines in panels.items():
        drawn.append(text(_PAD, y + 15, shorten(name, width - 30, 12), size=12, fill=MUTED))
        drawn.append(_panel(x, lines, frame, y + 28, place, before))
        y += 28 + _HIGH + 26
        before += len(lines)  # no two curves of a picture look alike, while styles last
    label = shorten(f"{x_label} ({unit})" if x_label else unit, frame.right - _LEFT, 12)
    drawn.append(
        text((_LEFT + frame.right) / 2, y + 8, label, size=12, fill=MUTED, anchor="middle")
    )
    alt = f"{one_line(title)}. {_facts(x, panels, place, x_label, unit)}"
    form = _form(x, panels, place, title, x_label, unit)
    return Picture(panel(width, y + 8 + _PAD, *drawn, label=alt, about=form), form, alt)


def _panel(
    x: Sequence[float],
    lines: Mapping[str, Sequence[float]],
    frame: Frame,
    top: float,
    place: int | None,
    before: int,
) -> str:
    """Draw one panel: its axes, its curves, and their names at the right."""
    bottom = top + _HIGH
    highest = max((max(values) for values in lines.values()), default=0.0) or 1.0
    drawn = [grid(frame, top, bottom, "")]
    for mark in ticks(0.0, highest, 4):
        level = bottom - mark / highest * _HIGH
        rule = f"M{frame.left - 4:.1f} {level:.1f} H{frame.right:.1f}"
        drawn.append(el("path", d=rule, stroke=GRID, stroke_width=1))
        drawn.append(
            text(frame.left - 8, level + 4, number(mark), size=12, fill=MUTED, anchor="end")
        )
    if place is not None:
        line = f"M{frame.x(x[place]):.1f} {top:.1f} V{bottom:.1f}"
        drawn.append(el("path", d=line, stroke=INK, stroke_width=1.0, stroke_dasharray="3 3"))
    for index, (name, values) in enumerate(lines.items()):
        style = _STYLES[(before + index) % len(_STYLES)]
        hue, dash = style
        points = [
            (frame.x(moment), bottom - value / highest * _HIGH)
            for moment, value in zip(x, values, strict=True)
        ]
        way = "M" + " L".join(f"{px:.1f} {py:.1f}" for px, py in points)
        drawn.append(
            el(
                "path",
                el("title", escape(name)),
                d=way,
                fill="none",
                stroke=hue,
                stroke_width=2.0,
                stroke_dasharray=dash,
            )
        )
        drawn.append(_name(name, values, place, frame, top + 14 + 34 * index, style))
        if place is not None:
            px, py = points[place]
            spot = {"x": px - 4, "y": py - 4, "width": 8, "height": 8, "rx": 4}
            drawn.append(el("rect", **spot, fill=PANEL, stroke=hue, stroke_width=2.0))
    return "".join(drawn)


def _name(
    name: str,
    values: Sequence[float],
    place: int | None,
    frame: Frame,
    y: float,
    style: tuple[str, str | None],
) -> str:
    """Write a curve's name beside a piece of its line, and its value at the marked place."""
    hue, dash = style
    left = frame.right + 16
    piece = el(
        "path",
        d=f"M{left:.1f} {y - 4:.1f} h24",
        stroke=hue,
        stroke_width=2.0,
        stroke_dasharray=dash,
    )
    room = frame.limit - left - 30
    written = text(left + 30, y, shorten(name, room, 12), size=12)
    if place is None:
        return piece + written
    value = number(values[place])
    return piece + written + text(left + 30, y + 16, value, size=13, weight="600")


def _facts(x: Sequence[float], panels: Panels, place: int | None, x_label: str, unit: str) -> str:
    """Say what the marked place shows, or where each curve begins and ends."""
    told = []
    for name, lines in panels.items():
        for line, values in lines.items():
            if place is None:
                found = f"from {number(values[0])} to {number(values[-1])}"
            else:
                found = number(values[place])
            told.append(f"{one_line(line)} {found} ({one_line(name)})")
    where = "" if place is None else f"At {one_line(x_label)} {number(x[place])} {unit}: "
    return where + ", ".join(told)


def _form(
    x: Sequence[float],
    panels: Panels,
    place: int | None,
    title: str,
    x_label: str,
    unit: str,
) -> str:
    """Write a table: some of the places, the marked one among them."""
    step = max(1, -(-len(x) // _ROWS))
    rows = sorted({*range(0, len(x), step), len(x) - 1, *([] if place is None else [place])})
    lines = {one_line(n): values for drawn in panels.values() for n, values in drawn.items()}
    table = [[f"{one_line(x_label)} ({unit})" if x_label else unit, *lines]]
    table += [[number(x[row]), *(number(v[row]) for v in lines.values())] for row in rows]
    wide = [max(len(cells[n]) for cells in table) for n in range(len(table[0]))]
    written = ["  ".join(c.rjust(w) for c, w in zip(cells, wide, strict=True)) for cells in table]
    if place is not None:
        written[1 + rows.index(place)] += "  ← marked"
    heads = "; ".join(f"{', '.join(map(one_line, d))}: {one_line(n)}" for n, d in panels.items())
    return "\n".join([one_line(title), heads, *written])
