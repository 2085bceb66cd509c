"""An exercise and its named checks.

    dispatch_all = Exercise("Dispatch a whole batch", cases=[...])

    @dispatch_all.play
    def _play(fn, case):
        return evidence            # run the learner's function once

    @dispatch_all.check("calls overlap", points=2, needs=("comes back",))
    def _overlap(evidence):
        if ...:
            raise Wrong(saw=..., expected=..., hint=..., mistake="serial")

Calling the exercise with a learner's function plays every case and judges every check on each.
"""

from __future__ import annotations

import gc
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from toollab.checks._capture import captured
from toollab.checks._report import Finding, Outcome, Report
from toollab.clock import Run, Stuck, patience
from toollab.views import Picture

__all__ = ("Exercise", "Wrong")

CaseT = TypeVar("CaseT")
EvidenceT = TypeVar("EvidenceT")

_LONGEST = 500  # characters of what was seen

# What a learner's objects can raise while they are looked at.  The user's interrupt is not theirs.
_ANYTHING = (Exception, SystemExit, GeneratorExit, Stuck)


class Wrong(Exception):  # noqa: N818 - read at the call: raise Wrong(saw=...)
    """A check found a mistake.

    `saw` and `expected` are short texts about what happened; `hint` is one sentence that names
    the likely misconception; `mistake` is its stable slug.
    """

    def __init__(self, *, saw: str, expected: str, hint: str, mistake: str) -> None:
        super().__init__(f"{mistake}: saw {saw}, expected {expected}")
        self.saw, self.expected, self.hint, self.mistake = saw, expected, hint, mistake


@dataclass(frozen=True, slots=True)
class _Check(Generic[EvidenceT]):
    title: str
    points: float
    needs: tuple[str, ...]
    judge: Callable[[EvidenceT], None]


class Exercise(Generic[CaseT, EvidenceT]):
    """One function the learner writes, with its cases and its named checks."""

    def __init__(self, title: str, *, cases: Sequence[CaseT]) -> None:
        self.title = title
        self.cases = tuple(cases)
        self._checks: list[_Check[EvidenceT]] = []
        self._play: Callable[[Callable[..., Any], CaseT], EvidenceT] | None = None
        self._picture: Callable[[EvidenceT], Picture | None] | None = None

    # -- declaring ------------------------------------------------------------------------

    def play(
        self, function: Callable[[Callable[..., Any], CaseT], EvidenceT]
    ) -> Callable[[Callable[..., Any], CaseT], EvidenceT]:
        """Declare how a learner's function is run on one case."""
        self._play = function
        return function

    def picture(
        self, function: Callable[[EvidenceT], Picture | None]
    ) -> Callable[[EvidenceT], Picture | None]:
        """Declare the picture of one case; the report shows it for the first case that failed."""
        self._picture = function
        return function

    def check(
        self, title: str, *, points: float = 1, needs: Sequence[str] = ()
    ) -> Callable[[Callable[[EvidenceT], None]], Callable[[EvidenceT], None]]:
        """Declare a named check: it raises `Wrong`, or returns if all is well.

        `needs` names earlier checks; unless they passed, this one cannot be judged.
        """
        unknown = set(needs) - {check.title for check in self._checks}
        if unknown:
            raise ValueError(f"The check {title!r} needs {unknown}, which come later or never.")

        def declare(judge: Callable[[EvidenceT], None]) -> Callable[[EvidenceT], None]:
            self._checks.append(_Check(title, points, tuple(needs), judge))
            return judge

        return declare

    @property
    def checks(self) -> tuple[str, ...]:
        """The titles of the checks, in order."""
        return tuple(check.title for check in self._checks)

    @property
    def points(self) -> float:
        """Points that can be earned."""
        return sum(check.points for check in self._checks)

    # -- judging --------------------------------------------------------------------------

    def __call__(self, fn: Any, cases: Sequence[CaseT] | None = None) -> Report:
        """Judge a learner's function (or answer) on `cases`; by default on the visible ones.

        Never raises because of what the learner wrote, except for `KeyboardInterrupt`.
        """
        hidden = cases is not None
        with captured() as notes, patience():
            findings, shown = self._judge_all(fn, self.cases if cases is None else cases)
            if any(f.outcome in {Outcome.FAILED, Outcome.UNJUDGED} for f in findings):
                gc.collect()  # a coroutine that nobody awaited says so now, and not on stderr
            pictures = () if hidden or shown is None else self._drawn(shown)
        return Report(
            self.title,
            findings,
            pictures,
            () if hidden else tuple(notes),
        )

    def _judge_all(
        self, fn: Any, cases: Sequence[CaseT]
    ) -> tuple[tuple[Finding, ...], EvidenceT | None]:
        """Play and judge every case; stop after one that could not come to its end.

        Returns the findings and what a picture is to show: the first case that failed, or the
        first.
        """
        if self._play is None or not cases:
            raise TypeError(f"Exercise {self.title!r} needs cases, and a way to play them.")
        findings: dict[str, Finding] = {}
        shown: EvidenceT | None = None
        for case in cases:
            try:
                evidence = self._play(fn, case)
            except NotImplementedError:
                return tuple(_not_attempted(check) for check in self._checks), None
            except _ANYTHING as error:  # our own mistake, told as such
                return tuple(_broke(check, error) for check in self._checks), None
            errors = [run.error for run in _runs_in(evidence)]
            if any(type(error) is NotImplementedError for error in errors):
                return tuple(_not_attempted(check) for check in self._checks), None
            before = _failed(findings)
            self._judge(evidence, findings)
            if shown is None or (_failed(findings) and not before):
                shown = evidence
            if any(isinstance(error, Stuck) for error in errors):
                break
        return tuple(findings[check.title] for check in self._checks), shown

    def _drawn(self, evidence: EvidenceT) -> tuple[Picture, ...]:
        if self._picture is None:
            return ()
        try:
            picture = self._picture(evidence)
        except _ANYTHING:  # a report without a picture is still a report
            return ()
        return () if picture is None else (picture,)

    def _judge(self, evidence: EvidenceT, findings: dict[str, Finding]) -> None:
        """Judge every check on one case; a finding keeps the first thing that went wrong."""
        here: dict[str, Outcome] = {}
        for check in self._checks:
            finding = self._find(check, evidence, here)
            here[check.title] = finding.outcome
            known = findings.get(check.title)
            if (
                known is None
                or known.outcome is Outcome.PASSED
                or (known.outcome is Outcome.UNJUDGED and finding.outcome is Outcome.FAILED)
            ):
                findings[check.title] = finding

    def _find(
        self, check: _Check[EvidenceT], evidence: EvidenceT, here: dict[str, Outcome]
    ) -> Finding:
        missing = [title for title in check.needs if here[title] is not Outcome.PASSED]
        if missing:
            return Finding(
                check.title,
                check.points,
                Outcome.UNJUDGED,
                saw=f"This can be judged once “{missing[0]}” passes.",
            )
        try:
            check.judge(evidence)
        except Wrong as wrong:
            return Finding(
                check.title,
                check.points,
                Outcome.FAILED,
                _short(wrong.saw),
                _short(wrong.expected),
                wrong.hint,
                wrong.mistake,
            )
        except _ANYTHING as error:  # our own mistake must not cost the learner an explanation
            return _broke(check, error)
        return Finding(check.title, check.points, Outcome.PASSED)


def _failed(findings: Mapping[str, Finding]) -> bool:
    return any(finding.outcome is Outcome.FAILED for finding in findings.values())


def _runs_in(evidence: Any) -> Iterator[Run]:
    """Find the runs among what `play` returned: itself, its items or its attributes."""
    inside = list(evidence) if isinstance(evidence, tuple | list) else []
    if not isinstance(evidence, Run):
        names = {*getattr(evidence, "__dict__", ()), *getattr(evidence, "__slots__", ())}
        inside += [getattr(evidence, name, None) for name in names]
    for item in (evidence, *inside):
        if isinstance(item, Run):
            yield item
        elif isinstance(item, tuple | list):
            yield from (one for one in item if isinstance(one, Run))


def _not_attempted(check: _Check[Any]) -> Finding:
    return Finding(check.title, check.points, Outcome.NOT_ATTEMPTED)


def _broke(check: _Check[Any], error: BaseException) -> Finding:
    line = traceback.extract_tb(error.__traceback__)[-1]
    return Finding(
        check.title,
        check.points,
        Outcome.UNJUDGED,
        saw=f"The check itself broke: {type(error).__name__} in {line.name}.",
        hint="This is not your mistake: tell your teacher the name of this check.",
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"
