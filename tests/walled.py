"""What tests of the trust boundary share: one grader for all of them, and a small course.

Starting a grader costs seconds, a submission costs milliseconds.
"""

from __future__ import annotations

import atexit
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from textwrap import dedent
from typing import Any

from autograder.grading.grader import Grader, Seen
from autograder.grading.jobs import Blueprint
from autograder.grading.limits import Limits
from autograder.grading.outer import Wall

__all__ = ("MARK", "REPORT", "Small", "code", "earned", "report", "shared_grader")

REPORT = "application/vnd.toollab.report+json"
MARK = "HIDDEN-7f3a"  # stands in every hidden test, and must never be seen by a learner

Cell = dict[str, Any]


def shared_grader(wall: Wall | None = None) -> Grader:
    """Return the one grader of this test run behind a wall, the best one if none is given."""
    return _grader(wall)


@cache
def _grader(wall: Wall | None) -> Grader:
    grader = Grader(wall)
    atexit.register(grader.close)
    return grader


def code(name: str, source: str, **rules: Any) -> Cell:
    """Make a code cell; `rules` are its nbgrader metadata."""
    metadata: dict[str, Any] = {}
    if rules:
        metadata["nbgrader"] = {"grade_id": name, "schema_version": 3, **rules}
    source = dedent(source).strip()
    return {"cell_type": "code", "id": name, "metadata": metadata, "source": source, "outputs": []}


def answer(name: str, source: str) -> Cell:
    """Make an answer cell."""
    return code(name, source, grade=False, solution=True, locked=False)


def test(name: str, source: str, points: float) -> Cell:
    """Make a check cell."""
    return code(name, source, grade=True, solution=False, locked=True, points=points)


SET_UP = """
import asyncio, json, os, sys, time
from toollab import ToolCall, ToolResult
from toollab.checks import parallel as check
"""
GOOD = {
    "dispatch-all": """
        async def dispatch_all(calls, registry):
            async def one(call):
                try:
                    return ToolResult(call.id, await registry[call.name](**call.arguments))
                except Exception as error:
                    return ToolResult(call.id, f"{type(error).__name__}: {error}", True)
            return await asyncio.gather(*(one(call) for call in calls))
    """,
    "triple": """
        def triple(number):
            return 3 * number
    """,
    "answer": """
        answer = {"largest": 41, "even": [2, 4]}
    """,
}
BAD = {
    "dispatch-all": """
        async def dispatch_all(calls, registry):
            raise NotImplementedError
    """,
    "triple": """
        def triple(number):
            raise NotImplementedError
    """,
    "answer": """
        answer = None
    """,
}
CHECKS = {
    "dispatch-all-check": (
        f"""
        report = check.dispatch_all(dispatch_all)
        ### BEGIN HIDDEN TESTS
        report &= check.dispatch_all(dispatch_all, cases=[check.batch(77, 7, failing=2)])  # {MARK}
        ### END HIDDEN TESTS
        report
        """,
        8.0,
    ),
    "triple-check": (
        f"""
        assert triple(2) == 6
        ### BEGIN HIDDEN TESTS
        for number in (0, -7, 7_340_033):
            assert triple(number) == 3 * number, "a negative or large number"
        secret = "{MARK}"
        ### END HIDDEN TESTS
        """,
        3.0,
    ),
    "answer-check": (
        f"""
        ### BEGIN HIDDEN TESTS
        assert answer == {{"largest": 41, "even": [2, 4]}}, "a negative or large number"
        secret = "{MARK}"
        ### END HIDDEN TESTS
        """,
        2.0,
    ),
}


@dataclass(frozen=True)
class Small:
    """A notebook with a dispatcher (8 points), a plain function (3) and a value (2)."""

    limits: Limits = field(
        default_factory=lambda: Limits(
            cell_seconds=2.0, check_seconds=20.0, notebook_seconds=60.0, cpu_seconds=8
        )
    )

    def notebook(self, answers: Mapping[str, str], extra: Mapping[str, str] | None = None) -> Any:
        """Return a notebook with these answers; `extra` cells stand before the exercise named."""
        cells = [code("set-up", SET_UP)]
        for name, good in GOOD.items():
            if extra and name in extra:
                cells.append(code(f"extra-{name}", extra[name]))
            cells.append(answer(name, answers.get(name, good)))
            cells.append(test(f"{name}-check", *CHECKS[f"{name}-check"]))
        if extra and "end" in extra:
            cells.append(code("extra-end", extra["end"]))
        return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}

    def blueprint(self) -> Blueprint:
        """Return the course's side of it."""
        return _blueprint(self.limits)

    def grade(
        self,
        answers: Mapping[str, str],
        extra: Mapping[str, str] | None = None,
        wall: Wall | None = None,
    ) -> Seen:
        """Grade a notebook with these answers."""
        job = self.blueprint().job(self.notebook(answers, extra))
        return shared_grader(wall).grade(job)


@cache
def _blueprint(limits: Limits) -> Blueprint:
    return Blueprint(Small(limits).notebook(GOOD), limits=limits)


def report(seen: Seen, name: str) -> dict[str, Any]:
    """Return the report on one exercise as data; empty if it could not be judged."""
    bundle = seen.verdicts[f"{name}-check"].bundle
    return bundle[REPORT] if bundle else {}


def earned(seen: Seen) -> dict[str, float]:
    """Return the points earned for each exercise."""
    return {name: report(seen, name).get("earned", 0.0) for name in GOOD}
