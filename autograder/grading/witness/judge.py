"""Run an instructor's check cell, with stand-ins for what is the learner's."""

from __future__ import annotations

import builtins
import contextlib
import io
import types
from collections.abc import Sequence
from typing import Any

from autograder.grading.wire.handles import without_text
from autograder.grading.wire.jobs import Check, CheckSeen
from autograder.grading.witness.link import Link
from autograder.grading.witness.playing import compiled, play, simulated
from toollab.checks import REPORT_MIME, Finding, Outcome, Report

__all__ = ("judge",)

_LONGEST = 500
_NOT_PLAIN = (
    "The check cell is not plain Python: line {line} cannot be read. "
    "Hint: magics and shell commands work in learners' cells only."
)
_NO_VERDICT = (
    "The check cell's value is neither a report nor a number of points. "
    "Hint: end it with an assertion, a report, or a number from 0 to its points."
)


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
    try:
        space, codes = _prepared(check)
    except _UnfitError as error:
        return None, str(error)
    found = link.find(check.learners)
    if link.gone is not None:
        return None, f"The kernel died before it: {link.gone.sentence}"
    for name in check.learners:
        space[name] = found[name] if name in found else _missing(name, why_missing)
        if check.own:
            without_text(space[name])
    try:
        value = (simulated if check.own else play)(codes, space)
    except BaseException as error:  # noqa: BLE001 - whatever a learner's code can raise
        return _of_error(check, error), ""
    return _as_report(check, value)


class _UnfitError(Exception):
    """The instructor's part of the notebook can judge nobody."""


def _prepared(check: Check) -> tuple[dict[str, Any], Sequence[types.CodeType]]:
    """Return a namespace with what is the instructor's, and the check cell's code."""
    space: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins, "display": _show}
    try:
        for number, statement in enumerate(check.statements):
            play(compiled(statement, f"<given {number}>"), space)
        return space, compiled(check.source, f"<{check.grade_id}>")
    except SyntaxError as error:
        raise _UnfitError(_NOT_PLAIN.format(line=error.lineno)) from None
    except Exception as error:  # noqa: BLE001 - the instructor's own cell
        raise _UnfitError(f"The instructor's own cells failed: {_say(error)}.") from None


def _of_error(check: Check, error: BaseException) -> Report:
    if isinstance(error, NotImplementedError):
        return _verdict(check, Outcome.NOT_ATTEMPTED, "", "")
    mistake = "failed-test" if isinstance(error, AssertionError) else "raises"
    return _verdict(check, Outcome.FAILED, _say(error), mistake)


def _show(*_objects: Any, **_options: Any) -> None:
    """Show nothing: nobody looks at what an instructor's cell displays."""


def _as_report(check: Check, value: Any) -> tuple[Report | None, str]:
    if type(value) is Report:
        return value, ""
    if value is None:
        return _verdict(check, Outcome.PASSED, "", ""), ""
    if type(value) is bool:
        saw = "" if value else "the last line is False"
        return _verdict(check, Outcome.PASSED if value else Outcome.FAILED, saw, "failed-test"), ""
    if type(value) in {int, float} and 0 <= float(value) <= check.points:
        earned = float(value)
        lost = check.points - earned
        findings = [Finding("earned", earned, Outcome.PASSED)] if earned else []
        if lost:
            findings.append(Finding("not earned", lost, Outcome.FAILED))
        return Report(check.title, tuple(findings)), ""
    return None, _NO_VERDICT


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
