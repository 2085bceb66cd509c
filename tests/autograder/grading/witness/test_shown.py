"""What is kept of the outputs of a notebook is limited, and what is gone takes no room."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from autograder.grading.wire.cells import Cleared, Report, Shown, Stream
from autograder.grading.witness.shown import CellOutputs

MOST = 1_000  # bytes of text, and of displays, that a cell may show


def shown(place: int, size: int, *, kind: str = "display", name: str = "") -> Shown:
    """Make a display of so many bytes."""
    return Shown(place, kind, {"text/plain": "x" * size}, {}, "{}", name)  # type: ignore[arg-type]


def kept(outputs: CellOutputs) -> int:
    """Return how many bytes are kept of all cells."""
    return sum(len(json.dumps(outputs.of(place))) for place in range(10))


places = st.integers(0, 9)
sizes = st.integers(0, 3_000)
names = st.sampled_from(["", "a", "b"])
reports: st.SearchStrategy[Report] = (
    st.builds(lambda p, s: Stream(p, "stdout", "x" * s), places, sizes)
    | st.builds(lambda p, s, n: shown(p, s, name=n), places, sizes, names)
    | st.builds(lambda p, s, n: shown(p, s, kind="update", name=n), places, sizes, names)
    | st.builds(Cleared, places, st.booleans())
)


@given(st.lists(reports, max_size=200))
def test_whatever_is_shown_the_whole_is_limited(said: list[Report]) -> None:
    """Text and displays of all cells together stay within a few cells' worth."""
    outputs = CellOutputs(MOST, MOST)
    for report in said:
        outputs.add(report, count=1)
    assert kept(outputs) <= 2 * 4 * 2 * MOST + 2_000
    assert min(outputs._together.values()) >= 0
    for kind, held in outputs._together.items():
        assert held == sum(n for (_, of), n in outputs._held.items() if of == kind)
        texts = [text for place in range(10) for text in parts(outputs, place, kind)]
        assert sum(map(len, texts)) <= held


def parts(outputs: CellOutputs, place: int, kind: str) -> list[str]:
    """Return the texts, or what the displays show, of a cell; not what was said by ourselves."""
    if kind == "display":
        return text_of(outputs, place)
    streams = [output for output in outputs.of(place) if output["output_type"] == "stream"]
    return [output["text"] for output in streams if output["name"] == "stdout"]


def text_of(outputs: CellOutputs, place: int) -> list[Any]:
    """Return the texts of the displays that a cell shows."""
    return [output["data"]["text/plain"] for output in outputs.of(place) if "data" in output]


def test_a_display_may_be_renewed_for_ever() -> None:
    """A progress bar shows its last state, however often it was drawn."""
    outputs = CellOutputs(MOST, MOST)
    outputs.add(shown(0, 100, name="bar"), count=1)
    for size in (*range(300), 7):
        outputs.add(shown(1, size, kind="update", name="bar"), count=2)
    assert text_of(outputs, 0) == ["x" * 7]
    assert outputs.take_updated() == {0}


def test_what_was_cleared_is_not_renewed() -> None:
    """A display that is gone takes no room, and gives none back."""
    outputs = CellOutputs(MOST, MOST)
    for _ in range(20):
        outputs.add(shown(0, 500, name="gone"), count=1)
        outputs.add(Cleared(0, wait=False), count=1)
        outputs.add(shown(0, 1, kind="update", name="gone"), count=1)
    assert text_of(outputs, 0) == []
    assert outputs._together == {"text": 0, "display": 0}
