"""Timelines: the facts they tell, the signs they use, and what no trace can do to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given

from tests.toollab.views.pages import inside, read_html, read_svg, texts
from tests.toollab.views.traces import (
    CROWD,
    EVERY_STATE,
    HASTY,
    LEFT_BEHIND,
    ORDERED,
    PARALLEL,
    SERIAL,
    traces,
)
from toollab.trace import Span, State, Trace
from toollab.views import Picture, compare, timeline
from toollab.views._lanes import WORDS, Axis
from toollab.views._svg import number, one_line, text_width

PICTURES = {
    "parallel": lambda: timeline(PARALLEL, title="Three calls in parallel"),
    "compare": lambda: compare(SERIAL, PARALLEL),
    "every-state": lambda: timeline(EVERY_STATE, title="Every state there is"),
    "ordered": lambda: timeline(ORDERED, title="A trip with dependencies"),
    "hasty": lambda: compare(HASTY, ORDERED),
    "crowd": lambda: timeline(CROWD, title="Thirty calls, five at a time"),
    "left-behind": lambda: compare(LEFT_BEHIND, PARALLEL),
    "missing": lambda: compare(replace(PARALLEL, spans=PARALLEL.spans[:2]), PARALLEL),
    "nothing": lambda: compare(Trace(), PARALLEL),
}


@pytest.mark.parametrize("name", PICTURES)
def test_golden(name: str, golden: Callable[[str, str], None]) -> None:
    """A picture and its text form stay as they were when somebody last looked at them."""
    picture = PICTURES[name]()
    golden(f"{name}.svg", picture.svg)
    golden(f"{name}.txt", picture.text)


@given(traces(), traces())
def test_any_trace_gives_a_clean_picture(yours: Trace, good: Trace) -> None:
    """Every picture is well-formed, stays on its paper, and has nothing a site would strip."""
    for picture in (timeline(yours), compare(yours, good)):
        root = read_svg(picture.svg)
        inside(root)
        assert root.get("role") == "img"
        assert root.get("aria-label") == picture.alt
        assert texts(root, "desc") == [picture.text]
        read_html(picture.html)


@given(traces())
def test_same_trace_same_bytes(trace: Trace) -> None:
    """Drawing twice gives the same picture, so that stored outputs can be compared."""
    assert timeline(trace) == timeline(trace)
    assert compare(trace, trace) == compare(trace, trace)


@given(traces())
def test_text_form_tells_every_fact(trace: Trace) -> None:
    """The text form names each call, its times, its end, and the run's numbers."""
    text = timeline(trace).text
    lines = text.splitlines()
    for span in trace.spans:
        told = [one_line(span.call_id), f"{number(span.start)} ", WORDS[span.state]]
        if span.end is not None:
            told.append(f"→ {number(span.end)} s")
        if span.attempt > 1:
            told.append(f"attempt {span.attempt}")
        assert any(all(word in line for word in told) for line in lines), told
    if trace.spans:
        assert f"makespan {number(trace.makespan)} s" in text
        assert f"peak in flight {trace.peak}" in text
        assert f"calls add up to {number(trace.work)} s" in text
    else:
        assert "no tool was called" in text


@given(traces())
def test_every_attempt_has_a_tooltip(trace: Trace) -> None:
    """Each bar tells, when pointed at, whose it is and what happened."""
    tips = texts(read_svg(timeline(trace).svg), "title")[1:]
    assert len(tips) == len(trace.spans)


def test_each_state_has_its_own_word_and_mark() -> None:
    """Two calls that ended differently never look the same in black and white."""
    marks, words = set(), set()
    for state in get_args(State):
        span = Span("c", "tool", {}, 0.0, 0, 1.0, 1, state)
        root = read_svg(timeline(Trace((span,), 1.0)).svg)
        row = next(g for g in root if g.tag.endswith("}g"))
        bare = [{k: v for k, v in e.attrib.items() if k not in {"fill", "stroke"}} for e in row]
        marks.add(str(bare))
        words.add(WORDS[state])
        assert any(WORDS[state] in text for text in texts(root))
    assert len(marks) == len(words) == len(get_args(State))


def test_waiting_is_dots_and_running_is_a_bar() -> None:
    """The time before a start is drawn as dots that reach from the left end to the bar."""
    assert read_svg(timeline(PARALLEL).svg).findall(".//*[@stroke-dasharray]") == []
    dots = read_svg(timeline(SERIAL).svg).findall(".//*[@stroke-dasharray='0.1 5']")
    assert len(dots) == 3  # two calls, and the legend


def test_critical_path_comes_from_the_edges() -> None:
    """With dependencies, the chain that decides the makespan is outlined and written out."""
    picture = timeline(ORDERED)
    assert "critical path a → c → d" in picture.text
    outlined = read_svg(picture.svg).findall(".//*[@fill='none'][@rx='3']")
    assert len(outlined) == 4  # three calls, and the legend
    assert "critical path" not in timeline(PARALLEL).text
    assert "critical path" not in timeline(ORDERED, critical=()).text
    assert "critical path toolu_03" in timeline(PARALLEL, critical=["toolu_03"]).text


def test_cycle_has_no_critical_path() -> None:
    """Edges that form a cycle are drawn; they give no critical path and no error."""
    trace = replace(PARALLEL, edges=(("toolu_01", "toolu_02"), ("toolu_02", "toolu_01")))
    assert "critical path" not in timeline(trace).text


def test_broken_dependency_is_named() -> None:
    """A call that did not wait for what it needs is said to, and its arrow is dashed."""
    picture = compare(HASTY, ORDERED)
    yours, good, _ = picture.text.split("\n\n")
    assert "c did not wait for a" in yours
    assert "did not wait" not in good
    assert "did not wait" in texts(read_svg(picture.svg))


def test_call_left_behind_is_seen() -> None:
    """Code that came back before its calls had ended is marked at that moment."""
    picture = timeline(LEFT_BEHIND)
    assert "code came back at 0.45 s" in picture.text
    assert "code came back at 0.45 s" in texts(read_svg(picture.svg))
    assert "code came back" not in timeline(PARALLEL).text


def test_call_never_started_keeps_its_lane() -> None:
    """In a comparison, a call that only the good run has leaves an empty lane in yours."""
    picture = compare(replace(PARALLEL, spans=PARALLEL.spans[:2]), PARALLEL)
    assert "toolu_03: never started" in picture.text
    assert "never started" in texts(read_svg(picture.svg))


def test_unrelated_runs_miss_nothing() -> None:
    """Runs without a common call are drawn as they are, without empty lanes."""
    assert "never started" not in compare(PARALLEL, ORDERED).text


def test_comparison_shares_axis_and_lane_order() -> None:
    """The same call over the same time gives the same bar in both runs, in the same lane."""
    backwards = replace(PARALLEL, spans=PARALLEL.spans[::-1])
    root = read_svg(compare(backwards, PARALLEL).svg)
    bars = [g[1].attrib for g in root if g.tag.endswith("}g") and len(g) > 2]
    yours, good = bars[:3], bars[3:]
    assert [b["x"] for b in yours] == [b["x"] for b in good]
    assert [b["width"] for b in yours] == [b["width"] for b in good]


@pytest.mark.parametrize(
    ("yours", "good", "verdict"),
    [
        (
            SERIAL,
            PARALLEL,
            "Your run took 1.5 s, a good run 0.6 s: the upper run took 2.5 times as long",
        ),
        (PARALLEL, SERIAL, "Your run took 0.6 s, a good run 1.5 s"),
        (
            Trace((replace(PARALLEL.spans[0], start=0.0, end=0.401),), 0.401),
            Trace((replace(PARALLEL.spans[0], start=0.0, end=0.4),), 0.4),
            "Your run took 0.401 s, a good run 0.4 s",
        ),
        (
            HASTY,
            ORDERED,
            "Your run took 0.4 s, a good run 1 s, but did not wait for what it needed",
        ),
        (PARALLEL, PARALLEL, "Your run took as long as a good run: 0.6 s"),
        (
            PARALLEL,
            replace(PARALLEL, total=0.3),
            "Your run came back at 0.6 s, a good run at 0.3 s",
        ),
        (
            replace(PARALLEL, total=0.3),
            replace(PARALLEL, total=0.3),
            "Your run came back when a good run did: at 0.3 s",
        ),
    ],
)
def test_comparison_says_who_was_faster(yours: Trace, good: Trace, verdict: str) -> None:
    """Under the two runs stands what the eye should see."""
    picture = compare(yours, good)
    assert picture.text.splitlines()[-1] == verdict
    assert picture.alt.endswith(verdict)


def test_comparison_takes_other_names() -> None:
    """The two runs may be called what the text around them calls them."""
    picture = compare(SERIAL, PARALLEL, names=("With await in a loop", "With gather"))
    assert "With await in a loop took 1.5 s, with gather 0.6 s" in picture.text


def test_long_verdict_is_broken_into_lines_that_fit() -> None:
    """A verdict is bold, so its lines are kept shorter than the picture is wide."""
    names = ("Level by level, as before", "As early as possible, as it should be")
    picture = compare(SERIAL, PARALLEL, names=names)
    root = read_svg(picture.svg)
    bold = [e.text or "" for e in root.iter() if e.get("font-weight") == "600" and e.text]
    verdict = picture.text.splitlines()[-1]
    lines = [line for line in bold if line in verdict and line not in names]
    assert len(lines) > 1
    assert " ".join(lines) == verdict
    assert all(text_width(line) <= 640 * 0.88 for line in lines)


def test_lanes_may_be_put_in_order() -> None:
    """Lanes follow the order of ids that was asked for."""
    picture = timeline(PARALLEL, order=["toolu_03", "toolu_01", "x"])
    ids = [line.split()[0] for line in picture.text.splitlines()[2:]]
    assert ids == ["toolu_03", "toolu_01", "x", "toolu_02"]


@pytest.mark.parametrize("width", [320, 480, 640, 1200])
def test_any_width_keeps_the_words_on_the_paper(width: int) -> None:
    """A picture may be laid out for a narrow or a wide page."""
    for trace in (PARALLEL, EVERY_STATE, ORDERED, CROWD, LEFT_BEHIND):
        root = read_svg(timeline(trace, width=width).svg)
        assert root.get("width") == str(width)
        inside(root)


def test_axis_starts_at_zero_or_at_a_late_first_start() -> None:
    """A batch late in a long run fills the picture instead of a sliver at its right end."""
    assert Axis.of(PARALLEL) == Axis(0.0, 0.6)
    late = tuple(replace(s, start=s.start + 100, end=100.5) for s in PARALLEL.spans)
    assert Axis.of(Trace(late, 100.5)) == Axis(100.0, 100.5)


def test_picture_offers_html_svg_and_text() -> None:
    """Jupyter gets HTML with the drawing and its text form, converters SVG, terminals text."""
    picture = timeline(PARALLEL)
    bundle = picture._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/svg+xml", "text/plain"}
    assert bundle["image/svg+xml"].startswith("<svg ")
    assert bundle["text/plain"] == picture.text == str(picture)
    assert picture.text in read_html(bundle["text/html"])


def test_stored_picture_survives_a_page_that_drops_its_drawing() -> None:
    """The HTML holds the picture as an image too, with its facts as alternative text."""
    html = Picture(svg="<svg><desc>x</desc></svg>", text="t", alt='say "hi"').html
    assert (
        '<desc><img width="100%" alt="say &quot;hi&quot;" src="data:image/svg+xml;base64,' in html
    )


@pytest.mark.parametrize(
    ("told", "heard"),
    [
        ({}, "Your run and a good run. "),
        ({"names": ("Slow", "Fast")}, "Two runs. "),
        ({"names": ("Slow", "Fast"), "title": "Orders"}, "Orders. "),
    ],
)
def test_who_hears_two_timelines_is_told_whose_they_are(told: dict[str, Any], heard: str) -> None:
    """The whole is named as given; without a name it is the learner's only if nothing else is."""
    assert compare(SERIAL, PARALLEL, **told).alt.startswith(heard)
