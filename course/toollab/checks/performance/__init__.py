"""The exercises of notebook 10: concurrency from spans, a paired report, retries, a token bucket.

`Recorded`, `Measured`, `Refused` and `Arrivals` are what they are played on.
"""

from __future__ import annotations

from toollab.checks.performance._bucket import Arrivals, start_times
from toollab.checks.performance._overlap import tool_overlap
from toollab.checks.performance._recorded import Recorded
from toollab.checks.performance._retry import Refused, retry_wait
from toollab.checks.performance._speedup import Measured, speedup_report

__all__ = (
    "Arrivals",
    "Measured",
    "Recorded",
    "Refused",
    "retry_wait",
    "speedup_report",
    "start_times",
    "tool_overlap",
)
