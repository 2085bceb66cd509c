"""Draw traces as timelines: one alone, or *your run* above *a good run* on the same axis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from toollab.trace import Trace
from toollab.views._bars import Frame, draw_row
from toollab.views._decor import arrows, flag, grid, legend
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
    LANE,
    MUTED,
    close,
    el,
    number,
    one_line,
    panel,
    seconds,
    shorten,
    text,
    text_width,
    wrap,
)
from toollab.views.picture import Picture

__all__ = ("compare", "timeline")

_WIDTH = 640
_YOURS = ("Your run", "A good run")
_PAD = 14.0
_ROOMY = 14
"""With more rows than this in one timeline, a row gets one line of text instead of two."""


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
    starts; an id in it that the trace lacks gets an empty lane, *never started*.  `width` is
    the width for which the text is laid out, in pixels; the picture itself scales.
    """
    axis = Axis.of(trace)
    part = _part(title, trace, axis, chain(trace, critical), order)
    alt = f"{part.title}: {', '.join(part.facts)}"
    return _picture([part], axis, [], alt, width)


def compare(
    yours: Trace,
    good: Trace,
    *,
    title: str = "",
    names: tuple[str, str] = _YOURS,
    width: int = _WIDTH,
) -> Picture:
    """Draw one trace above another on the same axis, lanes in the same order.

    `names` head the two timelines; `title` names the whole for those who hear the picture.  A
    call of `good` that `yours` never started gets an empty lane.
    """
    axis = Axis.of(yours, good)
    ids = [span.call_id for span in good.spans]
    # Without a common id the two runs are about different calls: no lane is missing.
    order = ids if any(yours.of(call_id) for call_id in ids) else ()
    parts = [
        _part(names[0], yours, axis, chain(yours, None), order),
        _part(names[1], good, axis, chain(good, None)),
    ]
    if not title:
        title = "Your run and a good run" if names == _YOURS else "Two runs"
    verdict = _verdict(yours, good, parts[0].title, parts[1].title)
    told = [f"{part.title}: {', '.join(part.facts)}" for part in parts]
    alt = ". ".join([one_line(title), *told, *verdict])
    return _picture(parts, axis, verdict, alt, width)


def _verdict(yours: Trace, good: Trace, name: str, other_name: str) -> list[str]:
    if not yours.spans or not good.spans:
        return []
    one, other = yours.makespan, good.makespan
    other_name = other_name[:1].lower() + other_name[1:]
    if came_back(good) is not None:
        # The good run does not wait for its last call: what counts is when the code came back.
        if close(yours.total, good.total):
            return [f"{name} came back when {other_name} did: at {seconds(good.total)}"]
        back = f"{name} came back at {seconds(yours.total)}"
        return [f"{back}, {other_name} at {seconds(good.total)}"]
    if close(one, other):
        return [f"{name} took as long as {other_name}: {seconds(one)}"]
    told = f"{name} took {seconds(one)}, {other_name} {seconds(other)}"
    times = round(one / other, 2) if other > 0 else 0.0
    if times > 1:
        told += f": the upper run took {number(times)} times as long"
    # Quick and wrong must not look like a win.
    return [told + (", but did not wait for what it needed" if too_early(yours) else "")]


@dataclass(frozen=True, slots=True)
class _Part:
    """One timeline of a picture."""

    title: str
    trace: Trace
    rows: tuple[Row, ...]
    critical: tuple[str, ...]
    facts: tuple[str, ...]


def _part(
    title: str,
    trace: Trace,
    axis: Axis,
    critical: tuple[str, ...],
    order: Iterable[str] | None = None,
) -> _Part:
    rows = tuple(lay_out(trace, axis, order))
    return _Part(one_line(title), trace, rows, critical, tuple(facts(trace, critical)))


def _picture(parts: list[_Part], axis: Axis, verdict: list[str], alt: str, width: int) -> Picture:
    rows = [row for part in parts for row in part.rows]
    tall = 36.0 if max(len(part.rows) for part in parts) <= _ROOMY else 22.0
    left = _PAD + _label_width(rows, width, roomy=tall > 22)
    frame = Frame(axis, left, max(left + 20, width - 84.0), width - 6.0)
    y = _PAD
    drawn: list[str] = []
    for part in parts:
        if part is not parts[0]:
            y += 14
        y = _section(part, frame, y, tall, width, drawn)
    for line in _lines(verdict, width, bold=True):
        y += 20
        drawn.append(text(_PAD, y, line, weight="600"))
    critical = any(part.critical for part in parts)
    signs, y = legend(rows, [p.trace for p in parts], y, width, critical=critical)
    forms = [text_form(p.title, p.trace, p.rows, axis, p.facts) for p in parts]
    form = "\n\n".join([*forms, *verdict])
    svg = panel(width, y + _PAD, *drawn, signs, label=alt, about=form)
    return Picture(svg, form, alt)


def _label(row: Row) -> tuple[str, str]:
    """Return what the call is and which: the two texts beside a row."""
    if row.span is None:
        return "", one_line(row.call_id)
    again = f"attempt {row.span.attempt}" if row.span.attempt > 1 else ""
    if not row.first:
        return "", again or f"{one_line(row.call_id, 20)}, again"
    return signature(row.span), " · ".join(filter(None, [one_line(row.call_id), again]))


def _label_width(rows: list[Row], width: int, *, roomy: bool) -> float:
    wide = 60.0
    for row in rows:
        one, other = _label(row)
        both = (text_width(one), text_width(other, 12))
        wide = max(wide, max(both) if roomy else sum(both) + 10)
    return min(wide + 16, width * 0.36)


def _lines(pieces: Sequence[str], width: int, *, bold: bool = False) -> list[str]:
    """Set pieces of text one after another, with line breaks between them if possible."""
    room = (width - 2 * _PAD) * (0.88 if bold else 1.0)  # bold letters are wider
    lines: list[str] = []
    for piece in pieces:
        if lines and text_width(f"{lines[-1]} · {piece}") <= room:
            lines[-1] += f" · {piece}"
        else:
            lines += wrap(piece, room)
    return lines


def _section(
    part: _Part, frame: Frame, y: float, tall: float, width: int, drawn: list[str]
) -> float:
    """Draw one timeline from `y` downwards, and return where it ends."""
    y += 13
    drawn.append(text(_PAD, y, shorten(part.title, width - 30, 15), size=15, weight="600"))
    for line in _lines(part.facts, width):
        y += 18
        drawn.append(text(_PAD, y, line, fill=MUTED))
    if not part.rows:
        return y
    back = came_back(part.trace)
    y += 10 if back is None else 26
    bottom, middles = y, []
    for row in part.rows:
        high = tall if row.first else 22.0
        middles.append(bottom + high / 2)
        if row.lane % 2 == 0:
            drawn.append(el("rect", x=1, y=bottom, width=width - 2, height=high, fill=LANE))
        bottom += high
    drawn.append(grid(frame, y, bottom))
    drawn.append(arrows(part.trace, part.rows, frame, middles, tall * 0.24, part.critical))
    if back is not None:
        drawn.append(flag(frame, back, y, bottom))
    crossed = back is not None or bool(part.trace.edges)
    ids = max((text_width(_label(row)[1], 12) for row in part.rows if row.first), default=0)
    for row, middle in zip(part.rows, middles, strict=True):
        drawn.append(_beside(row, frame, middle, 0 if tall > 22 else ids))
        half = 8.0 if tall > 22 and row.first else 6.0
        mine = row.call_id in part.critical
        drawn.append(draw_row(row, frame, middle, half, critical=mine, crossed=crossed))
    return bottom + 20


def _beside(row: Row, frame: Frame, y: float, ids: float) -> str:
    """Write what a row is: on two lines, or on one with a column of width `ids` for the ids."""
    one, other = _label(row)
    room = frame.left - _PAD - 14
    if not one and row.first:
        return text(_PAD, y + 4, shorten(other, room))
    if not one:
        return text(frame.left - 12, y + 4, other, size=12, fill=MUTED, anchor="end")
    if not ids:
        second = text(_PAD, y + 12, shorten(other, room, 12), size=12, fill=MUTED)
        return text(_PAD, y - 4, shorten(one, room)) + second
    ids = min(ids, room * 0.45)
    second = text(_PAD, y + 4, shorten(other, ids, 12), size=12, fill=MUTED)
    return second + text(_PAD + ids + 8, y + 4, shorten(one, room - ids - 8))
