"""The exercises of notebook 06: bounds of a makespan, the expected longest wait, a decision.

`Network`, `Waits` and `Case` are what they are played on.
"""

from __future__ import annotations

from toollab.checks.worthwhile._bounds import makespan_bounds
from toollab.checks.worthwhile._cases import Network, Waits
from toollab.checks.worthwhile._decision import should_parallelise
from toollab.checks.worthwhile._longest import expected_longest
from toollab.checks.worthwhile._profiles import Case

__all__ = (
    "Case",
    "Network",
    "Waits",
    "expected_longest",
    "makespan_bounds",
    "should_parallelise",
)
