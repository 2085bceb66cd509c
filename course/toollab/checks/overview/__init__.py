"""The exercises of notebook 01: count round trips, split a log by turn, estimate latency.

`Chat`, `Log` and `Plan` are the cases they are played on.
"""

from __future__ import annotations

from toollab.checks.overview._cases import Chat, Log, Plan
from toollab.checks.overview._latency import estimate_latency
from toollab.checks.overview._round_trips import count_round_trips
from toollab.checks.overview._turns import split_by_turn

__all__ = ("Chat", "Log", "Plan", "count_round_trips", "estimate_latency", "split_by_turn")
