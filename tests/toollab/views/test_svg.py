"""The small tools under every picture: text that XML can carry, numbers, ticks."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from toollab.views import _bars, _html, _svg
from toollab.views._svg import clean, escape, number, one_line, shorten, text_width, ticks, wrap

anything = st.text(st.characters(codec=None))


@given(anything)
def test_escaped_text_comes_back_from_xml(value: str) -> None:
    """Whatever a learner's code returns can stand in a picture, character by character."""
    root = ET.fromstring(f'<a b="{escape(value)}">{escape(value)}</a>')  # noqa: S314
    assert (root.text or "") == clean(value).replace("\r\n", "\n").replace("\r", "\n")
    clean(value).encode()


@given(anything, st.integers(2, 50))
def test_one_line_is_one_short_line(value: str, most: int) -> None:
    """A label has no line break and no more characters than it may."""
    line = one_line(value, most)
    assert len(line) <= most
    assert len(line.splitlines()) <= 1


@given(anything, st.floats(20, 300))
def test_shortened_text_fits(value: str, width: float) -> None:
    """A shortened text is no wider than its place, and says when something is missing."""
    short = shorten(value, width)
    assert text_width(short) <= width
    assert short == one_line(value) or short.endswith("…")


@given(st.text("ab c", max_size=80), st.floats(40, 300), st.integers(1, 4))
def test_wrapped_text_fits(value: str, width: float, most: int) -> None:
    """Wrapped lines fit their place and keep the order of the words."""
    lines = wrap(value, width, most=most)
    assert 1 <= len(lines) <= most
    assert all(text_width(line) <= width for line in lines)
    if not any("…" in line for line in lines):
        assert " ".join(lines) == one_line(value)


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9))
def test_ticks_are_few_and_round(low: float, length: float) -> None:
    """An axis has at most seven marks, evenly spaced by 1, 2 or 5 times a power of ten."""
    assume(low + length > low)
    marks = ticks(low, low + length)
    assert len(marks) <= 7
    if length > abs(low) * 1e-6:
        assert len(marks) >= 2
        step = (marks[-1] - marks[0]) / (len(marks) - 1)
        lead = step / 10 ** math.floor(math.log10(step) + 1e-6)
        assert min(abs(lead - one) for one in (1, 2, 5)) < 1e-3
        assert all(low - step * 1e-6 <= mark <= low + length + step * 1e-6 for mark in marks)


@pytest.mark.parametrize(
    ("low", "high"), [(0.0, 0.0), (1.0, 1.0), (0.0, math.inf), (0.0, 5e-324), (0.0, math.nan)]
)
def test_ticks_of_no_length_at_all(low: float, high: float) -> None:
    """An axis without a sensible length still has its first mark."""
    assert ticks(low, high)[0] == low


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.6, "0.6"),
        (1.5000000000000002, "1.5"),
        (0.1 + 0.2, "0.3"),
        (3.0, "3"),
        (-0.0, "0"),
        (-0.0001, "-0.0001"),
        (0.000012, "1.2e-05"),
        (999.9994, "999.999"),
        (1234.5678, "1234.6"),
        (1234567.0, "1.23e+06"),
        (math.inf, "∞"),
        (math.nan, "?"),
    ],
)
def test_numbers_are_short(value: float, written: str) -> None:
    """A number has at most three decimals, and rounding noise is not shown."""
    assert number(value) == written


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours as WCAG defines it: 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("paper", [_svg.PANEL, _svg.LANE])
def test_words_and_signs_stand_out_from_their_paper(paper: str) -> None:
    """Text has a contrast of 4.5 to 1, marks and outlines one of 3 to 1 (WCAG AA)."""
    for ink in (_svg.INK, _svg.MUTED, *_bars._DARK.values()):
        assert contrast(ink, paper) >= 4.5, ink
    for sign in (_svg.GREY, _svg.GREEN, _svg.RED, _svg.BLUE):
        assert contrast(sign, paper) >= 3, sign


def test_badges_are_readable() -> None:
    """White words on a badge's ground have a contrast of 4.5 to 1."""
    for ground, _ in _html._TONES.values():
        assert contrast("#ffffff", ground) >= 4.5, ground
