"""The cases of notebook 08 say of themselves what is true: held to independent oracles."""

from __future__ import annotations

import asyncio
import heapq
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from toollab.calls import ToolCall
from toollab.checks import Outcome, patterns
from toollab.checks.patterns import Ask, Feed, Race, feed, race
from toollab.trace import good_trace

ANSWERS = Path(__file__).resolve().parents[2] / "right_answers" / "08-parallel-patterns"
STYLES = sorted((path.parent.name, path.stem) for path in ANSWERS.glob("*/*.py"))

eighths = st.integers(1, 32).map(lambda n: n / 8)


def right(exercise: str, style: str) -> Any:
    """Return a right answer of the proof corpus."""
    path = ANSWERS / exercise / f"{style}.py"
    namespace: dict[str, Any] = {"asyncio": asyncio}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)  # noqa: S102
    return namespace[exercise]


@st.composite
def races(draw: st.DrawFn) -> Race:
    """Make a race of up to eight reads that end at different times."""
    waits = draw(st.lists(eighths, min_size=1, max_size=8, unique=True))
    names = [f"mirror_{n}" for n in range(len(waits))]
    failing = draw(st.sets(st.sampled_from(names)))
    k = draw(st.integers(1, len(waits)))
    return Race(dict(zip(names, waits, strict=True)), k, tuple(sorted(failing)))


@st.composite
def asks(draw: st.DrawFn) -> Ask:
    """Make a read of two replicas in which no two things happen at the same time."""
    first, second, delay = draw(eighths), draw(eighths), draw(eighths)
    failing = draw(st.sets(st.sampled_from(("east", "west"))))
    assume(first != delay and first != delay + second)
    return Ask(first, second, delay, tuple(sorted(failing)), draw(st.booleans()))


@st.composite
def feeds(draw: st.DrawFn) -> Feed:
    """Make a feed in which work ends at different times."""
    size = draw(st.integers(0, 9))
    waits = [draw(st.integers(1, 9)) + 2.0 ** (-4 - n) for n in range(size)]
    names = [f"page {n}" for n in range(size)]
    failing = draw(st.none() | st.sampled_from(names)) if names else None
    return Feed(dict(zip(names, waits, strict=True)), draw(st.integers(1, 5)), failing)


@given(races())
def test_race_ends_as_when_played_event_by_event(case: Race):
    """Walking through the ends of all reads finds the answers and the moment of the case."""
    answers: list[str] = []
    left = len(case.seconds)
    for moment, source in sorted((moment, source) for source, moment in case.seconds.items()):
        left -= 1
        if source not in case.failing:
            answers.append(f"found in {source}")
        if len(answers) == case.k or len(answers) + left < case.k:
            assert case.over == moment
            assert case.enough == (len(answers) == case.k)
            assert not case.enough or case.answers == answers
            return
    raise AssertionError("a race without an end")


@given(st.integers(0, 999), st.integers(1, 12), st.data())
def test_drawn_races_are_sound(seed: int, size: int, data: st.DataObject):
    """A race drawn by chance has as many reads and failures as asked for, and no two ends alike."""
    failing = data.draw(st.integers(0, size))
    case = race(seed, size, data.draw(st.integers(1, size)), failing=failing)
    assert len(set(case.seconds.values())) == len(case.seconds) == size
    assert len(set(case.failing) & set(case.seconds)) == failing


def played(case: Ask) -> tuple[dict[str, float], float, str | None]:
    """Play a hedge in steps of 1/8 s: when each replica is asked, when it ends and who wins."""
    one, other = case.replicas
    starts, failed, now = {one: 0.0}, set[str](), 0.0
    while True:
        now += 1 / 8
        for replica in list(starts):
            if now == starts[replica] + case.seconds[replica]:
                if replica not in case.failing:
                    return starts, now, replica
                failed.add(replica)
        if case.read_only and other not in starts and (now == case.delay or one in failed):
            starts[other] = now
        if failed == starts.keys():
            return starts, now, None


@given(asks())
def test_hedge_ends_as_when_played_step_by_step(case: Ask):
    """A clock that ticks through the hedge finds what the case says of itself."""
    assert (case.starts, case.over, case.winner) == played(case)


@given(asks())
def test_drawn_hedge_agrees_with_the_case(case: Ask):
    """The good run in the picture ends when the case does, with the winner's answer."""
    trace = case.good()
    assert trace.total == case.over
    assert {span.call_id: span.start for span in trace} == case.starts
    winners = [span.call_id for span in trace if span.state == "ok"]
    assert winners == ([] if case.winner is None else [case.winner])


@given(feeds())
def test_a_slot_is_refilled_at_once(case: Feed):
    """A heap of free slots gives each item the start that the good run has."""
    slots = [0.0] * case.limit
    ends = {}
    for span, (item, seconds) in zip(case.good(), case.seconds.items(), strict=True):
        start = heapq.heappop(slots)
        assert span.call_id == item
        assert span.start == pytest.approx(start)
        ends[item] = start + seconds
        heapq.heappush(slots, ends[item])
    if case.failing is not None:
        assert case.fails_at == pytest.approx(ends[case.failing])


@given(feeds())
def test_chunks_take_as_long_as_their_barriers(case: Feed):
    """The time in chunks is that of a run in which each chunk waits for the whole one before."""
    items = list(case.seconds)
    edges = [
        (before, after)
        for n, after in enumerate(items)
        for before in items[: n // case.limit * case.limit]
    ]
    calls = [ToolCall(item, "work", {"item": item}) for item in items]
    run = good_trace(calls, case.seconds, limit=case.limit, edges=edges)
    assert run.makespan == pytest.approx(case.in_chunks())


@given(st.integers(0, 999), st.integers(2, 30), st.integers(1, 6))
def test_drawn_feeds_are_sound(seed: int, size: int, limit: int):
    """A feed drawn by chance has the items asked for, and one of them fails if that was asked."""
    case = feed(seed, size, limit, failing=True)
    assert len(case.seconds) == size
    assert case.failing in case.seconds
    assert feed(seed, size, limit).failing is None


@pytest.mark.parametrize(("exercise", "style"), STYLES)
@settings(max_examples=25)
@given(st.data())
def test_any_case_can_be_judged(exercise: str, style: str, data: st.DataObject):
    """A right answer of any style earns all points on every case."""
    cases: dict[str, st.SearchStrategy[Any]] = {
        "first_k": races(),
        "hedged": asks(),
        "map_bounded": feeds(),
    }
    check: Any = getattr(patterns, exercise)
    report = check(right(exercise, style), cases=[data.draw(cases[exercise])])
    assert report.outcome is Outcome.PASSED, str(report)
