"""Reports: pure functions of results.  Terminal, HTML, CSV, JSON and JUnit."""

from __future__ import annotations

from autograder.report.feedback import feedback_page
from autograder.report.machine import to_csv, to_json, to_junit
from autograder.report.scores import what_people_gave
from autograder.report.sheets import graded, write_feedback, write_pages
from autograder.report.terminal import summary, verdict

__all__ = (
    "feedback_page",
    "graded",
    "summary",
    "to_csv",
    "to_json",
    "to_junit",
    "verdict",
    "what_people_gave",
    "write_feedback",
    "write_pages",
)
