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

import logging
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any, Generic, TypeVar

from toollab.checks._report import Finding, Outcome, Report
from toollab.clock import Run
from toollab.views import Picture

__all__ = ("Exercise", "Wrong")

CaseT = TypeVar("CaseT")
EvidenceT = TypeVar("EvidenceT")

_LONGEST_NOTE = 300


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

        Never raises because of what the learner wrote.
        """
        if self._play is None:
            raise TypeError(f"Exercise {self.title!r} does not say how to play a case.")
        findings: dict[str, Finding] = {}
        pictures: tuple[Picture, ...] = ()
        notes: list[str] = []
        for case in self.cases if cases is None else cases:
            with _captured() as captured:
                try:
                    evidence = self._play(fn, case)
                except NotImplementedError:
                    return self._not_attempted()
                except Exception as error:  # noqa: BLE001 - our own mistake, told as such
                    return self._broken(error)
            if any(isinstance(run.error, NotImplementedError) for run in _runs_in(evidence)):
                return self._not_attempted()
            notes += [note for note in captured if note not in notes]
            before = {title for title, f in findings.items() if f.outcome is Outcome.FAILED}
            self._judge(evidence, findings)
            after = {title for title, f in findings.items() if f.outcome is Outcome.FAILED}
            if self._picture is not None and (not pictures or (after and not before)):
                drawn = self._picture(evidence)
                pictures = (drawn,) if drawn is not None else pictures
        hidden = cases is not None
        return Report(
            self.title,
            tuple(findings[check.title] for check in self._checks),
            () if hidden else pictures,
            () if hidden else tuple(notes),
        )

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
                wrong.saw,
                wrong.expected,
                wrong.hint,
                wrong.mistake,
            )
        except Exception as error:  # noqa: BLE001 - our own mistake must not cost the learner
            return _broke(check.title, check.points, error)
        return Finding(check.title, check.points, Outcome.PASSED)

    def _not_attempted(self) -> Report:
        findings = [
            Finding(check.title, check.points, Outcome.NOT_ATTEMPTED) for check in self._checks
        ]
        return Report(self.title, tuple(findings))

    def _broken(self, error: Exception) -> Report:
        findings = [_broke(check.title, check.points, error) for check in self._checks]
        return Report(self.title, tuple(findings))


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


def _broke(title: str, points: float, error: Exception) -> Finding:
    line = traceback.extract_tb(error.__traceback__)[-1]
    return Finding(
        title,
        points,
        Outcome.UNJUDGED,
        saw=f"The check itself broke: {type(error).__name__} in {line.name}.",
        hint="This is not your mistake: tell your teacher the name of this check.",
    )


@contextmanager
def _captured() -> Iterator[list[str]]:
    """Keep what the code prints, warns and logs; it is told as a note and decides nothing."""
    notes: list[str] = []
    out, err = StringIO(), StringIO()
    with warnings.catch_warnings(record=True) as caught, redirect_stdout(out), redirect_stderr(err):
        warnings.simplefilter("default")
        last_resort, logging.lastResort = logging.lastResort, logging.StreamHandler(err)
        try:
            yield notes
        finally:
            logging.lastResort = last_resort
            sys.stderr.flush()
    for verb, text in (
        ("warned", "; ".join(dict.fromkeys(str(warning.message) for warning in caught))),
        ("printed", out.getvalue().strip()),
        ("wrote to stderr", err.getvalue().strip()),
    ):
        if text:
            short = text if len(text) <= _LONGEST_NOTE else f"{text[:_LONGEST_NOTE]} …"
            notes.append(f"Your code {verb} (this costs no points): {short}")
