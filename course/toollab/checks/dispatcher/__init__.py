"""Checks of notebook 12: one call that is tried again safely, and the dispatcher around it.

Cases are written down from their answers: a script holds exactly the attempts that should be
made; a shift knows of each call whether it runs, waits, is denied or is skipped.
"""

from __future__ import annotations

from toollab.checks.dispatcher._runs import Dispatched, dispatch
from toollab.checks.dispatcher._safely import Step, Trouble, call_safely
from toollab.checks.dispatcher._shifts import Shift, shift

__all__ = ("Dispatched", "Shift", "Step", "Trouble", "call_safely", "dispatch", "shift")
