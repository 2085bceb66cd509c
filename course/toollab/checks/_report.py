"""Outcomes, findings and the report that a check cell shows.

The value of a check cell is the number of points it earned: nbgrader reads the report's
`text/plain`, people read its `text/html`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from toollab.views import Picture
from toollab.views.report import ReportView, Row, report_html, report_text

__all__ = ("REPORT_MIME", "Finding", "Outcome", "Report")

REPORT_MIME = "application/vnd.toollab.report+json"


class Outcome(StrEnum):
    """What is known about one check.  Only `PASSED` earns points; only `FAILED` is called wrong."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_ATTEMPTED = "not attempted"
    UNJUDGED = "could not judge"


_SEVERITY = (Outcome.PASSED, Outcome.UNJUDGED, Outcome.NOT_ATTEMPTED, Outcome.FAILED)


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one named check.

    `mistake` is a stable slug of the misconception behind a failure, such as `serial`.
    """

    check: str
    points: float
    outcome: Outcome
    saw: str = ""
    expected: str = ""
    hint: str = ""
    mistake: str = ""

    @property
    def earned(self) -> float:
        """The points this finding is worth."""
        return self.points if self.outcome is Outcome.PASSED else 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """All findings about one exercise, in the order its checks were declared.

    `a & b` joins two reports about the same exercise: a check passes if it passed in both.
    """

    exercise: str
    findings: tuple[Finding, ...]
    pictures: tuple[Picture, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def earned(self) -> float:
        """Points earned."""
        return sum(finding.earned for finding in self.findings)

    @property
    def possible(self) -> float:
        """Points that can be earned."""
        return sum(finding.points for finding in self.findings)

    @property
    def outcome(self) -> Outcome:
        """The exercise as a whole."""
        if not self.findings:
            return Outcome.UNJUDGED
        return max((f.outcome for f in self.findings), key=_SEVERITY.index)

    def __getitem__(self, check: str) -> Finding:
        """Return the finding of the check with this title; raises `KeyError`."""
        for finding in self.findings:
            if finding.check == check:
                return finding
        raise KeyError(check)

    def __and__(self, other: Report) -> Report:
        """Join with a report about other cases of the same exercise.

        Raises `ValueError` if the two are not about the same checks.
        """
        if [f.check for f in self.findings] != [f.check for f in other.findings]:
            raise ValueError(
                f"The reports on {self.exercise} and {other.exercise} name different checks. "
                "Hint: join only reports of the same exercise."
            )
        joined = tuple(
            mine if _SEVERITY.index(mine.outcome) >= _SEVERITY.index(theirs.outcome) else theirs
            for mine, theirs in zip(self.findings, other.findings, strict=True)
        )
        # Pictures and notes of the other cases stay out: they would show hidden data.
        return replace(self, findings=joined)

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "exercise": self.exercise,
            "earned": self.earned,
            "possible": self.possible,
            "outcome": str(self.outcome),
            "checks": [
                {
                    "check": f.check,
                    "points": f.points,
                    "earned": f.earned,
                    "outcome": str(f.outcome),
                    "saw": f.saw,
                    "expected": f.expected,
                    "hint": f.hint,
                    "mistake": f.mistake,
                }
                for f in self.findings
            ],
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        """Return the points earned, and nothing else: nbgrader reads this as the grade."""
        return f"{self.earned:g}"

    def __str__(self) -> str:
        """Return the report as text."""
        return report_text(self._view())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        del include, exclude
        if os.environ.get("NBGRADER_EXECUTION") == "validate" and self.earned < self.possible:
            # The Validate button shows nothing of a report but what stands on stderr.
            sys.stderr.write(f"{self}\n")
        return {
            "text/plain": repr(self),
            "text/html": report_html(self._view()),
            REPORT_MIME: self.to_json(),
        }

    def _view(self) -> ReportView:
        return ReportView(
            title=self.exercise,
            earned=self.earned,
            possible=self.possible,
            rows=_rows(self.findings),
            notes=self.notes,
            pictures=self.pictures,
        )


def _rows(findings: Sequence[Finding]) -> tuple[Row, ...]:
    return tuple(
        Row(
            title=f.check,
            outcome=str(f.outcome),
            earned=f.earned,
            possible=f.points,
            saw=f.saw,
            expected=f.expected,
            hint=f.hint,
        )
        for f in findings
    )
