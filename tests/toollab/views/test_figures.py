"""Where the time goes, and the steps of a process."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.toollab.views.pages import inside, read_svg, texts
from toollab.views import stacked_bars, steps

SEVEN = (
    "Dependency analysis",
    "Batch generation",
    "Concurrent dispatch",
    "Parallel execution",
    "Collection with a timeout",
    "Batch return",
    "Synthesis",
)
TURNS = {
    "one call a turn": {"model turns": 3.2, "tools": 1.5},
    "one batch": {"model turns": 1.6, "tools": 0.6},
}
_names = st.text(min_size=1, max_size=30)
_rows = st.dictionaries(_names, st.dictionaries(_names, st.floats(0, 1e6), max_size=6), max_size=6)


def test_golden_bars(golden: Callable[[str, str], None]) -> None:
    """The bars stay as they were when somebody last looked at them."""
    picture = stacked_bars(TURNS)
    golden("bars.svg", picture.svg)
    golden("bars.txt", picture.text)


@pytest.mark.parametrize("loop", [False, True])
def test_golden_steps(loop: bool, golden: Callable[[str, str], None]) -> None:
    """The map of the steps stays as it was when somebody last looked at it."""
    picture = steps(SEVEN, active=4, loop=loop, title="The seven steps")
    golden(f"steps{'-loop' * loop}.svg", picture.svg)
    golden(f"steps{'-loop' * loop}.txt", picture.text)


@given(_rows)
def test_any_bars_give_a_clean_picture(rows: dict[str, dict[str, float]]) -> None:
    """Bars of any names and sizes stay on their paper and are drawn the same twice."""
    picture = stacked_bars(rows)
    root = read_svg(picture.svg)
    inside(root)
    assert root.get("aria-label") == picture.alt
    assert len(texts(root, "title")) == 1 + sum(map(len, rows.values()))
    assert picture == stacked_bars(rows)


def test_bars_write_out_every_value() -> None:
    """Each part and each sum is there in words."""
    picture = stacked_bars(TURNS, unit="s")
    assert "model turns 3.2 s + tools 1.5 s = 4.7 s" in picture.text
    assert {"3.2 s", "4.7 s", "model turns", "tools"} <= set(texts(read_svg(picture.svg)))


def test_parts_of_a_bar_differ_in_pattern() -> None:
    """Without colour, five parts still look different."""
    picture = stacked_bars({"all": dict.fromkeys("abcde", 1.0)})
    looks = set()
    for group in read_svg(picture.svg).findall("{*}g"):
        shapes = [e.attrib.get("d", "") for e in group.findall("{*}path")]
        looks.add("".join(c for shape in shapes for c in shape if c.isalpha())[:4])
    assert len(looks) == 5


@given(st.lists(_names, max_size=12), st.booleans(), st.sets(st.integers(0, 13), max_size=3))
def test_any_steps_give_a_clean_picture(names: list[str], loop: bool, active: set[int]) -> None:
    """Steps of any number and names stay on their paper and are drawn the same twice."""
    picture = steps(names, active=active, loop=loop)
    root = read_svg(picture.svg)
    inside(root)
    assert picture == steps(names, active=active, loop=loop)
    assert len(texts(root, "title")) == 1 + len(names)


def test_active_step_is_named_not_only_coloured() -> None:
    """The step that is going on says so, in the picture and in the text."""
    picture = steps(SEVEN, active=4)
    assert "4 · now" in texts(read_svg(picture.svg))
    assert "4. Parallel execution  <- now" in picture.text.splitlines()
    assert "(now)" in picture.alt
    assert "now" not in steps(SEVEN).text


def test_loop_says_where_it_goes_back_to() -> None:
    """A ring of steps says in words that it starts again."""
    assert steps(SEVEN, loop=True).text.endswith("then back to 1. Dependency analysis")
