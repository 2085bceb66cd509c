"""Checks of notebook 03: a dispatcher on the event loop, one on threads, and a call with a limit.

Each case is played several times: with every tool well, with some failing, too late, or
cancelled on the way.  Nothing here knows how a learner's function works; results and traces are
all that is judged.
"""

from __future__ import annotations

from toollab.checks._scenes import batch
from toollab.checks.parallel._dispatch import Dispatched, dispatch_all, dispatch_threads
from toollab.checks.parallel._timeout import Errand, call_with_timeout, errand

__all__ = (
    "Dispatched",
    "Errand",
    "batch",
    "call_with_timeout",
    "dispatch_all",
    "dispatch_threads",
    "errand",
)
