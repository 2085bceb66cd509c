"""What must hold of every answer; each function returns the faults it found, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.proofs.corpus import Answer, Exercise
from tests.proofs.judge import CPU_SECONDS, judge
from tests.proofs.mutate import Mutant, mutants
from toollab.checks import Outcome, Report

__all__ = (
    "ENOUGH_RIGHT",
    "ENOUGH_WRONG",
    "Fates",
    "enough_answers",
    "fates",
    "right_faults",
    "solution_faults",
    "stub_faults",
    "survivor_faults",
    "wrong_faults",
)

ENOUGH_WRONG, ENOUGH_RIGHT = 5, 3
"""How many answers prove the checks of a function.  An exercise without one (a number, a list)
has fewer ways to go wrong, and one way to be right: two wrong answers prove it."""


def enough_answers(exercise: Exercise) -> list[str]:
    """Ask for enough wrong and right answers."""
    wrong, right = (ENOUGH_WRONG, ENOUGH_RIGHT) if exercise.is_function else (2, 0)
    return [
        f"{exercise.label} has {len(have)} {kind} answers, and needs {need}."
        for kind, have, need in (
            ("wrong", exercise.wrong, wrong),
            ("right", exercise.right, right),
        )
        if len(have) < need
    ]


def wrong_faults(exercise: Exercise, answer: Answer) -> list[str]:
    """Ask that a wrong answer fails by the check, the mistake and with a hint that name it.

    It has to lose points in sight, too: hidden tests are for answers made to fit the visible ones.
    """
    missing = {"check", "mistake"} - answer.fields.keys()
    if missing or not answer.summary:
        return [f"Its docstring lacks {', '.join(sorted(missing)) or 'a first sentence'}."]
    report = judge(exercise, answer.source, name=answer.name, cpu_seconds=CPU_SECONDS)
    check, mistake = answer.fields["check"], answer.fields["mistake"]
    found = {finding.check: finding for finding in report.findings}.get(check)
    if found is None:
        titles = ", ".join(f"“{finding.check}”" for finding in report.findings)
        return [f"No check is called “{check}”; they are {titles}."]
    faults = []
    if found.outcome is not Outcome.FAILED:
        faults.append(f"“{check}” should fail, and is {found.outcome}.")
    elif found.mistake != mistake:
        faults.append(f"“{check}” names the mistake {found.mistake!r}, not {mistake!r}.")
    faults += [
        f"“{finding.check}” fails without {what}."
        for finding in report.findings
        if finding.outcome is Outcome.FAILED
        for what in ("saw", "expected", "hint", "mistake")
        if not getattr(finding, what).strip()
    ]
    if report.earned >= exercise.points:
        faults.append("It earns full marks.")
    shown = judge(
        exercise,
        answer.source,
        check=exercise.visible_check,
        name=answer.name,
        cpu_seconds=CPU_SECONDS,
    )
    if shown.earned >= exercise.points:
        faults.append("It earns full marks in sight: only a hidden test notices the mistake.")
    points = answer.fields.get("points")
    if points is not None and report.earned != float(points):
        faults.append(f"It earns {report.earned:g} points, not {points}.")
    return _with_report(faults, report)


def right_faults(exercise: Exercise, answer: Answer) -> list[str]:
    """Ask that a right answer earns full marks, with and without the hidden tests."""
    if not answer.summary:
        return ["Its docstring lacks a first sentence."]
    return _full_marks(exercise, answer.source, answer.name)


def solution_faults(exercise: Exercise) -> list[str]:
    """Ask that the solution earns full marks, with and without the hidden tests."""
    return _full_marks(exercise, exercise.solution, "solution")


def stub_faults(exercise: Exercise) -> list[str]:
    """Ask that the untouched stub earns nothing and that no check calls it wrong."""
    faults = []
    for check in (exercise.check, exercise.visible_check):
        report = judge(exercise, exercise.stub, check=check, name="stub")
        faults += [
            f"“{finding.check}” is {finding.outcome}, not “not attempted”."
            for finding in report.findings
            if finding.outcome is not Outcome.NOT_ATTEMPTED
        ]
        if report.earned != 0:
            faults.append(f"The stub earns {report.earned:g} points.")
    return faults


def _full_marks(exercise: Exercise, source: str, name: str) -> list[str]:
    for what, check in (("hidden", exercise.check), ("visible", exercise.visible_check)):
        report = judge(exercise, source, check=check, name=name)
        if report.possible != exercise.points:
            possible = f"{report.possible:g} ({what} tests)"
            return [f"The card says {exercise.points:g} points, the checks say {possible}."]
        if report.earned != exercise.points:
            faults = [f"It earns {report.earned:g} of {exercise.points:g} points ({what} tests)."]
            return _with_report(faults, report)
    return []


def _with_report(faults: list[str], report: Report) -> list[str]:
    return [*faults, str(report)] if faults else []


@dataclass(frozen=True)
class Fates:
    """Which mutants of a solution were noticed, and which lived."""

    killed: tuple[str, ...]
    alive: tuple[str, ...]


def fates(exercise: Exercise, chosen: Sequence[Mutant]) -> Fates:
    """Judge mutants: one that loses a point is killed."""
    killed, alive = [], []
    for mutant in chosen:
        report = judge(exercise, mutant.source, name="mutant", cpu_seconds=CPU_SECONDS)
        (alive if report.earned >= exercise.points else killed).append(mutant.description)
    return Fates(tuple(killed), tuple(alive))


def survivor_faults(exercise: Exercise, sampled: Sequence[Mutant]) -> list[str]:
    """Ask that each surviving mutant is listed with a reason, and that no listing is stale.

    Listed mutants are all judged; of the others, those in `sampled`.
    """
    listed = exercise.survivors
    every = {mutant.description: mutant for mutant in mutants(exercise.solution)}
    faults = [f"Listed, but no such mutant exists: {name}" for name in listed.keys() - every.keys()]
    faults += [f"Listed without a reason: {name}" for name in listed if not listed[name].strip()]
    chosen = {m.description: m for m in sampled} | {n: every[n] for n in listed if n in every}
    found = fates(exercise, list(chosen.values()))
    new = [name for name in found.alive if name not in listed]
    stale = [name for name in found.killed if name in listed]
    faults += [f"Survives, and is not listed: {name}" for name in new]
    return faults + [f"Listed as surviving, but killed: {name}" for name in stale]
