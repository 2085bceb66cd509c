"""The checks of a tiny course on which the proofs themselves are tested."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from toollab.checks import Exercise
from toollab.checks import _probes as probes
from toollab.clock import Run, simulate
from toollab.tools import Batch, random_batch
from toollab.trace import label

fan_out = Exercise[Batch, "Evidence"]("Fan a batch out", cases=[random_batch(1, 4)])
"""A dispatcher of coroutines that all work."""


@dataclass(frozen=True)
class Evidence:
    """One run of a dispatcher on one batch."""

    run: Run
    case: Batch


@fan_out.play
def _play(fn: Callable[..., Any], case: Batch) -> Evidence:
    world = case.world()
    run = simulate(world, fn, list(case.calls), world.tools)
    return Evidence(replace(run, trace=label(run.trace, case.calls)), case)


@fan_out.check("it comes back with results", points=1)
def _comes_back(seen: Evidence) -> None:
    probes.comes_back(seen.run)
    probes.answers_each_call_once(probes.results_of(seen.run.value), seen.case.calls)


@fan_out.check("calls overlap", points=2, needs=["it comes back with results"])
def _overlap(seen: Evidence) -> None:
    probes.overlaps(seen.run, seen.case.calls)


@fan_out.check("results stand in call order", points=1, needs=["it comes back with results"])
def _order(seen: Evidence) -> None:
    probes.in_call_order(seen.run.value, seen.case.calls, seen.run)
