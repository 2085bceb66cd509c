"""Checks of notebook 12: a call tried again safely, a history repaired, and the dispatcher.

Cases are written down from their answers: a script holds exactly the attempts that should be
made; a broken history has a whole twin; a shift knows of each call whether it runs, waits, is
denied or is skipped.
"""

from __future__ import annotations

from toollab.checks.dispatcher._broken import Broken, Turn, broken
from toollab.checks.dispatcher._repair import repair_history
from toollab.checks.dispatcher._runs import Dispatched, dispatch
from toollab.checks.dispatcher._safely import Step, Trouble, call_safely
from toollab.checks.dispatcher._shifts import Shift, shift

__all__ = (
    "Broken",
    "Dispatched",
    "Shift",
    "Step",
    "Trouble",
    "Turn",
    "broken",
    "call_safely",
    "dispatch",
    "repair_history",
    "shift",
)
