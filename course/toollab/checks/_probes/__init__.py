"""Probes: questions about one run that several exercises ask.

Each raises `Wrong` with what was seen, what was expected and a hint, or returns nothing.
"""

from __future__ import annotations

from toollab.checks._probes._coming_back import comes_back, hint_if_undefined
from toollab.checks._probes._results import (
    answers_each_call_once,
    error_results,
    good_contents,
    in_call_order,
    results_of,
)
from toollab.checks._probes._traces import (
    does_not_block,
    ideal_total,
    keeps_order,
    keeps_request,
    leaves_nothing_running,
    overlaps,
    reaches_peak,
    runs_each_call_once,
    takes,
)

__all__ = (
    "answers_each_call_once",
    "comes_back",
    "does_not_block",
    "error_results",
    "good_contents",
    "hint_if_undefined",
    "ideal_total",
    "in_call_order",
    "keeps_order",
    "keeps_request",
    "leaves_nothing_running",
    "overlaps",
    "reaches_peak",
    "results_of",
    "runs_each_call_once",
    "takes",
)
