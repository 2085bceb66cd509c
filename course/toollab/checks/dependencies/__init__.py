"""Checks of notebook 05: references in arguments, cycles, and a run that keeps dependencies.

Cases are written down from their answers: references around the values they stand for, graphs
around an order or a ring, runs from the moment at which each call may start.
"""

from __future__ import annotations

from toollab.checks.dependencies._cycles import Maze, find_cycle, layered, maze
from toollab.checks.dependencies._plans import Plan, plan
from toollab.checks.dependencies._references import resolve_refs
from toollab.checks.dependencies._runs import Ran, run_dag
from toollab.checks.dependencies._scenes import Filling, filling

__all__ = (
    "Filling",
    "Maze",
    "Plan",
    "Ran",
    "filling",
    "find_cycle",
    "layered",
    "maze",
    "plan",
    "resolve_refs",
    "run_dag",
)
