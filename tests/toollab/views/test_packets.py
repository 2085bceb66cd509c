"""A stream as it arrives."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from tests.toollab.views.pages import inside, read_svg, texts
from toollab.views import Packet, packets

STREAM = [
    Packet("index 0"),
    Packet("index 1"),
    Packet("index 0", '{"city":'),
    Packet("index 1", '{"city":'),
    Packet("index 0", ' "LA"}'),
    Packet("index 1", ' "Oslo"}'),
]
streams = st.lists(st.builds(Packet, st.text(max_size=20), st.text(max_size=40)), max_size=30)


def test_golden_packets(golden: Callable[[str, str], None]) -> None:
    """A half-arrived stream stays as it was when somebody last looked at it."""
    picture = packets(STREAM, arrived=5, title="Two calls")
    golden("packets.svg", picture.svg)
    golden("packets.txt", picture.text)


def test_a_piece_joins_its_own_lane() -> None:
    """What has arrived is put together lane by lane, however the frames are mixed."""
    assert packets(STREAM).text.splitlines()[2:] == [
        'index 0 |■·■·■·| {"city": "LA"}',
        'index 1 |·■·■·■| {"city": "Oslo"}',
    ]


def test_frames_to_come_are_told_apart_without_colour() -> None:
    """Before the first frame nothing is there, and every box is hollow and says so."""
    picture = packets(STREAM, arrived=0)
    assert picture.text.count("□") == len(STREAM)
    assert picture.text.count("nothing yet") == 2
    told = texts(read_svg(picture.svg), "title")
    assert sum("still to come" in words for words in told) == len(STREAM)


@given(streams, st.none() | st.integers(-2, 40))
def test_any_stream_gives_a_clean_picture(stream: list[Packet], arrived: int | None) -> None:
    """Frames of any number and text stay on their paper and are drawn the same twice."""
    picture = packets(stream, arrived=arrived)
    root = read_svg(picture.svg)
    inside(root)
    assert root.get("aria-label") == picture.alt
    assert len(texts(root, "title")) == 1 + len(stream)
    assert picture == packets(stream, arrived=arrived)
