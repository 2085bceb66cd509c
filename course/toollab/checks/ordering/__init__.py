"""The exercises of notebook 07: segments between barriers, a stable order, and an ordered run.

`LineUp` and `Net` are what they are played on; `line_up` and `net` make them.
"""

from __future__ import annotations

from toollab.checks.ordering._line_ups import LineUp, line_up
from toollab.checks.ordering._runs import run_ordered
from toollab.checks.ordering._segments import segment_by_barriers
from toollab.checks.ordering._stable import Net, net, stable_order

__all__ = (
    "LineUp",
    "Net",
    "line_up",
    "net",
    "run_ordered",
    "segment_by_barriers",
    "stable_order",
)
