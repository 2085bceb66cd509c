"""The cases of notebook 10 say of themselves what is true: held to independent oracles."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path
from statistics import fmean, median, quantiles
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toollab.checks import Outcome, performance
from toollab.checks.performance import Arrivals, Measured, Recorded, Refused

ANSWERS = Path(__file__).resolve().parents[2] / "right_answers" / "10-performance-benefits"
STYLES = {path.parent.name: [] for path in sorted(ANSWERS.rglob("*.py"))}
for _path in sorted(ANSWERS.rglob("*.py")):
    STYLES[_path.parent.name].append(_path.stem)


def right(exercise: str, style: str) -> Any:
    """Return a right answer of the proof corpus."""
    path = ANSWERS / exercise / f"{style}.py"
    names = {"random": random, "median": median, "quantiles": quantiles, "fmean": fmean}
    namespace: dict[str, Any] = {**names, "Callable": Callable}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)  # noqa: S102
    return namespace[exercise]


eighths = st.integers(0, 24).map(lambda n: n / 8)
calls = st.lists(
    st.tuples(eighths, eighths).map(lambda pair: (min(pair), max(pair))), max_size=8
).map(tuple)


@given(calls, st.integers(0, 99))
def test_recorded_numbers_are_those_of_any_moment(ranges: Any, seed: int):
    """Busy time and peak are what exact arithmetic over all pairs of events gives."""
    case = Recorded("any", ranges, seed=seed)
    moments = sorted({Fraction(at) for pair in ranges for at in pair})
    stretches = [
        (b - a, sum(Fraction(start) <= a and b <= Fraction(end) for start, end in ranges))
        for a, b in pairwise(moments)
    ]
    assert case.busy == sum((length for length, count in stretches if count), Fraction())
    assert case.peak == max((count for _, count in stretches), default=0)
    assert case.work == sum(length * count for length, count in stretches)
    assert case.trace().work == pytest.approx(case.work)
    if all(start < end for start, end in ranges):
        assert case.trace().peak == case.peak


@pytest.mark.parametrize("style", STYLES["tool_overlap"])
@settings(max_examples=30)
@given(ranges=calls, seed=st.integers(0, 99))
def test_any_recording_can_be_judged(style: str, ranges: Any, seed: int):
    """A right answer earns all points on every recording."""
    case = Recorded("any", ranges, seed)
    report = performance.tool_overlap(right("tool_overlap", style), cases=[case])
    assert report.outcome is Outcome.PASSED


def test_spans_come_in_the_order_of_their_ends():
    """A recording's agent comes last, as from an exporter."""
    case = Recorded("any", ((0.5, 3.0), (1.0, 4.0)), seed=1)
    spans = case.spans()
    assert [span["end_ns"] for span in spans] == sorted(span["end_ns"] for span in spans)
    assert spans[-1]["parent_id"] is None
    assert len({span["span_id"] for span in spans}) == len(spans)


@pytest.mark.parametrize("seed", range(5))
def test_interval_of_five_is_that_of_all_resamples(seed: int):
    """For five pairs, the ends are percentiles of the medians of all 3,125 resamples."""
    source = random.Random(seed)  # noqa: S311 - chance, not secrets
    ratios = tuple(source.uniform(0.5, 4.0) for _ in range(5))
    case = Measured("five", ratios, seed=seed)
    medians = sorted(median(drawn) for drawn in product(ratios, repeat=5))
    for share in (0.025, 0.975):
        assert medians[round(share * len(medians))] in case.ends(share)
        assert len(case.ends(share)) == 1


@pytest.mark.parametrize("n", [5, 7, 11, 19])
def test_interval_leaves_no_doubt_at_these_sizes(n: int):
    """At these sizes sampling error cannot change the interval, so one answer is right."""
    case = Measured("any", tuple(float(k + 1) for k in range(n)))
    assert [len(case.ends(share)) for share in (0.025, 0.975)] == [1, 1]
    low, high = (case.ends(share).pop() for share in (0.025, 0.975))
    assert low + high == n + 1


@pytest.mark.parametrize("style", STYLES["speedup_report"])
@pytest.mark.parametrize("seed", range(3))
def test_any_seed_gives_the_same_verdict(style: str, seed: int):
    """A right answer earns all points whatever it draws."""
    cases = [
        Measured(f"{n} questions", tuple(1 + k**1.3 / 7 for k in range(n)), seed % 3, seed)
        for n in (1, 4, 5, 7, 12, 13, 19)
    ]
    report = performance.speedup_report(right("speedup_report", style), cases=cases)
    assert report.outcome is Outcome.PASSED


def test_measured_pairs_have_their_speedups():
    """Divided question by question, the two sides give the speed-ups that were written down."""
    case = Measured("any", (0.5, 1.5, 2.0, 4.0, 1.0), alone=3, seed=9)
    before, after = case.before(), case.after()
    found = sorted(before[q] / after[q] for q in before if q in after)
    assert found == pytest.approx(sorted(case.speedups))
    assert len(before) == len(after) == 8
    assert list(before) != list(after)


statuses = st.sampled_from([400, 401, 403, 404, 408, 409, 413, 422, 429, 499, 500, 503, 529, 599])
seconds = st.integers(0, 160).map(lambda n: n / 8)


@given(
    statuses,
    st.integers(1, 9),
    st.none() | seconds,
    seconds,
    st.integers(0, 31).map(lambda n: n / 32),
)
def test_styles_agree_on_every_refusal(
    status: int, number: int, retry_after: float | None, left_s: float, drawn: float
):
    """Independent right answers wait alike, and that wait passes when it is expected."""
    answers = [right("retry_wait", style) for style in STYLES["retry_wait"]]
    waits = {answer(status, number, retry_after, left_s, lambda: drawn) for answer in answers}
    assert len(waits) == 1
    (wait,) = waits
    case = Refused("deadline", status, wait, number, retry_after, left_s, drawn)
    assert performance.retry_wait(answers[0], cases=[case]).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "case", performance.retry_wait.cases, ids=lambda case: f"{case.rule}, {case.told}"
)
def test_visible_refusals_expect_what_the_card_says(case: Refused):
    """Every visible case expects what a right answer waits."""
    answer = right("retry_wait", "one_rule_a_line")
    wait = answer(case.status, case.number, case.retry_after, case.left_s, lambda: case.drawn)
    assert wait == case.wait


arrivals = st.lists(st.integers(0, 40), max_size=12).map(
    lambda at: tuple(n / 8 for n in sorted(at))
)


def ticked(case: Arrivals) -> list[float]:
    """Return the starts of a bucket that is looked at every 1/(8 rate) seconds and every event."""
    step = Fraction(1) / (8 * Fraction(case.rate))
    tokens, now = Fraction(case.burst), Fraction(0)
    waiting, starts = [Fraction(at) for at in case.times], list[float]()
    while waiting:
        while waiting and waiting[0] <= now and tokens >= 1:
            waiting.pop(0)
            tokens -= 1
            starts.append(float(now))
        now += step
        tokens = min(Fraction(case.burst), tokens + Fraction(1, 8))
    return starts


@settings(max_examples=60)
@given(arrivals, st.sampled_from([0.5, 1.0, 2.0, 4.0]), st.integers(1, 4), st.integers(0, 11))
def test_only_the_starts_of_a_watched_bucket_leave_no_room(
    times: tuple[float, ...], rate: float, burst: int, place: int
):
    """Starts of a bucket filled drop by drop have no room; one that is moved has."""
    # Arrivals on the drops' own grid: then looking at every drop misses nothing.
    case = Arrivals("any", tuple(round(at * 8) / (8 * rate) for at in times), rate, burst)
    starts = ticked(case)
    assert [case.room(starts, n) for n in range(len(starts))] == pytest.approx([0.0] * len(starts))
    for style in STYLES["start_times"]:
        answer = right("start_times", style)(list(case.times), rate, burst)
        assert answer == pytest.approx(starts)
    if starts:
        place %= len(starts)
        assert case.room([*starts[:place], starts[place] + 0.5], place) == pytest.approx(0.5)
        assert case.room([*starts[:place], starts[place] - 0.5], place) == pytest.approx(-0.5)


@pytest.mark.parametrize("style", STYLES["start_times"])
@settings(max_examples=30)
@given(times=arrivals, rate=st.sampled_from([0.3, 1.0, 3.0, 7.0]), burst=st.integers(1, 5))
def test_any_arrivals_can_be_judged(style: str, times: tuple[float, ...], rate: float, burst: int):
    """A right answer earns all points on all arrivals."""
    case = Arrivals("any", times, rate, burst)
    report = performance.start_times(right("start_times", style), cases=[case])
    assert report.outcome is Outcome.PASSED


@given(st.integers(0, 99), st.integers(1, 60), st.sampled_from([0.5, 2.0, 5.0]), st.integers(1, 5))
def test_drawn_arrivals_are_in_order(seed: int, size: int, rate: float, burst: int):
    """Drawn calls arrive in order, as many as asked for, and the same for the same seed."""
    case = Arrivals.drawn(seed, size, rate, burst)
    assert len(case.times) == size
    assert list(case.times) == sorted(case.times)
    assert case == Arrivals.drawn(seed, size, rate, burst)
