"""Reports: outcome by mark and word, explanations for what failed, and no learner's markup."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from tests.toollab.views.pages import read_html
from tests.toollab.views.traces import PARALLEL, SERIAL
from toollab.views import ReportView, Row, compare, report_html, report_text
from toollab.views._html import prose
from toollab.views._svg import clean

VIEW = ReportView(
    "dispatch_all",
    2,
    7,
    (
        Row("Every call is answered exactly once", "passed", 2, 2),
        Row(
            "Calls are in flight together",
            "failed",
            0,
            3,
            saw="Peak in flight 1: the calls ran one after another, in 1.5 s.",
            expected="Peak in flight 3, in 0.6 s.",
            hint="`await` inside the `for` loop waits for each call before the next one starts.",
        ),
        Row(
            "Results come in emission order",
            "could not judge",
            0,
            1,
            saw="`KeyError: <b>'x'</b>` before this could be seen.",
        ),
        Row("A failing tool loses nobody else", "not attempted", 0, 1),
    ),
    notes=("Your code printed a warning: `RuntimeWarning: coroutine was never awaited`.",),
    pictures=(compare(SERIAL, PARALLEL),),
)
_words = st.text(st.characters(codec=None), max_size=80)
_rows = st.builds(
    Row,
    _words,
    st.sampled_from(["passed", "failed", "not attempted", "could not judge"]),
    st.integers(0, 9),
    st.integers(0, 9),
    _words,
    _words,
    _words,
)
_views = st.builds(
    ReportView,
    _words,
    st.integers(0, 9),
    st.integers(0, 9),
    st.lists(_rows, max_size=5),
    st.lists(_words, max_size=3),
)


def test_golden(golden: Callable[[str, str], None]) -> None:
    """The report stays as it was when somebody last looked at it."""
    golden("report.html", report_html(VIEW))
    golden("report.txt", report_text(VIEW))


@given(_views)
def test_any_words_stay_words(view: ReportView) -> None:
    """No title, value or message of a learner's code becomes markup or breaks the page."""
    words = read_html(report_html(view))
    for row in view.rows:
        assert row.outcome in words
    assert report_html(view) == report_html(view)


@given(st.text(st.characters(codec=None)))
def test_prose_is_well_formed(plain: str) -> None:
    """Whatever stands between stars and backquotes, tags are closed in turn."""
    read_html(prose(plain))


@given(st.text("a`*\n <&", max_size=60))
def test_prose_loses_no_letter(plain: str) -> None:
    """Only the signs of markup disappear from a text, never its words."""
    assert read_html(prose(plain)).count("a") >= clean(plain).count("a") - plain.count("```") * 60


def test_prose_knows_code_bold_paragraphs_and_fences() -> None:
    """The four kinds of markup that authors use come out as such."""
    html = prose("one `a<b` **bold**\n\ntwo\n```python\nx = [`1`]\n```")
    assert "<code>a&lt;b</code> <strong>bold</strong></p>" in html
    assert html.count("<p ") == 2
    assert "x = [`1`]</pre>" in html


def test_failed_check_says_what_was_seen_expected_and_a_hint() -> None:
    """A failed check explains itself; a passed one takes a line."""
    words = read_html(report_html(VIEW))
    assert "We saw: Peak in flight 1" in words
    assert "We expected: Peak in flight 3" in words
    assert "Hint: await inside the for loop" in words
    text = report_text(VIEW).splitlines()
    assert text[0] == "dispatch_all: 2 of 7 points"
    assert text[1] == "✓ passed: Every call is answered exactly once (2 of 2 points)"
    assert text[2].startswith("✗ failed: ")
    assert text[3].startswith("    We saw: ")


def test_passed_check_never_explains() -> None:
    """What a check happened to see is left out once it passed."""
    row = Row("t", "passed", 1, 1, saw="secret", expected="secret", hint="secret")
    view = ReportView("x", 1, 1, (row,))
    assert "secret" not in report_html(view) + report_text(view)


def test_long_values_are_cut_and_said_to_be() -> None:
    """A huge value doesn't drown the report."""
    row = Row("t" * 5_000, "failed", 0, 1, saw="x" * 50_000, expected="y", hint="z")
    view = ReportView("n" * 5_000, 0, 1, (row,), notes=("w" * 50_000,))
    html = report_html(view)
    assert len(html) < 5_000
    assert "(49400 more characters)" in html
    assert len(report_text(view)) < 5_000


def test_pictures_come_with_their_text() -> None:
    """A report shows its pictures, and a terminal their text form."""
    assert "<svg " in report_html(VIEW)
    assert VIEW.pictures[0].text in report_text(VIEW)


def test_tally_counts_outcomes() -> None:
    """The first line says how many checks came out which way."""
    words = read_html(report_html(VIEW))
    assert "1 passed, 1 failed, 1 not attempted, 1 could not judge" in words
