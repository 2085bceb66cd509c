"""Outcomes, named checks and probes; one module a notebook holds its exercises."""

from __future__ import annotations

from toollab.checks._exercise import Exercise, Wrong
from toollab.checks._report import REPORT_MIME, Finding, Outcome, Report

__all__ = ("REPORT_MIME", "Exercise", "Finding", "Outcome", "Report", "Wrong")
