"""Curves in panels over one axis."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.toollab.views.pages import inside, read_svg, texts
from toollab.views import curves

DELAYS = [0.0, 0.25, 0.5, 0.75, 1.0]
PANELS = {
    "seconds": {"p50": [0.1, 0.15, 0.15, 0.15, 0.15], "p99": [0.2, 0.45, 0.7, 0.95, 1.2]},
    "more requests, %": {"load": [100.0, 8.0, 5.0, 5.0, 4.0]},
}
_names = st.text(min_size=1, max_size=30)


@st.composite
def charts(draw: st.DrawFn) -> tuple[list[float], dict[str, dict[str, list[float]]]]:
    """Make places in rising order, and panels with curves of that length."""
    x = sorted(draw(st.lists(st.floats(0, 1e6), min_size=1, max_size=30, unique=True)))
    values = st.lists(st.floats(0, 1e6), min_size=len(x), max_size=len(x))
    lines = st.dictionaries(_names, values, min_size=1, max_size=3)
    return x, draw(st.dictionaries(_names, lines, min_size=1, max_size=3))


def test_golden_curves(golden: Callable[[str, str], None]) -> None:
    """The curves stay as they were when somebody last looked at them."""
    picture = curves(DELAYS, PANELS, at=0.5, x_label="hedge delay", title="A hedge")
    golden("curves.svg", picture.svg)
    golden("curves.txt", picture.text)


@given(charts(), st.none() | st.floats(0, 1e6))
def test_any_curves_give_a_clean_picture(
    chart: tuple[list[float], dict[str, dict[str, list[float]]]], at: float | None
) -> None:
    """Curves of any names and values stay on their paper and are drawn the same twice."""
    x, panels = chart
    picture = curves(x, panels, at=at)
    root = read_svg(picture.svg)
    inside(root)
    assert root.get("aria-label") == picture.alt
    assert len(texts(root, "title")) == 1 + sum(map(len, panels.values()))
    assert picture == curves(x, panels, at=at)


def test_the_marked_place_is_written_out() -> None:
    """The values at the nearest place stand in the picture, in its text and in its name."""
    picture = curves(DELAYS, PANELS, at=0.55, x_label="hedge delay")
    assert "At hedge delay 0.5 s: p50 0.15 (seconds), p99 0.7 (seconds)" in picture.alt
    assert "0.7" in picture.svg
    marked = [line.split() for line in picture.text.splitlines() if "marked" in line]
    assert marked == [["0.5", "0.15", "0.7", "5", "←", "marked"]]


def test_without_a_mark_the_ends_are_told() -> None:
    """A picture without a mark says where each curve begins and ends."""
    assert "p99 from 0.2 to 1.2" in curves(DELAYS, PANELS).alt


def test_long_curves_become_a_short_table() -> None:
    """The text form shows some places, the first, the last and the marked one among them."""
    x = [n / 100 for n in range(401)]
    picture = curves(x, {"seconds": {"one": x}}, at=3.33)
    first = [line.split()[0] for line in picture.text.splitlines()[3:]]
    assert {"0", "4", "3.33"} <= set(first)
    assert len(first) < 15


@pytest.mark.parametrize("x", [[], [1.0, 2.0]])
def test_a_curve_of_another_length_is_refused(x: list[float]) -> None:
    """A curve that does not fit its axis is an error that says so."""
    with pytest.raises(ValueError, match="Hint: give one value for each x"):
        curves(x, {"seconds": {"p50": [1.0, 2.0, 3.0]}})
