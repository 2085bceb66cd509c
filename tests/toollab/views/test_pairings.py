"""Who got whose answer."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from tests.toollab.views.pages import inside, read_svg, texts
from toollab.views.pairings import pairing

ASKED = ("call_1", "call_2", "call_3", "call_4")
ARRIVED = ("call_2", "call_3", "call_1")
GIVEN = {"call_1": "call_2", "call_2": "call_3", "call_3": "call_3"}
SAYS = {"call_1": "checkout", "call_2": "search", "call_3": "payments"}
_ids = st.lists(st.text(max_size=30), max_size=7, unique=True)


def test_golden_pairing(golden: Callable[[str, str], None]) -> None:
    """An own answer, two of others, and a silent call stay as they were last looked at."""
    picture = pairing(ASKED, ARRIVED, GIVEN, says=SAYS)
    golden("pairing.svg", picture.svg)
    golden("pairing.txt", picture.text)


def test_words_tell_what_the_lines_tell() -> None:
    """Right, wrong, nothing and nothing arrived are told apart without colour."""
    told = texts(read_svg(pairing(ASKED, ARRIVED, GIVEN).svg))
    assert "answer to call_2" in told
    assert "own answer" in told
    assert "nothing arrived" in told
    lost = pairing(ASKED, ASKED, GIVEN)
    assert "call_4 ✗ nothing" in lost.text.splitlines()


@given(_ids, _ids, st.data())
def test_any_pairing_gives_a_clean_picture(
    asked: list[str], arrived: list[str], data: st.DataObject
) -> None:
    """Any ids stay on their paper, and the text counts the answers that are right."""
    pairs = st.dictionaries(st.sampled_from(asked), st.sampled_from([*asked, *arrived]))
    handed = data.draw(pairs) if asked else {}
    picture = pairing(asked, arrived, handed)
    inside(read_svg(picture.svg))
    right = sum(handed.get(one) == one for one in asked)
    assert f"{right} of {len(asked)} calls have their own answer" in picture.text
    assert picture == pairing(asked, arrived, handed)
