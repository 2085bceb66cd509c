"""A stream as it arrives: which frame brings a piece of which call, and what is there so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from toollab.views._svg import (
    BLUE,
    GREY,
    LANE,
    MUTED,
    PANEL,
    el,
    escape,
    one_line,
    panel,
    shorten,
    text,
    text_width,
)
from toollab.views.picture import Picture

__all__ = ("Packet", "packets")

_PAD = 14.0
_HIGH = 54.0
_HERE, _COMING, _NONE = "■", "□", "·"


@dataclass(frozen=True, slots=True)
class Packet:
    """One frame of a stream: the `lane` it belongs to, such as a call, and the `piece` it adds."""

    lane: str
    piece: str = ""


def packets(
    stream: Sequence[Packet],
    *,
    arrived: int | None = None,
    title: str = "Frames of a stream",
    width: int = 640,
) -> Picture:
    """Draw a lane for each call, a box for each frame, and under each lane what has arrived.

    `arrived` is the number of frames received so far; all of them if `None`.  Frames that are
    still to come are drawn hollow.
    """
    count = len(stream) if arrived is None else max(0, min(arrived, len(stream)))
    lanes = list(dict.fromkeys(packet.lane for packet in stream))
    names = max((text_width(one_line(lane)) for lane in lanes), default=0.0)
    left = _PAD + min(names + 16, width * 0.36)
    step = (width - _PAD - left) / max(len(stream), 1)
    drawn = [text(_PAD, 27, shorten(title, width - 30, 15), size=15, weight="600")]
    told = [one_line(title), f"{count} of {len(stream)} frames have arrived"]
    drawn.append(text(_PAD, 47, told[1], size=12, fill=MUTED))
    spoken: list[str] = []  # without the marks, which a screen reader would name one by one
    widest = max((len(one_line(lane)) for lane in lanes), default=0)
    for index, lane in enumerate(lanes):
        top = 60 + _HIGH * index
        so_far = "".join(p.piece for p in stream[:count] if p.lane == lane)
        drawn.append(el("rect", x=left, y=top, width=width - _PAD - left, height=20.0, fill=LANE))
        drawn.append(text(_PAD, top + 15, shorten(lane, left - _PAD - 10)))
        drawn += [
            _box(packet, number, left + step * number, step, top, here=number < count)
            for number, packet in enumerate(stream)
            if packet.lane == lane
        ]
        drawn.append(text(left, top + 37, shorten(so_far or "nothing yet", width - _PAD - left)))
        marks = "".join(_mark(p.lane == lane, n < count) for n, p in enumerate(stream))
        held = one_line(so_far) or "nothing yet"
        told.append(f"{one_line(lane):{widest}} |{marks}| {held}")
        spoken.append(f"{one_line(lane)}: {held}")
    form = "\n".join(told)
    alt = ". ".join([*told[:2], *spoken])
    bottom = 60 + _HIGH * len(lanes)
    return Picture(panel(width, bottom, *drawn, label=alt, about=form), form, alt)


def _mark(mine: bool, here: bool) -> str:  # noqa: FBT001 - two facts about one frame
    return (_HERE if here else _COMING) if mine else _NONE


def _box(packet: Packet, number: int, x: float, step: float, top: float, *, here: bool) -> str:
    look = {"fill": BLUE, "stroke": BLUE} if here else {"fill": PANEL, "stroke": GREY}
    state = "arrived" if here else "still to come"
    about = f"frame {number + 1}, {state}: {one_line(packet.piece) or 'opens the lane'}"
    wide = max(step * 0.82, 0.5)
    return el(
        "g",
        el("title", escape(about)),
        el(
            "rect",
            x=x + (step - wide) / 2,
            y=top + 2,
            width=wide,
            height=16.0,
            rx=2,
            **look,
            stroke_dasharray=None if here else "2 2",
        ),
    )
