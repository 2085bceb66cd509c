"""Draw who got whose answer: what arrived, in its order, and the calls it was handed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from toollab.views._svg import (
    GREEN,
    LANE,
    MUTED,
    RED,
    el,
    escape,
    one_line,
    panel,
    shorten,
    text,
    text_width,
)
from toollab.views.picture import Picture

__all__ = ("pairing",)

_PAD = 14.0
_ROW = 34.0
_TOP = 92.0


def pairing(
    asked: Sequence[str],
    arrived: Sequence[str],
    given: Mapping[str, str],
    *,
    says: Mapping[str, str] | None = None,
    title: str = "Who got whose answer",
    width: int = 640,
) -> Picture:
    """Draw the answers in the order of arrival, the calls in their order, and lines between.

    `asked` and `arrived` are call ids; `given` maps a call's id to the id whose answer it was
    handed.  A call that is not in `given` got nothing.  `says` tells in a few words what an id
    asks for, or was answered.
    """
    says = says or {}
    verdicts = {one: _verdict(one, arrived, given) for one in asked}
    right = sum(word == "own answer" for word, _ in verdicts.values())
    told = f"{right} of {len(asked)} calls have their own answer"
    rows = max(len(asked), len(arrived), 1)
    left, middle = width * 0.34, width * 0.56
    drawn = [
        text(_PAD, 27, shorten(title, width - 30, 15), size=15, weight="600"),
        text(_PAD, 48, told, fill=MUTED),
        text(_PAD, 78, "arrived, first at the top", size=12, fill=MUTED),
        text(middle, 78, "asked, and handed", size=12, fill=MUTED),
    ]
    drawn += [
        el("rect", x=1, y=_TOP + index * _ROW, width=width - 2, height=_ROW, fill=LANE)
        for index in range(0, rows, 2)
    ]
    places = {one: _TOP + (index + 0.5) * _ROW for index, one in enumerate(arrived)}
    for index, one in enumerate(asked):
        y = _TOP + (index + 0.5) * _ROW
        if given.get(one) in places:
            drawn.append(_line(left, places[given[one]], middle - 8, y, own=given[one] == one))
    for place, one in enumerate(arrived, 1):
        words = _words(f"{place}. {one_line(one)}", says.get(one, ""))
        drawn.append(text(_PAD, places[one] + 4, shorten(words, left - _PAD - 10)))
    for index, one in enumerate(asked):
        y = _TOP + (index + 0.5) * _ROW + 4
        drawn += _call(one, verdicts[one], middle, y, width)
    form = _text(title, told, asked, arrived, verdicts, says)
    alt = f"{one_line(title)}: {told}"
    return Picture(
        panel(width, _TOP + rows * _ROW + _PAD, *drawn, label=alt, about=form), form, alt
    )


def _verdict(one: str, arrived: Sequence[str], given: Mapping[str, str]) -> tuple[str, str]:
    """Return what a call was handed, and the mark and colour that say whether that is right."""
    if given.get(one) == one:
        return "own answer", "✓"
    if one in given:
        return f"answer to {one_line(given[one])}", "✗"
    if one in arrived:
        return "nothing", "✗"
    return "nothing arrived", "○"


def _words(first: str, more: str) -> str:
    return f"{first}: {one_line(more)}" if more else first


def _line(x0: float, y0: float, x1: float, y1: float, *, own: bool) -> str:
    """Draw one answer's way: solid to the call it belongs to, dashed to another one."""
    way = {"stroke": GREEN if own else RED, "stroke_width": 2.0, "fill": "none"}
    if not own:
        way["stroke_dasharray"] = "5 4"
    return el(
        "g",
        el("title", escape("its own call" if own else "another call")),
        el("path", d=f"M{x0:.1f} {y0:.1f} L{x1:.1f} {y1:.1f}", **way),
        *(
            el("rect", x=x - 3, y=y - 3, width=6, height=6, fill=way["stroke"])
            for x, y in ((x0, y0), (x1, y1))
        ),
    )


def _call(one: str, verdict: tuple[str, str], x: float, y: float, width: float) -> list[str]:
    word, mark = verdict
    room = width - x - _PAD
    name = shorten(one, room * 0.5)
    return [
        text(x, y, name),
        text(x + text_width(name) + 14, y, mark, weight="600"),
        text(
            x + text_width(name) + 32,
            y,
            shorten(word, room - text_width(name) - 32),
            fill=MUTED,
        ),
    ]


def _text(
    title: str,
    told: str,
    asked: Sequence[str],
    arrived: Sequence[str],
    verdicts: Mapping[str, tuple[str, str]],
    says: Mapping[str, str],
) -> str:
    lines = [one_line(title), told]
    lines += [
        f"arrived {place}. {_words(one_line(one), says.get(one, ''))}"
        for place, one in enumerate(arrived, 1)
    ]
    return "\n".join(
        [*lines, *(f"{one_line(one)} {verdicts[one][1]} {verdicts[one][0]}" for one in asked)]
    )
