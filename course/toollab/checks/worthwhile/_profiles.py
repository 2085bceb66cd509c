"""Profiles of requests, each written down with the decision that it deserves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from toollab.calls import JSON

__all__ = ("Case",)

Step = tuple[Any, ...]
"""`(seconds, *resources)`: a resource is read, or written if a `!` stands behind it."""


@dataclass(frozen=True, slots=True)
class Case:
    """A profile and the reason that decides it; `story` tells it in words.

    `chains` has the calls as short tuples: `(0.5, "wiki", "notes!")` takes 0.5 s, reads `wiki`
    and writes `notes`.  `trap` names what is easily overlooked where the gain is zero or less:
    the `overhead`, the `limit`, a long `chain`, or the `tie` itself.
    """

    story: str
    reason: str
    chains: Sequence[Sequence[Step]]
    limit: int = 8
    model_s: float = 4.0
    overhead_s: float = 0.0
    worth: float = 0.125
    trap: Literal["overhead", "limit", "chain", "tie"] = "overhead"

    @property
    def parallel(self) -> bool:
        """Whether the calls should be run in parallel."""
        return self.reason == "pays"

    @property
    def crosses(self) -> bool:
        """Whether two chains touch the same resource."""
        touched = [{r.rstrip("!") for call in chain for r in call[1:]} for chain in self.chains]
        return sum(map(len, touched)) > len(set().union(*touched))

    def profile(self) -> dict[str, JSON]:
        """Return a fresh profile, as plain data."""
        return {
            "chains": [[_call(step) for step in chain] for chain in self.chains],
            "limit": self.limit,
            "model_s": self.model_s,
            "overhead_s": self.overhead_s,
            "worth": self.worth,
        }


def _call(step: Step) -> dict[str, JSON]:
    seconds, *resources = step
    return {
        "seconds": seconds,
        "reads": [name for name in resources if not name.endswith("!")],
        "writes": [name.rstrip("!") for name in resources if name.endswith("!")],
    }
