"""The exercises of notebook 04: aggregate outcomes, share runs, fit a budget, merge state.

`Arrivals`, `Repeats`, `Haul` and `State` are the cases they are played on.
"""

from __future__ import annotations

from toollab.checks.aggregation._aggregate import aggregate
from toollab.checks.aggregation._arrivals import Arrivals
from toollab.checks.aggregation._budget import Haul, fit_budget
from toollab.checks.aggregation._dedupe import Repeats, dedupe_calls
from toollab.checks.aggregation._state import merge_state
from toollab.checks.aggregation._states import State

__all__ = (
    "Arrivals",
    "Haul",
    "Repeats",
    "State",
    "aggregate",
    "dedupe_calls",
    "fit_budget",
    "merge_state",
)
