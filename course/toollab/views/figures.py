"""Two more pictures: where the time goes, and the steps of a process."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from toollab.views._bars import Frame, hatch
from toollab.views._decor import grid
from toollab.views._lanes import Axis
from toollab.views._svg import (
    BLUE,
    GREEN,
    INK,
    LANE,
    MUTED,
    ORANGE,
    PANEL,
    PURPLE,
    SKY,
    el,
    escape,
    number,
    one_line,
    panel,
    shorten,
    text,
    text_width,
    wrap,
)
from toollab.views.picture import Picture

__all__ = ("stacked_bars", "steps")

_PAD = 14.0
_HUES = (BLUE, ORANGE, GREEN, PURPLE, SKY)
_LETTERS = "█▒░▓▚"
_COLUMNS = 32


def stacked_bars(
    rows: Mapping[str, Mapping[str, float]],
    *,
    unit: str = "s",
    title: str = "Where the time goes",
    width: int = 640,
) -> Picture:
    """Draw a bar for each row, made of its parts: `{"one by one": {"model": 2, "tools": 1.5}}`.

    Values are in `unit`, and not negative.  A part has the same colour and pattern in each row.
    """
    kinds = list(dict.fromkeys(kind for parts in rows.values() for kind in parts))
    longest = max((sum(parts.values()) for parts in rows.values()), default=0.0) or 1.0
    told = {row: _sum(parts, unit) for row, parts in rows.items()}
    names = max((text_width(one_line(row)) for row in rows), default=0.0)
    left = _PAD + min(names + 16, width * 0.36)
    sums = [text_width(f"{number(sum(parts.values()))} {unit}", 13) for parts in rows.values()]
    right = width - 20.0 - max(sums, default=0.0)
    frame = Frame(Axis(0.0, longest), left, max(right, left + 20), width - 6.0)
    drawn = [text(_PAD, 27, shorten(title, width - 30, 15), size=15, weight="600")]
    top = 40.0
    bottom = top + 34 * len(rows)
    drawn.append(grid(frame, top, bottom, unit))
    for index, (row, parts) in enumerate(rows.items()):
        y = top + 34 * index + 17
        drawn.append(text(_PAD, y + 4, shorten(row, left - _PAD - 14)))
        drawn.append(_stack(parts, kinds, frame, y, unit))
    key, bottom = _key(kinds, bottom + 40, width)
    alt = f"{one_line(title)}. " + ". ".join(f"{one_line(row)}: {told[row]}" for row in rows)
    form = _stack_text(title, rows, kinds, longest, told)
    return Picture(panel(width, bottom + _PAD, *drawn, key, label=alt, about=form), form, alt)


def _sum(parts: Mapping[str, float], unit: str) -> str:
    pieces = [f"{one_line(kind)} {number(value)} {unit}" for kind, value in parts.items()]
    return f"{' + '.join(pieces)} = {number(sum(parts.values()))} {unit}"


def _stack(
    parts: Mapping[str, float], kinds: Sequence[str], frame: Frame, y: float, unit: str
) -> str:
    drawn = []
    low = 0.0
    for kind, value in parts.items():
        x0, x1 = frame.x(low), frame.x(low + value)
        label = f"{number(value)} {unit}"
        pieces = [el("title", escape(f"{kind}: {label}")), _piece(kinds.index(kind), x0, x1, y)]
        wide = text_width(label, 12)
        if wide + 12 <= x1 - x0:
            middle = (x0 + x1) / 2
            slip = {"x": middle - wide / 2 - 4, "y": y - 8, "width": wide + 8, "height": 16}
            pieces.append(el("rect", **slip, rx=8, fill=PANEL))
            pieces.append(text(middle, y + 4, label, size=12, anchor="middle"))
        drawn.append(el("g", *pieces))
        low += value
    drawn.append(text(frame.x(low) + 6, y + 4, f"{number(low)} {unit}", size=12, weight="600"))
    return "".join(drawn)


def _piece(index: int, x0: float, x1: float, y: float, half: float = 11) -> str:
    """Draw one part of a bar in the colour and pattern of its kind."""
    box = el(
        "rect",
        x=x0,
        y=y - half,
        width=max(x1 - x0, 0.5),
        height=2 * half,
        fill=_HUES[index % len(_HUES)],
        stroke=MUTED,
    )
    pattern = index % len(_HUES)
    if pattern == 1:
        return box + hatch(x0, x1, y, half, PANEL)
    across = {2: "M{0:.1f} {1:.1f} V{2:.1f}", 4: "M{0:.1f} {1:.1f} v4 M{0:.1f} {2:.1f} v-4"}
    if pattern in across:
        marks = [
            across[pattern].format(x0 + 6 * step, y - half, y + half)
            for step in range(1, int((x1 - x0) / 6) + 1)
        ]
        return box + (el("path", d=" ".join(marks), stroke=PANEL) if marks else "")
    if pattern == 3:
        d = f"M{x0:.1f} {y - half / 2:.1f} H{x1:.1f} M{x0:.1f} {y + half / 2:.1f} H{x1:.1f}"
        return box + el("path", d=d, stroke=PANEL, stroke_width=1.5)
    return box


def _key(kinds: Sequence[str], y: float, width: int) -> tuple[str, float]:
    """Name the parts beside their colours and patterns; return the lower end as well."""
    drawn, x = [], _PAD
    for index, kind in enumerate(kinds):
        word = shorten(kind, 200, 12)
        wide = text_width(word, 12) + 48
        if x > _PAD and x + wide > width:
            x, y = _PAD, y + 20
        drawn += [_piece(index, x, x + 24, y - 4, 6), text(x + 30, y, word, size=12, fill=MUTED)]
        x += wide
    return "".join(drawn), y


def _stack_text(
    title: str,
    rows: Mapping[str, Mapping[str, float]],
    kinds: Sequence[str],
    longest: float,
    told: Mapping[str, str],
) -> str:
    wide = max((len(one_line(row)) for row in rows), default=0)
    lines = [one_line(title)]
    for row, parts in rows.items():
        bar, low = "", 0.0
        for kind, value in parts.items():
            low += value
            letter = _LETTERS[kinds.index(kind) % len(_LETTERS)]
            bar += letter * (round(low / longest * _COLUMNS) - len(bar))
        lines.append(f"{one_line(row):{wide}} |{bar:{_COLUMNS}}| {told[row]}")
    return "\n".join(lines)


def steps(
    names: Sequence[str],
    *,
    active: int | Collection[int] | None = None,
    loop: bool = False,
    title: str = "The steps",
    width: int = 640,
) -> Picture:
    """Draw numbered boxes with arrows between them, four in a row.

    `active` is the number (from 1) of the step that is going on, or several; `loop` leads the
    last step back to the first.
    """
    going = {active} if isinstance(active, int) else set(active or ())
    told = [f"{i}. {one_line(name)}" for i, name in enumerate(names, 1)]
    left, gap, high, deep = 30.0 if loop else _PAD, 24.0, 74.0, 30.0
    across = min(4, max(1, len(names)))
    wide = (width - left - _PAD - gap * (across - 1)) / across
    places = [
        (left + (i % across) * (wide + gap), 42 + (i // across) * (high + deep))
        for i in range(len(names))
    ]
    drawn = [text(_PAD, 27, shorten(title, width - 30, 15), size=15, weight="600")]
    for index, (name, (x, y)) in enumerate(zip(names, places, strict=True)):
        drawn.append(_step(index + 1, name, (x, y, wide, high), now=index + 1 in going))
        if index + 1 < len(names):
            turn = places[index + 1][1] > y
            drawn.append(_turn(x, y, wide, high, deep, left) if turn else _next(x + wide, y, high))
    bottom = (places[-1][1] if places else 20.0) + high
    if loop and len(names) > 1:
        x, low = places[-1][0] + wide / 2, bottom + 14
        start = f"M{x:.1f} {bottom:.1f} V{low:.1f} H12 V{42 + high / 2:.1f}"
        drawn.append(_line(f"{start} H{left - 2:.1f} m-6 -4 l6 4 l-6 4"))
        bottom = low
    marked = [line + ("  <- now" if i in going else "") for i, line in enumerate(told, 1)]
    back = [f"then back to 1. {one_line(names[0])}"] if loop and len(names) > 1 else []
    form = "\n".join([one_line(title), *marked, *back])
    alt = f"{one_line(title)}: " + "; ".join([*marked, *back]).replace("  <- now", " (now)")
    return Picture(panel(width, bottom + _PAD, *drawn, label=alt, about=form), form, alt)


def _step(index: int, name: str, box: tuple[float, float, float, float], *, now: bool) -> str:
    x, y, wide, high = box
    lines = wrap(name, wide - 16)
    edge = {"stroke": BLUE if now else MUTED, "stroke_width": 3.0 if now else 1.0}
    head = f"{index} · now" if now else f"{index}"
    return el(
        "g",
        el("title", escape(f"{index}. {name}{' (now)' if now else ''}")),
        el(
            "rect",
            x=x,
            y=y,
            width=wide,
            height=high,
            rx=6,
            fill="#e3f0f9" if now else LANE,
            **edge,
        ),
        text(x + 9, y + 19, head, fill=INK if now else MUTED, weight="600"),
        *(text(x + 9, y + 38 + 15 * i, line) for i, line in enumerate(lines)),
    )


def _line(d: str) -> str:
    return el("path", d=d, fill="none", stroke=MUTED, stroke_width=1.5)


def _next(x: float, y: float, high: float) -> str:
    return _line(f"M{x + 3:.1f} {y + high / 2:.1f} h18 m-6 -4 l6 4 l-6 4")


def _turn(x: float, y: float, wide: float, high: float, deep: float, left: float) -> str:
    """Lead from the end of one row to the start of the next."""
    start = f"M{x + wide / 2:.1f} {y + high + 2:.1f} v{deep / 2 - 2:.1f}"
    return _line(f"{start} H{left + wide / 2:.1f} v{deep / 2 - 3:.1f} m-4 -6 l4 6 l4 -6")
