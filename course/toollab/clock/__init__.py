"""Simulated time, for coroutines and for threads.

`simulate(world, fn, ...)` runs a learner's function on a clock that jumps from event to event.
The result holds what it returned and the trace of what the tools saw: the same on every
machine, however slow or busy.
"""

from __future__ import annotations

from toollab.clock._errors import (
    Blocked,
    Deadlock,
    Endless,
    Livelock,
    Spinning,
    Stuck,
    WorldClosedError,
)
from toollab.clock._guards import budget, patience
from toollab.clock._run import Run, Stage, attempt, request_id, simulate
from toollab.clock._state import Clock
from toollab.clock._where import where_raised

__all__ = (
    "Blocked",
    "Clock",
    "Deadlock",
    "Endless",
    "Livelock",
    "Run",
    "Spinning",
    "Stage",
    "Stuck",
    "WorldClosedError",
    "attempt",
    "budget",
    "patience",
    "request_id",
    "simulate",
    "where_raised",
)
