"""Exercise `expected_longest`: how long the slowest of several calls takes, on average."""

from __future__ import annotations

import tracemalloc
from dataclasses import dataclass, replace
from itertools import combinations
from statistics import fmean, median
from typing import Any

from toollab.checks._answers import close, is_number, returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.worthwhile._cases import Waits
from toollab.clock import Run, Stuck, attempt

__all__ = ("expected_longest",)


_ENOUGH = 2.0
"""Seconds of computing; the answer takes a thousandth of that."""


_SAMPLE = Waits(tuple(k / 10 for k in range(1, 11)), 5)
"""A hundred thousand draws: they can just be written down."""

_WRITTEN = 2_000_000
"""Bytes held at once on the sample, if all its draws are written down: they take 9 million."""


@dataclass(frozen=True, slots=True)
class _Waited:
    case: Waits
    run: Run
    spared: bool = False
    """Whether the case was not run, for nothing stops `list(product(...))` but a full memory."""

    @property
    def error(self) -> BaseException | None:
        return self.run.error

    @property
    def gave_up(self) -> bool:
        """Whether a large case was too much; the check on many calls tells it."""
        stuck = isinstance(self.error, Stuck | MemoryError | OverflowError)
        return self.spared or (stuck and self.case.is_large)


expected_longest: Exercise[Waits, _Waited] = Exercise(
    "The slowest of several calls, on average",
    cases=[
        Waits((0.5, 0.1, 0.3), 1),
        Waits((0.3, 0.1, 0.2, 0.1), 1),
        Waits((0.9, 0.1, 0.4, 0.1), 3),
        Waits((0.2, 0.4), 2),
        Waits.rare(1, 20, 10),
        Waits.rare(3, 400, 50),
    ],
)


@expected_longest.play
def _wait(fn: Any, case: Waits) -> _Waited:
    if case.is_large:
        sample, writes_all = _try_a_sample(fn)
        if writes_all:
            return _Waited(case, sample, spared=True)
    return _Waited(case, attempt(fn, list(case.samples), case.calls, cpu_seconds=_ENOUGH))


def _try_a_sample(fn: Any) -> tuple[Run, bool]:
    """Return a run with few waits and calls, and whether it wrote down every draw."""
    runs = [_weighed(fn), _weighed(fn)]  # the first one may import something
    run, _ = runs[0]
    right = is_number(run.value) and close(run.value, _SAMPLE.answer)
    return run, right and min(held for _, held in runs) > _WRITTEN


def _weighed(fn: Any) -> tuple[Run, int]:
    """Return a run on the sample and the most bytes that it held; memory knows no load."""
    traced = tracemalloc.is_tracing()
    if not traced:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        run = attempt(fn, list(_SAMPLE.samples), _SAMPLE.calls, cpu_seconds=_ENOUGH)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        if not traced:
            tracemalloc.stop()
    return run, peak - before


@expected_longest.check("returns seconds")
def _number(seen: _Waited) -> None:
    expected = "a number of seconds"
    if seen.gave_up:
        return
    value = returned(seen.run, expected)
    if not is_number(value):
        raise Wrong(
            saw=repr(value)[:200],
            expected=expected,
            hint="Return one number: the average of the longest wait, in seconds.",
            mistake="not-a-number",
        )


@expected_longest.check("one call takes the average", needs=("returns seconds",))
def _alone(seen: _Waited) -> None:
    case, got = seen.case, seen.run.value
    if case.calls > 1 or seen.gave_up or close(got, case.answer):
        return
    if close(got, max(case.samples)):
        mistake = "worst-of-all"
        hint = "One call draws one of the waits, and that is rarely the worst."
    elif close(got, median(case.samples)):
        mistake = "median"
        hint = "The median says what is usual. The average also weighs what is rare and long."
    elif close(got, fmean(set(case.samples))):
        mistake, hint = "each-wait-once", _TWICE
    else:
        mistake = "wrong-average"
        hint = "With one call, each wait is the longest in one case of `len(samples)`."
    raise _not(seen, hint, mistake)


def _not(seen: _Waited, hint: str, mistake: str) -> Wrong:
    return Wrong(
        saw=f"{seen.run.value:.6g} s for {seen.case.told}",
        expected=f"{seen.case.answer:.6g} s",
        hint=hint,
        mistake=mistake,
    )


@expected_longest.check("the slowest of n decides", points=2, needs=("returns seconds",))
def _slowest(seen: _Waited) -> None:
    if seen.case.calls > 1 and not seen.case.is_large:
        _judge(seen)


@expected_longest.check("many calls meet rare waits", points=2, needs=("returns seconds",))
def _rare(seen: _Waited) -> None:
    if not seen.case.is_large:
        return
    if seen.gave_up:
        raise Wrong(
            saw=f"no answer in time for {seen.case.told}",
            expected=f"{seen.case.answer:.6g} s",
            hint="There are too many draws to write them all down: ask of each wait how often "
            "it is the longest.",
            mistake="writes-all-draws",
        )
    _judge(seen)


_TWICE = "A wait that stands in the log twice is drawn twice as often: keep every sample."


def _judge(seen: _Waited) -> None:
    case, got = seen.case, seen.run.value
    if close(got, case.answer):
        return
    mean, worst = fmean(case.samples), max(case.samples)
    if close(got, mean):
        mistake = "average-wait"
        hint = "A batch does not end with its average call: it waits for the slowest."
    elif _each_once(case, got):
        mistake, hint = "each-wait-once", _TWICE
    elif _drawn_once(case, got):
        mistake = "draws-once"
        hint = "Two calls may draw the same wait: what one has met, another can meet as well."
    elif close(got, worst):
        mistake = "worst-of-all"
        hint = "The worst wait ever seen is not drawn each time; how often is it?"
    elif close(got, median(case.samples)):
        mistake = "median"
        hint = "The median hides the very waits that a batch is waiting for."
    elif close(got, mean * case.calls):
        mistake = "adds-up"
        hint = "That is n calls one after another; these are in flight together."
    elif close(got, _one_slow_call(case)):
        mistake = "adds-odds"
        hint = (
            "Two slow calls in one batch cost no more than one: odds cannot be added. Begin with "
            "the chance that none is slow."
        )
    else:
        mistake, hint = _off(case, got)
    raise _not(seen, hint, mistake)


def _off(case: Waits, got: float) -> tuple[str, str]:
    """Return the mistake and a hint for an answer of which only the size is known."""
    if abs(got - case.answer) < 0.05 * case.answer:
        return "near", (
            "Close, but not exact. Drawn at random? Then each run differs: calculate the odds. "
            "Calculated? Each of the n calls may draw any wait, also one that another has drawn."
        )
    if got < case.answer:
        return "too-short", (
            "The longest of n is x or less only if all n are: that chance is a power."
        )
    return "too-long", (
        "Weigh each wait by the chance that it is the longest; the chances add up to 1."
    )


def _each_once(case: Waits, got: float) -> bool:
    """Tell whether waits that occur several times were counted once."""
    distinct = tuple(set(case.samples))
    return not case.is_large and close(got, replace(case, samples=distinct).answer)


def _drawn_once(case: Waits, got: float) -> bool:
    """Tell whether no two calls were let draw the same sample."""
    if case.is_large or case.calls >= len(case.samples):
        return False
    return close(got, fmean(map(max, combinations(case.samples, case.calls))))


def _one_slow_call(case: Waits) -> float:
    """Return what adding up the odds of a slow call gives."""
    usual, worst = min(case.samples), max(case.samples)
    share = case.samples.count(worst) / len(case.samples)
    return usual + (worst - usual) * min(1.0, share * case.calls)
