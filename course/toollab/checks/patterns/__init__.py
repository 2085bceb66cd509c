"""Checks of notebook 08: the first answers of several, a hedged read, a map that is bounded.

Cases are seconds and failures; what has to come out, and when, is arithmetic on them.
"""

from __future__ import annotations

from toollab.checks.patterns._asks import Ask
from toollab.checks.patterns._bounded import Feed, Mapped, feed, map_bounded
from toollab.checks.patterns._hedge import Asked, hedged
from toollab.checks.patterns._race import Raced, first_k
from toollab.checks.patterns._races import Race, race

__all__ = (
    "Ask",
    "Asked",
    "Feed",
    "Mapped",
    "Race",
    "Raced",
    "feed",
    "first_k",
    "hedged",
    "map_bounded",
    "race",
)
