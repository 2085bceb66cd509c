"""Write SVG that looks the same everywhere: presentation attributes only, the same bytes each time.

Code-hosting sites strip `style`, `id`, `class` and scripts from pictures in notebooks, so nothing
here can write one.
"""

from __future__ import annotations

import math
import re
import unicodedata
from functools import lru_cache
from typing import Literal

__all__ = (
    "BLUE",
    "GREEN",
    "GREY",
    "GRID",
    "INK",
    "LANE",
    "MUTED",
    "ORANGE",
    "PANEL",
    "PURPLE",
    "RED",
    "SKY",
    "clean",
    "close",
    "el",
    "escape",
    "number",
    "one_line",
    "panel",
    "seconds",
    "shorten",
    "text",
    "text_width",
    "ticks",
    "wrap",
)

# Okabe and Ito's palette: told apart with every common kind of colour blindness.
GREEN, RED, ORANGE, SKY = "#009E73", "#D55E00", "#E69F00", "#56B4E9"
PURPLE, BLUE = "#CC79A7", "#0072B2"
# A picture brings its own light paper, so that it reads the same on a dark page.
PANEL, LANE, GRID, GREY = "#fdfdfc", "#f1f4f7", "#dfe3e8", "#737c88"
INK, MUTED = "#1b1f24", "#505a66"

_SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_NARROW, _WIDE = frozenset("iljtfrI|.,:;!'`()[]{} "), frozenset("mwMW@%…→·—")


# What XML cannot carry: most control characters, lone surrogates, non-characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(value: object) -> str:
    """Return `value` as text that XML can carry: forbidden characters become U+FFFD."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", str(value))


def one_line(value: object, most: int = 200) -> str:
    """Return `value` as clean text without line breaks, cut after `most` characters."""
    line = " ".join(clean(value).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def escape(value: object) -> str:
    """Return `value` so that it stands for itself in XML and HTML, in text and in attributes."""
    plain = clean(value)
    for raw, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        plain = plain.replace(raw, safe)
    return plain


def number(value: float) -> str:
    """Write a number with at most three decimals, fewer if it is large, and no final zeros."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "?"
    if 0 < abs(value) < 0.0005 or abs(value) >= 1e6:
        return f"{value:.3g}"
    plain = f"{value:.{3 if abs(value) < 1000 else 1}f}".rstrip("0").rstrip(".")
    return "0" if plain == "-0" else plain


def seconds(value: float) -> str:
    """Write a duration: `0.6 s`."""
    return f"{number(value)} s"


def el(name: str, *children: str, **attributes: object) -> str:
    """Return one element.  `stroke_width=2.0` becomes `stroke-width="2"`; `None` is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(children)}</{name}>" if children else f"<{name}{written}/>"


def _attribute(value: object) -> str:
    if isinstance(value, float):
        plain = f"{value:.1f}".removesuffix(".0")
        return "0" if plain == "-0" else plain
    return escape(value)


def text(
    x: float,
    y: float,
    content: str,
    *,
    size: int = 13,
    fill: str = INK,
    anchor: Literal["middle", "end"] | None = None,
    weight: str | None = None,
) -> str:
    """Return one line of text whose base line starts at `(x, y)`."""
    return el(
        "text",
        escape(content),
        x=x,
        y=y,
        font_size=size,
        fill=fill,
        text_anchor=anchor,
        font_weight=weight,
    )


def text_width(content: str, size: float = 13) -> float:
    """Estimate the width of a line, on the wide side: fonts differ from machine to machine."""
    return size * sum(_em(c) for c in content)


@lru_cache(4_096)
def _em(char: str) -> float:
    if char in _NARROW:
        return 0.34
    if char in _WIDE:
        return 0.92
    if unicodedata.east_asian_width(char) in {"W", "F"}:
        return 1.1
    return 0.7 if char.isupper() else 0.58


def shorten(content: str, width: float, size: float = 13) -> str:
    """Cut a line so that it fits `width`, with an ellipsis where something is missing."""
    content = one_line(content)
    if text_width(content, size) <= width:
        return content
    while content and text_width(content + "…", size) > width:
        content = content[:-1]
    return content.rstrip() + "…"


def wrap(content: str, width: float, size: float = 13, most: int = 3) -> list[str]:
    """Break a text into at most `most` lines that fit `width`; the last one is cut if need be."""
    lines: list[str] = []
    words = one_line(content).split()
    while words:
        if len(lines) == most - 1:
            return [*lines, shorten(" ".join(words), width, size)]
        count = 1
        while count < len(words) and text_width(" ".join(words[: count + 1]), size) <= width:
            count += 1
        lines.append(shorten(" ".join(words[:count]), width, size))
        words = words[count:]
    return lines or [""]


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Return round marks (steps of 1, 2 or 5 times a power of ten) from `low` to `high`."""
    length = high - low
    if not 1e-300 < length < math.inf:
        return [low]
    power = math.floor(math.log10(length / most))
    for factor in (1, 2, 5, 10, 20):
        step = factor * 10.0**power
        if length / step <= most:
            # The small excess keeps a first or last mark that rounding would lose.
            first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
            return [index * step for index in range(first, last + 1)]
    return [low]


def panel(width: float, height: float, *children: str, label: str, about: str) -> str:
    """Return a whole picture on its own paper.

    `label` names it and tells its main facts; `about` describes it at length.  Both are read
    out by screen readers.
    """
    paper = el(
        "rect",
        x=0.5,
        y=0.5,
        width=width - 1,
        height=height - 1,
        rx=6,
        fill=PANEL,
        stroke="#c9d1d9",
    )
    return el(
        "svg",
        el("title", escape(label)),
        el("desc", escape(about)),
        paper,
        *children,
        xmlns="http://www.w3.org/2000/svg",
        width=width,
        height=height,
        viewBox=f"0 0 {_attribute(float(width))} {_attribute(float(height))}",
        role="img",
        aria_label=label,
        font_family=_SANS,
    )


def close(one: float, other: float) -> bool:
    """Tell whether two moments are the same but for rounding."""
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
