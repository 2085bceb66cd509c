"""Plans whose work and critical path are known, and measured waits whose answer is known.

A plan is written down from its schedule: a row of calls that fill the span without a gap, and
other calls at random places inside it.  Nobody waits for a call that ends later than it starts,
so the row is the critical path, and nothing here has to look for one.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product
from statistics import fmean

from toollab.trace import Edge

__all__ = ("Network", "Waits")


@dataclass(frozen=True)
class Network:
    """Calls with seconds and edges, and a `limit` on the calls in flight.

    `spine` holds the seconds of the calls on the critical path, `beside` counts the others.
    Seconds are multiples of 1/8, so that sums are exact.
    """

    spine: tuple[float, ...]
    beside: int
    limit: int
    seed: int = 0

    @property
    def span(self) -> float:
        """Seconds of the critical path."""
        return sum(self.spine)

    @property
    def work(self) -> float:
        """Seconds of all calls together."""
        return sum(self.seconds().values())

    @property
    def told(self) -> str:
        """The case in words."""
        return (
            f"{len(self.seconds())} calls: work {self.work:g} s, "
            f"critical path {self.span:g} s, limit {self.limit}"
        )

    @cached_property
    def _placed(self) -> Mapping[str, tuple[float, float]]:
        """Where each call lies on the clock of a run without a limit: start and end."""
        source = random.Random(self.seed)  # noqa: S311 - chance, not secrets
        ticks = round(self.span * 8)
        places, start = list[tuple[float, float]](), 0.0
        for seconds in self.spine:
            places.append((start, start + seconds))
            start += seconds
        for _ in range(self.beside):
            low, high = sorted(source.randrange(ticks + 1) for _ in "ab")
            places.append((low / 8, high / 8))
        names = [f"call_{number}" for number in range(7, 7 + len(places))]
        source.shuffle(names)
        return dict(zip(names, places, strict=True))

    def seconds(self) -> dict[str, float]:
        """Return the seconds of each call, by id; the ids come in no order of time."""
        return {name: end - start for name, (start, end) in sorted(self._placed.items())}

    def edges(self) -> list[Edge]:
        """Return who waits for whom: the spine is a chain, the rest waits now and then."""
        source = random.Random(self.seed + 1)  # noqa: S311 - chance, not secrets
        names = list(self._placed)
        spine, beside = names[: len(self.spine)], names[len(self.spine) :]
        edges = list(pairwise(spine))
        for name in beside:
            start, end = self._placed[name]
            before = [n for n in names if self._placed[n][1] <= start and self._rank(n, name)]
            after = [n for n in spine if self._placed[n][0] >= end and self._rank(name, n)]
            edges += [(n, name) for n in source.sample(before, min(1, len(before)))]
            edges += [(name, n) for n in source.sample(after, min(1, len(after)))]
        source.shuffle(edges)
        return list(dict.fromkeys(edges))

    def _rank(self, one: str, other: str) -> bool:
        """Tell whether `one` comes first by place, also where a call takes no time."""
        names = list(self._placed)
        return (*self._placed[one], names.index(one)) < (*self._placed[other], names.index(other))


@dataclass(frozen=True, slots=True)
class Waits:
    """Measured waits in seconds, a number of calls, and what the slowest of them takes on average.

    Without `expected` every possible draw is written down: fit for a few waits and calls.
    """

    samples: tuple[float, ...]
    calls: int
    expected: float | None = None

    @property
    def is_large(self) -> bool:
        """Whether there are too many draws to write them all down."""
        return self.expected is not None

    @property
    def answer(self) -> float:
        """Seconds until the slowest of the calls has answered, on average."""
        if self.expected is not None:
            return self.expected
        return fmean(map(max, product(self.samples, repeat=self.calls)))

    @property
    def told(self) -> str:
        """The case in words."""
        return f"{self.calls} calls, {len(self.samples)} waits from {_shown(self.samples)}"

    @classmethod
    def rare(cls, slow: int, among: int, calls: int) -> Waits:
        """Make waits of 0.1 s, of which `slow` in `among` are 1.1 s instead."""
        waits = [1.1 if place < slow else 0.1 for place in range(among)]
        random.Random(among).shuffle(waits)  # noqa: S311 - chance, not secrets
        return cls(tuple(waits), calls, 1.1 - (1 - slow / among) ** calls)


def _shown(samples: Sequence[float]) -> str:
    return f"{min(samples):g} to {max(samples):g} s"
