"""Run an instructor's check cell, with stand-ins for what is the learner's."""

from __future__ import annotations

import ast
import asyncio
import builtins
import contextlib
import inspect
import io
import linecache
from typing import Any

from autograder.grading.wire.jobs import Check, CheckSeen
from autograder.grading.witness.link import Link
from toollab.checks import REPORT_MIME, Finding, Outcome, Report

__all__ = ("judge",)

_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_LONGEST = 500


def judge(check: Check, link: Link, why_missing: str) -> CheckSeen:
    """Return the verdict of one check cell.

    `why_missing` says what may have become of a name that ought to be there.
    """
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        report, reason = _run(check, link, why_missing)
    if link.unjudgeable:
        return CheckSeen(check.grade_id, None, link.unjudgeable)
    if report is None:
        return CheckSeen(check.grade_id, None, reason)
    # A kernel that died meanwhile may not be the learner's doing: whoever reads this decides.
    return CheckSeen(check.grade_id, bundle_of(report), link.gone.sentence if link.gone else "")


def bundle_of(report: Report) -> dict[str, Any]:
    """Return how a report shows itself: text, HTML and data."""
    bundle = report._repr_mimebundle_()
    return {mime: bundle[mime] for mime in ("text/plain", "text/html", REPORT_MIME)}


def _run(check: Check, link: Link, why_missing: str) -> tuple[Report | None, str]:
    space: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
    try:
        for number, statement in enumerate(check.statements):
            _execute(statement, f"<given {number}>", space)
    except Exception as error:  # noqa: BLE001 - the instructor's own cell
        return None, f"The instructor's own cells failed: {_say(error)}."
    found = link.find(check.learners)
    if link.gone is not None:
        return None, f"The kernel died before it: {link.gone.sentence}"
    for name in check.learners:
        space[name] = found[name] if name in found else _missing(name, why_missing)
    try:
        value = _execute(check.source, f"<{check.grade_id}>", space)
    except AssertionError as error:
        return _verdict(check, Outcome.FAILED, _say(error), "failed-test"), ""
    except NotImplementedError:
        return _verdict(check, Outcome.NOT_ATTEMPTED, "", ""), ""
    except BaseException as error:  # noqa: BLE001 - whatever a learner's code can raise
        return _verdict(check, Outcome.FAILED, _say(error), "raises"), ""
    return _as_report(check, value)


def _as_report(check: Check, value: Any) -> tuple[Report | None, str]:
    if type(value) is Report:
        return value, ""
    if value is None:
        return _verdict(check, Outcome.PASSED, "", ""), ""
    if type(value) in {int, float, bool} and 0 <= float(value) <= check.points:
        earned = float(value)
        lost = check.points - earned
        findings = [Finding("earned", earned, Outcome.PASSED)] if earned else []
        if lost:
            findings.append(Finding("not earned", lost, Outcome.FAILED))
        return Report(check.title, tuple(findings)), ""
    return None, "The check cell's value is neither a report nor a number of points."


def _verdict(check: Check, outcome: Outcome, saw: str, mistake: str) -> Report:
    expected = "" if outcome is not Outcome.FAILED else "the tests of this exercise pass"
    finding = Finding(check.title, check.points, outcome, saw, expected, "", mistake)
    return Report(check.title, (finding,))


def _say(error: BaseException) -> str:
    # Never a traceback: it would show the text of hidden tests.
    return f"{type(error).__name__}: {error}".strip(": ")[:_LONGEST]


def _missing(name: str, why: str) -> Any:
    """Return what stands for a name that the learner's notebook does not bind."""

    def missing(*_args: Any, **_kwargs: Any) -> Any:
        raise NameError(f"name {name!r} is not defined{why}")

    missing.__name__ = missing.__qualname__ = name if name.isidentifier() else "missing"
    return missing


def _execute(source: str, file: str, space: dict[str, Any]) -> Any:
    """Run a cell and return the value of its last expression, if it has one."""
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    tree = ast.parse(source, file)
    last: Any = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    _evaluate(compile(tree, file, "exec", _AWAIT, dont_inherit=True), space)
    if last is None:
        return None
    value = ast.Expression(last.value)
    return _evaluate(compile(value, file, "eval", _AWAIT, dont_inherit=True), space)


def _evaluate(code: Any, space: dict[str, Any]) -> Any:
    value = eval(code, space)  # noqa: S307 - running the instructor's cell is the point
    if not code.co_flags & inspect.CO_COROUTINE:
        return value

    async def kernel() -> Any:
        return await value

    return asyncio.run(kernel())
