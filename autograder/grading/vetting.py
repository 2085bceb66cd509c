"""Whether a check that a teacher wrote in the notebook can judge anybody: its own solution tells.

Behind the wall a check sees what functions return, raise and call, not everything that it would
see in the same process.  One that does not give the course's own solution full marks here would
fail everybody, so it judges nobody.  The solution is run once for each notebook, and only when a
teacher's own check has taken points from somebody.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.grading.grader import Seen, Verdict
from autograder.grading.wire.jobs import Check
from toollab.checks import REPORT_MIME

__all__ = ("Vetting",)

_TRIES = 3
_UNFIT = (
    "This check does not pass the course's own solution here ({saw}), so it can judge nobody. "
    "Hint: let it look at what functions return, raise or call; the instructor's manual says what "
    "a check cannot see."
)
_UNKNOWN = (
    "The course's own solution, by which this check is tried out, could not be run: {saw} "
    "Hint: grade again when the machine has less to do."
)


@dataclass(slots=True)
class _Solution:
    """What the checks of one notebook said of its solution, in so many runs."""

    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    runs: int = 0


class Vetting:
    """Remembers what checks said of the solutions of some notebooks."""

    def __init__(self) -> None:
        self._solutions: dict[Hashable, _Solution] = {}
        self._lock = threading.Lock()

    def vetted(
        self, key: Hashable, checks: Mapping[str, Check], seen: Seen, run: Callable[[], Seen]
    ) -> dict[str, Verdict]:
        """Return the verdicts, with a reason in the place of each that means nothing.

        `key` is the notebook's; `run` runs its solution by the same checks.
        """
        verdicts = dict(seen.verdicts)
        for grade_id, verdict in seen.verdicts.items():
            if checks[grade_id].own and _takes_points(verdict):
                verdicts[grade_id] = self._looked_at(key, grade_id, verdict, run)
        return verdicts

    def _looked_at(
        self, key: Hashable, grade_id: str, verdict: Verdict, run: Callable[[], Seen]
    ) -> Verdict:
        right = self._of_solution(key, grade_id, run)
        if right.bundle is None or right.reason:
            return Verdict(None, _UNKNOWN.format(saw=right.reason))
        report = right.bundle[REPORT_MIME]
        if report["earned"] >= report["possible"]:
            return verdict
        return Verdict(None, _UNFIT.format(saw=_saw(report)))

    def _of_solution(self, key: Hashable, grade_id: str, run: Callable[[], Seen]) -> Verdict:
        """Return what a check says of the solution; what chance had a part in is tried again."""
        with self._lock:
            solution = self._solutions.setdefault(key, _Solution())
            known = solution.verdicts.get(grade_id)
            while (known is None or known.bundle is None) and solution.runs < _TRIES:
                solution.runs += 1
                solution.verdicts = run().verdicts
                known = solution.verdicts[grade_id]
            return known or Verdict(None, "It was never reached.")


def _takes_points(verdict: Verdict) -> bool:
    if verdict.bundle is None:
        return False
    report = verdict.bundle[REPORT_MIME]
    return bool(report["outcome"] != "not attempted" and report["earned"] < report["possible"])


def _saw(report: Mapping[str, Any]) -> str:
    """Return what a check saw of the solution, as short as it can be said."""
    said = (check["saw"] for check in report["checks"] if check["outcome"] != "passed")
    return next(filter(None, said), "it earned fewer points than it could")
