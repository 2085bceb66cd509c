"""From a trial to a result: what was seen in the jail becomes scores, states and reasons."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from autograder.grading.intake import Intake
from autograder.grading.plan import Assignment, GradedCell, Job
from autograder.grading.results import (
    CheckResult,
    ExerciseResult,
    ExerciseState,
    NotebookResult,
    NotebookState,
)

__all__ = ("Judgement", "Trial", "digest", "mark", "not_graded", "when")

REPORT = "application/vnd.toollab.report+json"


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What the witness says of one graded cell: a report, or why there is none.

    `bundle` is the report's mime bundle: `text/plain`, `text/html` and its JSON.
    """

    bundle: dict[str, Any] | None = None
    reason: str = ""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a learner's notebook, behind the wall.

    `outputs` holds nbformat outputs by the cell's place in the notebook; `judgements` are keyed
    by grade_id.  `reason` is set if the run as a whole ended early.  `jail` names the wall.
    `shaken` says that a kernel died or a limit of time was met, which may have been chance.
    """

    outputs: dict[int, list[dict[str, Any]]]
    judgements: dict[str, Judgement]
    jail: str
    reason: str = ""
    shaken: bool = False


def digest(notebook: Mapping[str, Any] | None, notes: Sequence[str] = ()) -> str:
    """Return what tells one submission from another: its cells' text, not its outputs."""
    text = msgspec.json.encode(
        [[cell["cell_type"], cell["source"]] for cell in (notebook or {}).get("cells", ())]
        + [list(notes)]
    )
    return hashlib.sha256(text).hexdigest()


def not_graded(assignment: Assignment, job: Job, intake: Intake) -> NotebookResult:
    """Return the result of a submission that could not even be run."""
    missing = intake.state == "missing"
    reason = intake.notes[-1] if intake.notes else "The submission could not be read."
    state: ExerciseState = "not attempted" if missing else "could not judge"
    return NotebookResult(
        student=job.student,
        assignment=job.assignment,
        notebook=assignment.name,
        state="missing" if missing else "failed",
        exercises=tuple(
            ExerciseResult(
                grade_id=cell.grade_id,
                title=cell.title,
                possible=cell.points,
                earned=None,
                outcome=state,
            )
            for cell in assignment.graded
        ),
        notes=(*job.notes, *intake.notes[:-1]),
        reason=reason,
        submission=digest(None, intake.notes),
        source=assignment.digest,
        handed_in=when(job),
    )


def mark(assignment: Assignment, job: Job, intake: Intake, trial: Trial) -> NotebookResult:
    """Return the result of a submission that was run."""
    exercises = tuple(_exercise(cell, trial, intake) for cell in assignment.graded)
    return NotebookResult(
        student=job.student,
        assignment=job.assignment,
        notebook=assignment.name,
        state=_state(exercises),
        exercises=exercises,
        notes=(*job.notes, *intake.notes),
        reason=trial.reason,
        jail=trial.jail,
        submission=digest(intake.notebook, intake.notes),
        source=assignment.digest,
        handed_in=when(job),
        cells=_executed(intake.notebook or {}, assignment, trial),
    )


def when(job: Job) -> str:
    """Return when a submission was handed in, as reports say it; empty if nobody knows."""
    return "" if job.handed_in is None else f"{job.handed_in:%Y-%m-%d %H:%M} UTC"


def _state(exercises: Sequence[ExerciseResult]) -> NotebookState:
    judged = [e for e in exercises if e.outcome != "to be marked"]
    lost = [e for e in judged if e.outcome == "could not judge" and e.earned is None]
    if not lost:
        return "graded"
    return "failed" if len(lost) == len(judged) else "partly graded"


def _exercise(cell: GradedCell, trial: Trial, intake: Intake) -> ExerciseResult:
    def result(
        outcome: ExerciseState, earned: float | None, reason: str = "", **more: Any
    ) -> ExerciseResult:
        return ExerciseResult(
            grade_id=cell.grade_id,
            title=more.pop("title", cell.title),
            possible=cell.points,
            earned=earned,
            outcome=outcome,
            reason=reason,
            **more,
        )

    if cell.manual:
        if cell.grade_id in intake.untouched:
            return result("not attempted", 0.0, "There is no answer.")
        return result("to be marked", None)
    judgement = trial.judgements.get(cell.grade_id)
    if judgement is None or judgement.bundle is None:
        reason = judgement.reason if judgement is not None else trial.reason
        return result("could not judge", None, reason or "This check was never reached.")
    report = judgement.bundle[REPORT]
    earned = min(max(float(report["earned"]), 0.0), cell.points)
    return result(
        report["outcome"],
        earned,
        title=report["exercise"] or cell.title,
        checks=tuple(msgspec.convert(check, CheckResult) for check in report["checks"]),
        html=judgement.bundle["text/html"],
    )


def _executed(notebook: dict[str, Any], assignment: Assignment, trial: Trial) -> dict[str, Any]:
    """Return the notebook with its outputs; a check cell's output is the witness's report."""
    checks = {cell.grade_id for cell in assignment.graded if not cell.manual}
    executed = copy.deepcopy(notebook)
    count = 0
    for place, cell in enumerate(executed["cells"]):
        if cell["cell_type"] != "code":
            continue
        count += 1
        cell["execution_count"] = count
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if grade_id in checks:
            cell["outputs"] = [_verdict(trial.judgements.get(grade_id), trial, count)]
        else:
            cell["outputs"] = trial.outputs.get(place, [])
    return executed


def _verdict(judgement: Judgement | None, trial: Trial, count: int) -> dict[str, Any]:
    if judgement is not None and judgement.bundle is not None:
        return {
            "output_type": "execute_result",
            "data": judgement.bundle,
            "metadata": {},
            "execution_count": count,
        }
    reason = judgement.reason if judgement is not None else trial.reason
    text = f"Could not judge. {reason or 'This check was never reached.'}"
    return {"output_type": "display_data", "data": {"text/plain": text}, "metadata": {}}
