"""Draw traces as timelines: one alone, or *your run* above *a good run* on the same axis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from toollab.trace import Trace
from toollab.views._bars import Frame, draw_row, waiting
from toollab.views._lanes import (
    Axis,
    Row,
    came_back,
    chain,
    facts,
    lay_out,
    signature,
    text_form,
    too_early,
)
from toollab.views._svg import (
    GRID,
    INK,
    LANE,
    MUTED,
    RED,
    close,
    el,
    number,
    one_line,
    panel,
    seconds,
    shorten,
    text,
    text_width,
    ticks,
    wrap,
)
from toollab.views.picture import Picture

__all__ = ("compare", "timeline")

_WIDTH = 640
_PAD = 14
_ROOMY = 14
"""With more rows than this, a row gets one line of text instead of two."""


def timeline(
    trace: Trace,
    *,
    title: str = "Timeline",
    critical: Sequence[str] | None = None,
    order: Iterable[str] | None = None,
    width: int = _WIDTH,
) -> Picture:
    """Draw a trace: a lane for each call, a bar from its start to its end in seconds.

    `critical` names the calls on the critical path; by default it is computed from the trace's
    edges, and `()` marks none.  `order` puts the lanes in an order other than that of the
    starts; an id in it that the trace lacks gets an empty lane, *never started*.
    """
    axis = Axis.of(trace)
    part = _Part(title, trace, tuple(lay_out(trace, axis, order)), chain(trace, critical))
    return _picture([part], axis, one_line(title), [], width)


def compare(
    yours: Trace,
    good: Trace,
    *,
    title: str = "Your run and a good run",
    names: tuple[str, str] = ("Your run", "A good run"),
    width: int = _WIDTH,
) -> Picture:
    """Draw one trace above another on the same axis, lanes in the same order.

    A call of `good` that `yours` never started gets an empty lane.
    """
    axis = Axis.of(yours, good)
    ids = [span.call_id for span in good.spans]
    # Without a common id the two runs are about different calls: no lane is missing.
    known = {span.call_id for span in yours.spans}
    order = ids if known.intersection(ids) else ()
    parts = [
        _Part(names[0], yours, tuple(lay_out(yours, axis, order)), chain(yours, None)),
        _Part(names[1], good, tuple(lay_out(good, axis)), chain(good, None)),
    ]
    return _picture(parts, axis, one_line(title), _verdict(yours, good, names), width)


def _verdict(yours: Trace, good: Trace, names: tuple[str, str]) -> list[str]:
    if not yours.spans or not good.spans:
        return []
    one, other = yours.makespan, good.makespan
    a, b = one_line(names[0]), one_line(names[1]).lower()
    if close(one, other):
        return [f"{a} took as long as {b}: {seconds(one)}"]
    times = f", {number(one / other)} times as long" if one > other > 0 else ""
    return [f"{a} took {seconds(one)}, {b} {seconds(other)}{times}"]


@dataclass(frozen=True, slots=True)
class _Part:
    """One timeline of a picture."""

    title: str
    trace: Trace
    rows: tuple[Row, ...]
    critical: tuple[str, ...]

    @property
    def facts(self) -> list[str]:
        return facts(self.trace, self.critical)


def _picture(parts: list[_Part], axis: Axis, title: str, verdict: list[str], width: int) -> Picture:
    left = _PAD + _label_width([row for part in parts for row in part.rows], width)
    frame = Frame(axis, left, width - 82.0, width - 6.0)
    y = float(_PAD)
    drawn: list[str] = []
    for part in parts:
        y = _section(part, frame, y, width, drawn)
    for line in wrap(" · ".join(verdict), width - 2 * _PAD) if verdict else ():
        y += 18
        drawn.append(text(_PAD, y, line, weight="600"))
    y = _legend(parts, y, drawn)
    forms = [text_form(p.title, p.trace, p.rows, axis, p.facts) for p in parts]
    alt = ". ".join(
        [title, *(f"{one_line(p.title)}: {', '.join(p.facts)}" for p in parts if p.title != title)]
        if len(parts) > 1
        else [f"{title}: {', '.join(parts[0].facts)}"]
    )
    alt = ". ".join([one_line(alt, 600), *verdict])
    form = "\n\n".join([*forms, *verdict])
    return Picture(panel(width, y + _PAD, *drawn, label=alt, about=form), form, alt)


def _label(row: Row) -> tuple[str, str]:
    """Return the two lines beside a row."""
    if row.span is None:
        return one_line(row.call_id), ""
    if not row.first:
        again = row.span.attempt
        return "", f"attempt {again}" if again > 1 else f"{one_line(row.call_id)}, once more"
    attempt = f" · attempt {row.span.attempt}" if row.span.attempt > 1 else ""
    return signature(row.span), one_line(row.call_id) + attempt


def _label_width(rows: list[Row], width: int) -> float:
    roomy = len(rows) <= _ROOMY
    wide = 60.0
    for row in rows:
        one, other = _label(row)
        both = (text_width(one), text_width(other, 12))
        wide = max(wide, max(both) if roomy else sum(both) + 8)
    return min(wide + 10, width * 0.34)


def _section(part: _Part, frame: Frame, y: float, width: int, drawn: list[str]) -> float:
    """Draw one timeline from `y` downwards, and return where it ends."""
    y += 13
    drawn.append(text(_PAD, y, shorten(part.title, width - 30, 15), size=15, weight="600"))
    for line in wrap(" · ".join(part.facts), width - 2 * _PAD):
        y += 18
        drawn.append(text(_PAD, y, line, fill=MUTED))
    y += 10
    if not part.rows:
        return y
    back = came_back(part.trace)
    if back is not None:
        y += 14
    tall = 34.0 if len(part.rows) <= _ROOMY else 22.0
    middle: dict[int, float] = {}
    bottom = y
    for index, row in enumerate(part.rows):
        high = tall if row.first else 22.0
        middle[index] = bottom + high / 2
        if row.lane % 2 == 0:
            paper = el("rect", x=1, y=bottom, width=width - 2, height=high, fill=LANE)
            drawn.append(paper)
        bottom += high
    drawn.append(_grid(frame, y, bottom))
    drawn.append(_arrows(part, frame, middle, tall * 0.24))
    for index, row in enumerate(part.rows):
        drawn.extend(_beside(row, frame, middle[index], roomy=tall > 22))
        thick = 16.0 if tall > 22 and row.first else 12.0
        mine = row.call_id in part.critical
        drawn.append(draw_row(row, frame, middle[index], thick, critical=mine))
    if back is not None:
        drawn.append(_flag(frame, back, y, bottom))
    return bottom + 26


def _beside(row: Row, frame: Frame, y: float, *, roomy: bool) -> list[str]:
    one, other = _label(row)
    room = frame.left - _PAD - 8
    if roomy and one and other:
        return [
            text(_PAD, y - 3, shorten(one, room)),
            text(_PAD, y + 12, shorten(other, room, 12), size=12, fill=MUTED),
        ]
    if not one:
        return [text(frame.left - 10, y + 4, other, size=12, fill=MUTED, anchor="end")]
    spare = max(0.0, room - text_width(one) - 8)
    written = [text(_PAD, y + 4, shorten(one, room))]
    if other and text_width(other, 12) <= spare:
        written.append(text(frame.left - 10, y + 4, other, size=12, fill=MUTED, anchor="end"))
    return written


def _grid(frame: Frame, top: float, bottom: float) -> str:
    marks = ticks(frame.axis.low, frame.axis.high)
    lines = " ".join(f"M{frame.x(mark):.1f} {top:.1f} V{bottom + 4:.1f}" for mark in marks)
    written = [el("path", d=lines, stroke=GRID, stroke_width=1)]
    for mark in marks:
        label = seconds(mark) if mark is marks[-1] else number(mark)
        middle = text(frame.x(mark), bottom + 17, label, size=12, fill=MUTED, anchor="middle")
        written.append(middle)
    return "".join(written)


def _flag(frame: Frame, moment: float, top: float, bottom: float) -> str:
    """Mark the moment at which the code under test came back."""
    x = frame.x(moment)
    label = f"code came back {seconds(moment)}"
    wide = text_width(label, 12)
    at = min(max(x - wide / 2, frame.left), frame.limit - wide)
    line = el(
        "path",
        d=f"M{x:.1f} {top:.1f} V{bottom + 4:.1f}",
        stroke=INK,
        stroke_width=1.5,
        stroke_dasharray="6 3",
    )
    return line + text(at, top - 4, label, size=12)


def _arrows(part: _Part, frame: Frame, middle: dict[int, float], half: float) -> str:
    """Draw an arrow for each edge, from the end of one call to the start of the next."""
    late = too_early(part.trace)
    steps = set(zip(part.critical, part.critical[1:], strict=False))
    drawn = []
    for edge in part.trace.edges:
        before = [i for i, row in enumerate(part.rows) if row.call_id == edge[0] and row.span]
        after = [i for i, row in enumerate(part.rows) if row.call_id == edge[1] and row.span]
        if not before or not after or edge[0] == edge[1]:
            continue
        giver, taker = part.rows[before[-1]].span, part.rows[after[0]].span
        if giver is None or taker is None:
            continue
        x0 = frame.right if giver.end is None else frame.x(giver.end)
        drawn.append(
            _arrow(
                (x0, middle[before[-1]]),
                (frame.x(taker.start), middle[after[0]]),
                half,
                broken=edge in late,
                bold=edge in steps,
            )
        )
    return "".join(drawn)


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
    if abs(x1 - x0) < 8:
        tip = y1 - down * (half + 3)
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


def _legend(parts: list[_Part], y: float, drawn: list[str]) -> float:
    """Explain the signs that carry no word of their own."""
    rows = [row for part in parts for row in part.rows if row.span]
    x = float(_PAD)
    y += 20
    before = len(drawn)
    if any(row.span and row.span.start > row.waits_from for row in rows):
        drawn.append(waiting(x, x + 24, y - 4))
        x = _explain(x + 30, y, "waiting", drawn)
    if any(part.trace.edges for part in parts):
        drawn.append(
            el(
                "path",
                d=f"M{x:.1f} {y - 4:.1f} h24 m-6 -4 l6 4 l-6 4",
                fill="none",
                stroke=MUTED,
                stroke_width=1.2,
            )
        )
        x = _explain(x + 30, y, "needs the result", drawn)
    if any(too_early(part.trace) for part in parts):
        drawn.append(
            el(
                "path",
                d=f"M{x:.1f} {y - 4:.1f} h24 m-6 -4 l6 4 l-6 4",
                fill="none",
                stroke=RED,
                stroke_width=1.2,
                stroke_dasharray="4 3",
            )
        )
        x = _explain(x + 30, y, "did not wait", drawn)
    if any(part.critical for part in parts):
        drawn.append(
            el(
                "rect",
                x=x,
                y=y - 10,
                width=22,
                height=12,
                rx=3,
                fill="none",
                stroke=INK,
                stroke_width=2.0,
            )
        )
        _explain(x + 28, y, "critical path", drawn)
    return y if len(drawn) > before else y - 20


def _explain(x: float, y: float, word: str, drawn: list[str]) -> float:
    drawn.append(text(x, y, word, size=12, fill=MUTED))
    return x + text_width(word, 12) + 16
