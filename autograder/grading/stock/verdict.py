"""How many points the outputs of an executed check cell are worth, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

__all__ = ("REPORT", "Verdict", "verdict")

REPORT = "application/vnd.toollab.report+json"

_SILENT = (
    "This check showed no result, so it earned nothing."
    " Hint: leave the cell as it was handed out and run the notebook from top to bottom."
)
_ODD = (
    "What this check showed is no number of points from 0 to {possible:g}, so it earned nothing."
    " Hint: leave the cell as it was handed out."
)
_STOPPED = (
    "This check stopped with {error}, so it earned nothing."
    " Hint: run the notebook from top to bottom and look for the first cell that fails."
)
_ENDLESS = (
    "This check did not come back in time, so it earned nothing."
    " Hint: look for a loop, or a wait, that never ends."
)
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Verdict:
    """Points earned.  `reason` is empty if the check spoke for itself."""

    points: float
    reason: str = ""


def verdict(cell: NotebookNode, possible: float) -> Verdict:
    """Judge one executed check cell.

    A report's own points count; a plain number counts, as nbgrader has it; an error, silence
    and anything else earn 0 with a reason.  Streams, stderr among them, mean nothing.
    """
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if any(error.ename == "CellTimeoutError" for error in errors):
        return Verdict(0, _ENDLESS)
    if errors:
        said = f"{errors[-1].ename}: {errors[-1].evalue}".rstrip(": ")
        return Verdict(0, _STOPPED.format(error=_short(said)))
    results = [output.data for output in cell.outputs if output.output_type == "execute_result"]
    if not results:
        return Verdict(0, _SILENT)
    points = _points(results[-1])
    if points is None or not 0 <= points <= possible:
        return Verdict(0, _ODD.format(possible=possible))
    return Verdict(points)


def _points(data: dict[str, Any]) -> float | None:
    """Return the finite number that an output stands for, or `None`."""
    report = data.get(REPORT)
    value = report.get("earned") if isinstance(report, dict) else data.get("text/plain")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _short(text: str) -> str:
    line = text.splitlines()[0] if text else "an error"
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]} …"
