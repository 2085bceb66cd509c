"""Reports: pure functions of results.  Terminal, HTML, CSV, JSON and JUnit."""

from __future__ import annotations

from autograder.report.feedback import feedback_page
from autograder.report.machine import to_csv, to_json, to_junit
from autograder.report.terminal import summary, verdict

__all__ = ("feedback_page", "summary", "to_csv", "to_json", "to_junit", "verdict")
