"""Reads that race: what must come out, and when, by arithmetic on their seconds."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from toollab.calls import JSON, ToolSpec
from toollab.tools import Fault, Tool, ToolError, World, key_of

__all__ = ("Race", "race")


@dataclass(frozen=True)
class Race:
    """Reads that take so many seconds each; some fail.  `k` answers are wanted.

    `silent` names sources that answer with an empty text.
    """

    seconds: Mapping[str, float]
    k: int
    failing: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()

    @property
    def good(self) -> list[str]:
        """Sources that answer, in the order in which they do."""
        return sorted(set(self.seconds) - set(self.failing), key=self.seconds.__getitem__)

    @property
    def enough(self) -> bool:
        """Whether `k` reads succeed."""
        return len(self.good) >= self.k

    @property
    def answers(self) -> list[str]:
        """What has to come out."""
        return [self.said(source) for source in self.good[: self.k]]

    @property
    def tied(self) -> bool:
        """Whether two reads end at the same moment."""
        return len(set(self.seconds.values())) < len(self.seconds)

    def said(self, source: str) -> str:
        """Return the text that a source brings."""
        return "" if source in self.silent else f"found in {source}"

    def accepts(self, texts: list[str]) -> bool:
        """Tell whether these are the first k; those of one moment may stand in any order."""
        moments = {self.said(source): self.seconds[source] for source in self.good}
        came = [moments.get(text) for text in texts]
        return len(set(texts)) == self.k and came == sorted(moments.values())[: self.k]

    @property
    def over(self) -> float:
        """The second at which it is known how it ends: the last answer, or one failure too many."""
        if self.enough:
            return self.seconds[self.good[self.k - 1]]
        failures = sorted(self.seconds[source] for source in self.failing)
        return failures[len(self.seconds) - self.k]

    def world(self) -> World:
        """Make a world in which the sources take their seconds, and fail where they have to."""
        keys = {source: key_of("read", {"source": source}) for source in self.seconds}
        spec = ToolSpec("read", "Read one source.", _SCHEMA)
        return World(
            [Tool(spec, lambda _state, source: self.said(source))],
            latencies={keys[source]: seconds for source, seconds in self.seconds.items()},
            faults={keys[s]: Fault(ToolError(f"{s} is down")) for s in self.failing},
        )


_SCHEMA: Mapping[str, JSON] = {
    "type": "object",
    "properties": {"source": {"type": "string"}},
    "required": ["source"],
}


def race(seed: int, size: int, k: int, *, failing: int = 0) -> Race:
    """Make a race by chance; the fastest sources are the likeliest to fail."""
    source = random.Random(seed)  # noqa: S311 - chance, not secrets
    moments = source.sample(range(1, 8 * size + 1), size)
    names = [f"mirror_{n + source.randrange(7, 10)}" for n in range(0, 3 * size, 3)]
    seconds = {name: moment / 8 for name, moment in zip(names, moments, strict=True)}
    quick = sorted(names, key=seconds.__getitem__)[: max(failing, (size + failing) // 2)]
    return Race(seconds, k, tuple(source.sample(quick, failing)))
