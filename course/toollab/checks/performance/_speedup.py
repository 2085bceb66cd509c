"""Exercise `speedup_report`: a speed-up from paired runs, with an interval."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from math import comb
from statistics import fmean, median
from typing import Any

from toollab.checks._answers import close, is_number, returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.clock import Run, Stuck, attempt

__all__ = ("Measured", "speedup_report")

_KEYS = ("pairs", "speedup", "low", "high")
_SLACK = 0.011
"""How far from 2.5 % a resampled share may lie: four standard errors at 4,000 resamples."""


@dataclass(frozen=True)
class Measured:
    """Seconds for the same questions before and after a change.

    `speedups` are the questions' own, each written down in advance.  `alone` questions have been
    measured on one side only.
    """

    story: str
    speedups: tuple[float, ...]
    alone: int = 0
    seed: int = 0

    def _names(self) -> list[str]:
        return [f"question {number}" for number in range(1, len(self.speedups) + 1)]

    def before(self) -> dict[str, float]:
        """Return seconds by question: easy and hard ones, and some that were only asked here."""
        source = random.Random(self.seed)  # noqa: S311 - chance, not secrets
        times = {name: 2.0 * 1.45 ** source.uniform(0, 8) for name in self._names()}
        times |= {f"dropped {number}": 90.0 for number in range(self.alone)}
        return _shuffled(times, self.seed + 1)

    def after(self) -> dict[str, float]:
        """Return seconds by question, in another order than before."""
        before = self.before()
        pairs = zip(self._names(), self.speedups, strict=True)
        times = {name: before[name] / speedup for name, speedup in pairs}
        times |= {f"new {number}": 0.5 for number in range(self.alone)}
        return _shuffled(times, self.seed + 2)

    @property
    def speedup(self) -> float:
        """The median of the questions' own speed-ups; 0.0 if there is none."""
        return median(self.speedups) if self.speedups else 0.0

    def ends(self, share: float) -> set[float]:
        """Return where this share of all resampled medians lies below, give or take the slack.

        The odds are exact: a median of n draws is at most the k-th smallest value if more than
        half of the draws are, and that is a sum of binomial terms.  For odd n.
        """
        ranked, n = sorted(self.speedups), len(self.speedups)
        low, high = (self._rank(share + slack, n) for slack in (-_SLACK, _SLACK))
        return set(ranked[low : high + 1])

    @staticmethod
    def _rank(share: float, n: int) -> int:
        for rank in range(1, n + 1):
            p = rank / n
            odds = (comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n // 2 + 1, n + 1))
            if sum(odds) >= share:
                return rank - 1
        return n - 1

    @property
    def has_interval(self) -> bool:
        """Whether there are enough pairs for an interval."""
        return len(self.speedups) >= 5


def _shuffled(times: Mapping[str, float], seed: int) -> dict[str, float]:
    names = list(times)
    random.Random(seed).shuffle(names)  # noqa: S311 - chance, not secrets
    return {name: times[name] for name in names}


@dataclass(frozen=True, slots=True)
class _Reported:
    case: Measured
    run: Run
    again: Run

    @property
    def error(self) -> BaseException | None:
        return self.run.error

    def got(self, key: str) -> float:
        return float(self.run.value[key])

    def interval(self) -> str:
        value = self.run.value
        return f"from {_told(value['low'])} to {_told(value['high'])}"


speedup_report: Exercise[Measured, _Reported] = Exercise(
    "A speed-up from paired runs",
    cases=[
        Measured(
            "eleven questions", (1.1, 1.2, 1.3, 1.5, 1.6, 1.8, 2.0, 2.25, 2.5, 3.0, 9.0), seed=5
        ),
        Measured("twelve questions, and two left out", tuple(_x / 8 for _x in range(8, 20)), 2, 4),
        Measured(
            "nineteen questions", tuple(1.0 + _x * _x / 40 for _x in range(19)), alone=1, seed=7
        ),
        Measured("four questions, and one left out", (1.5, 2.0, 2.25, 3.0), alone=1, seed=8),
        Measured("five questions", (0.75, 1.25, 1.5, 2.5, 4.0), seed=9),
        Measured("forty-one questions", tuple(1.0 + _x / 50 for _x in range(41)), seed=10),
    ],
)


@speedup_report.play
def _report(fn: Any, case: Measured) -> _Reported:
    runs = [attempt(fn, case.before(), case.after(), case.seed) for _ in "12"]
    return _Reported(case, *runs)


@speedup_report.check("returns a report")
def _shape(seen: _Reported) -> None:
    expected = f"a dict with {', '.join(_KEYS)}"
    value = returned(seen.run, expected)
    if (
        type(value) is dict
        and sorted(map(str, value)) == sorted(_KEYS)
        and all(is_number(value[key]) for key in ("pairs", "speedup"))
        and all(value[key] is None or is_number(value[key]) for key in ("low", "high"))
    ):
        return
    raise Wrong(
        saw=repr(value)[:200],
        expected=expected,
        hint="pairs and speedup are numbers; low and high are numbers, or both None.",
        mistake="not-a-report",
    )


_SHAPE = ("returns a report",)


@speedup_report.check("compares each question with itself", needs=_SHAPE)
def _pairs(seen: _Reported) -> None:
    case, got = seen.case, seen.got("pairs")
    if close(got, len(case.speedups)):
        return
    raise Wrong(
        saw=f"{got:g} pairs for {case.story}",
        expected=f"{len(case.speedups)}",
        hint="A question that was asked on one side only has nothing to be compared with: leave "
        "it out, and count only the questions that are in both.",
        mistake="counts-unpaired",
    )


@speedup_report.check("the median of the pairs' speed-ups", points=2, needs=_SHAPE)
def _median(seen: _Reported) -> None:
    case, got = seen.case, seen.got("speedup")
    if close(got, case.speedup):
        return
    before, after = case.before(), case.after()
    both = [name for name in before if name in after]
    was, now = [before[name] for name in both], [after[name] for name in both]
    if close(got, median(b / a for b, a in zip(before.values(), after.values(), strict=False))):
        mistake = "pairs-by-position"
        hint = "The two dicts are in different orders: look each question up by its name."
    elif close(got, fmean(case.speedups)):
        mistake = "mean-of-ratios"
        hint = (
            "One question that got six times as fast lifts a mean of ratios for all. The median "
            "is what half of the questions reach."
        )
    elif close(got, sum(was) / sum(now)):
        mistake = "ratio-of-sums"
        hint = "In a ratio of sums the longest questions decide: each question has one vote here."
    elif any(close(got, median(b) / median(a)) for b, a in _sides(before, after, was, now)):
        mistake = "ratio-of-medians"
        hint = (
            "The two medians may belong to different questions. First divide, question by "
            "question; then take the median."
        )
    elif close(got, median(1 / one for one in case.speedups)):
        mistake, hint = "upside-down", "A speed-up is time before / time after: faster is above 1."
    elif close(got, median(b - a for b, a in zip(was, now, strict=True))):
        mistake, hint = "difference", "Seconds saved are not a speed-up: divide before by after."
    else:
        mistake = "other-median"
        hint = "For each question in both dicts: before / after. Then the median of these."
    raise Wrong(
        saw=f"speed-up {got:.6g} for {case.story}",
        expected=f"{case.speedup:.6g}",
        hint=hint,
        mistake=mistake,
    )


def _sides(
    before: Mapping[str, float], after: Mapping[str, float], was: list[float], now: list[float]
) -> list[tuple[list[float], list[float]]]:
    return [(list(before.values()), list(after.values())), (was, now)]


@speedup_report.check(
    "an interval of 95 %", points=3, needs=("the median of the pairs' speed-ups",)
)
def _interval(seen: _Reported) -> None:
    case, value = seen.case, seen.run.value
    if not case.has_interval:
        return
    if value["low"] is None or value["high"] is None:
        raise _not(seen, "Five pairs or more are enough for an interval.", "no-interval")
    low, high = seen.got("low"), seen.got("high")
    if len(case.speedups) % 2 == 0:
        if min(case.speedups) <= low <= case.speedup <= high <= max(case.speedups):
            return
    elif _among(low, case.ends(0.025)) and _among(high, case.ends(0.975)):
        return
    raise _not(seen, *_why(case, low, high))


def _why(case: Measured, low: float, high: float) -> tuple[str, str]:
    """Return a hint and the mistake's slug for an interval that is not the one asked for."""
    ranked = sorted(case.speedups)
    if close(low, high):
        mistake = "no-replacement"
        hint = (
            "All resamples have the same median. Draw with replacement: a pair may come twice, "
            "another not at all."
        )
    elif low > high:
        mistake, hint = "ends-swapped", "The lower end comes first."
    elif close(low, ranked[0]) and close(high, ranked[-1]):
        mistake = "range-of-pairs"
        hint = (
            "That is the range of the pairs. Asked for is how far the *median* moves when the "
            "same pairs are drawn again and again."
        )
    elif low < ranked[0] or high > ranked[-1]:
        mistake = "outside-the-pairs"
        hint = (
            "No resampled median lies outside the pairs: resample whole pairs, never before and "
            "after apart, and take percentiles of the medians."
        )
    elif low >= min(case.ends(0.025)) and high <= max(case.ends(0.975)):
        mistake = "too-narrow"
        hint = (
            "Too narrow. 95 % inside leaves 2.5 % of the medians on either side; a resample has as "
            "many pairs as there are; and with fewer than 4,000 of them the ends wobble."
        )
    elif low <= max(case.ends(0.025)) and high >= min(case.ends(0.975)):
        mistake = "too-wide"
        hint = (
            "Too wide. Take the median of each resample, of as many pairs as there are; single "
            "pairs, or before and after drawn apart, scatter more, and fewer than 4,000 resamples "
            "wobble."
        )
    else:
        mistake = "other-interval"
        hint = (
            "Resample whole pairs, take the median each time, and read 2.5 % and 97.5 % off the "
            "sorted medians. Fewer than 4,000 resamples wobble."
        )
    return hint, mistake


def _among(value: float, allowed: set[float]) -> bool:
    """Tell whether a value is one of those allowed, or between two of them that are neighbours."""
    low, high = min(allowed), max(allowed)
    return low - 1e-6 <= value <= high + 1e-6


def _not(seen: _Reported, hint: str, mistake: str) -> Wrong:
    low, high = (sorted(seen.case.ends(share)) for share in (0.025, 0.975))
    odd = len(seen.case.speedups) % 2
    expected = f"from {_told(low[0])} to {_told(high[-1])}" if odd else "an interval of medians"
    return Wrong(
        saw=f"{seen.interval()} for {seen.case.story}",
        expected=expected,
        hint=hint,
        mistake=mistake,
    )


def _told(value: Any) -> str:
    return "None" if value is None else f"{value:.4g}"


@speedup_report.check("claims nothing from fewer than five pairs", needs=_SHAPE)
def _few(seen: _Reported) -> None:
    value = seen.run.value
    if seen.case.has_interval or (value["low"] is None and value["high"] is None):
        return
    raise Wrong(
        saw=f"an interval {seen.interval()} from {len(seen.case.speedups)} pairs",
        expected="low and high are None",
        hint="A resample of four pairs has few medians to choose from: its interval looks exact "
        "and says little. Report the pairs, and no interval.",
        mistake="interval-of-few",
    )


@speedup_report.check("the same seed gives the same report", needs=_SHAPE)
def _same(seen: _Reported) -> None:
    if isinstance(seen.again.error, Stuck) or seen.again.value == seen.run.value:
        return
    raise Wrong(
        saw="two different reports from the same numbers and seed",
        expected="the same report",
        hint="Draw from random.Random(seed), made inside your function, and from nothing else.",
        mistake="unseeded",
    )
