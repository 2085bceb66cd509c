"""Exercise `start_times`: when calls may start under a token bucket."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from toollab.checks._answers import is_number, returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.clock import Run, attempt

__all__ = ("Arrivals", "start_times")

_CLOSE = 1e-6


@dataclass(frozen=True)
class Arrivals:
    """When calls arrive, in seconds and in order, and the bucket that they have to pass."""

    story: str
    times: tuple[float, ...]
    rate: float
    burst: int

    @classmethod
    def drawn(cls, seed: int, size: int, rate: float, burst: int) -> Arrivals:
        """Make `size` calls that come in bunches with pauses between them, in eighths of a second.

        Bunches are larger than the burst, and some pauses are longer than it takes to fill up.
        """
        source = random.Random(seed)  # noqa: S311 - chance, not secrets
        times, now = list[float](), 0.0
        while len(times) < size:
            for _ in range(source.randint(1, 2 * burst + 3)):
                times.append(now)
                now += source.choice((0.0, 0.0, 0.125))
            now += source.choice((0.25, 1.0, round(2 * burst / rate * 8) / 8))
        return cls(f"{size} calls in bunches", tuple(times[:size]), rate, burst)

    def room(self, starts: Sequence[float], place: int) -> float:
        """Return how many seconds earlier this call could have started; below 0, had to be later.

        A bucket promises that in no stretch of time more calls start than the burst and what the
        rate adds meanwhile.  The call is held against every stretch that it ends.
        """
        start = starts[place]
        rooms = [start - self.times[place]]
        rooms += [start - before for before in starts[max(0, place - 1) : place]]
        for first in range(place):
            over = place - first + 1 - self.burst
            if over > 0:
                rooms.append(start - starts[first] - over / self.rate)
        return min(rooms)


@dataclass(frozen=True, slots=True)
class _Started:
    case: Arrivals
    run: Run

    @property
    def error(self) -> BaseException | None:
        return self.run.error

    @property
    def times(self) -> list[float]:
        return list(self.run.value)


start_times: Exercise[Arrivals, _Started] = Exercise(
    "When calls start behind a token bucket",
    cases=[
        Arrivals("six calls at once", (0.0,) * 6, 2.0, 2),
        Arrivals("one call now and then", (0.0, 1.0, 2.5, 4.0), 1.0, 1),
        Arrivals("a long pause between two bunches", (0.0,) * 4 + (20.0,) * 6, 2.0, 3),
        Arrivals("a short pause between two bunches", (0.0,) * 3 + (0.5,) * 3, 2.0, 3),
        Arrivals("nothing to do", (), 5.0, 2),
        Arrivals.drawn(5, 40, 4.0, 3),
    ],
)


@start_times.play
def _start(fn: Any, case: Arrivals) -> _Started:
    return _Started(case, attempt(fn, list(case.times), case.rate, case.burst))


@start_times.check("returns a start for each call")
def _shape(seen: _Started) -> None:
    expected = f"a list of {len(seen.case.times)} numbers of seconds"
    value = returned(seen.run, expected)
    good = type(value) in (list, tuple) and all(map(is_number, value))
    if good and len(value) == len(seen.case.times):
        return
    raise Wrong(
        saw=repr(value)[:200],
        expected=expected,
        hint="Return one start for each arrival, in the same order.",
        mistake="not-a-list-of-starts",
    )


_SHAPE = ("returns a start for each call",)


@start_times.check("no call before its arrival, none before the one ahead", needs=_SHAPE)
def _order(seen: _Started) -> None:
    case, got = seen.case, seen.times
    for place, start in enumerate(got):
        if start < case.times[place] - _CLOSE:
            raise _at(
                seen,
                place,
                "A token that is there does not make a call arrive: it starts at its arrival at "
                "the earliest.",
                "before-arrival",
            )
        if place and start < got[place - 1] - _CLOSE:
            raise _at(
                seen,
                place,
                "First come, first served: who waits longer gets the next token.",
                "overtakes",
            )


def _at(seen: _Started, place: int, hint: str, mistake: str) -> Wrong:
    case = seen.case
    return Wrong(
        saw=f"call {place + 1} of {case.story} (rate {case.rate:g}, burst {case.burst}) "
        f"starts at {seen.times[place]:g} s",
        expected=f"{seen.times[place] - case.room(seen.times, place):g} s, "
        f"after its arrival at {case.times[place]:g} s",
        hint=hint,
        mistake=mistake,
    )


def _first(seen: _Started, *, early: bool) -> int | None:
    """Return the place of the first call at a wrong moment, if that is too early, or too late."""
    for place in range(len(seen.times)):
        room = seen.case.room(seen.times, place)
        if abs(room) > _CLOSE:
            return place if (room < 0) is early else None
    return None


_ORDER = (*_SHAPE, "no call before its arrival, none before the one ahead")


@start_times.check("never more than the bucket holds", points=3, needs=_ORDER)
def _limit(seen: _Started) -> None:
    place = _first(seen, early=True)
    if place is None:
        return
    case = seen.case
    paused = _pause_before(case.times, place)
    if place < case.burst:
        mistake = "more-than-arrived"
        hint = "Nobody may start before there is a token."
    elif paused * case.rate > case.burst:
        mistake = "bucket-overflows"
        hint = (
            "A bucket that is full stays full: after a long pause there is one burst, not all "
            "the tokens that the pause would have brought."
        )
    elif paused:
        mistake = "refills-at-once"
        hint = "A pause brings rate × seconds tokens, not a full bucket."
    else:
        mistake = "too-early"
        hint = "Who finds no token waits until a whole one is there, and then takes it away."
    raise _at(seen, place, hint, mistake)


def _pause_before(times: Sequence[float], place: int) -> float:
    """Return the longest pause between arrivals up to this call, in seconds."""
    return max((b - a for a, b in pairwise(times[: place + 1])), default=0.0)


@start_times.check("nobody waits for nothing", points=3, needs=_ORDER)
def _early(seen: _Started) -> None:
    place = _first(seen, early=False)
    if place is None:
        return
    case = seen.case
    if place < case.burst:
        mistake = "starts-empty"
        hint = "The bucket is full at first: a burst of calls may start at once."
    elif _pause_before(case.times, place):
        mistake = "forgets-refill"
        hint = (
            "Tokens come all the time, also while nobody wants one, and parts of a token count: "
            "add rate × the seconds since you last looked."
        )
    else:
        mistake = "too-late"
        hint = "The next token is there 1 / rate after the last one, not later."
    raise _at(seen, place, hint, mistake)
