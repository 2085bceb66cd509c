"""What grading one submission gives: plain, typed, and the only thing that reports are made of."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

__all__ = (
    "SCHEMA",
    "CheckResult",
    "ExerciseResult",
    "ExerciseState",
    "NotebookResult",
    "NotebookState",
    "decode",
    "encode",
    "light",
    "walled",
)

SCHEMA = 1
"""Version of this contract; it is written into every result."""

NotebookState = Literal["graded", "partly graded", "failed", "missing"]
"""`partly graded`: something could not be judged, the rest counts.  `failed`: nothing could."""

ExerciseState = Literal["passed", "failed", "not attempted", "could not judge", "to be marked"]


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """One named check: its points, its outcome, and why."""

    check: str
    points: float
    earned: float
    outcome: str
    saw: str = ""
    expected: str = ""
    hint: str = ""
    mistake: str = ""


class ExerciseResult(msgspec.Struct, frozen=True, kw_only=True):
    """One graded cell.

    `earned` is `None` where a person has to mark.  `html` is the report as the learner sees
    it, made outside the jail.
    """

    grade_id: str
    title: str
    possible: float
    earned: float | None
    outcome: ExerciseState
    reason: str = ""
    checks: tuple[CheckResult, ...] = ()
    html: str = ""


class NotebookResult(msgspec.Struct, frozen=True, kw_only=True):
    """One submission's result for one notebook.

    `notes` are intake's plain words; `reason` says why nothing or not all could be judged.
    `jail` names how the learner's code was walled off.  `submission` and `source` are digests
    of what was handed in and of the notebook it was graded by.  `cells` is the notebook with
    the outputs of its run.
    """

    student: str
    assignment: str
    notebook: str
    state: NotebookState
    exercises: tuple[ExerciseResult, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str = ""
    jail: str = ""
    submission: str = ""
    source: str = ""
    handed_in: str = ""
    cells: dict[str, Any] | None = None
    schema: int = SCHEMA

    @property
    def earned(self) -> float:
        """Points earned so far; cells that a person has to mark count nothing yet."""
        return sum(exercise.earned or 0.0 for exercise in self.exercises)

    @property
    def possible(self) -> float:
        """Points that can be earned."""
        return sum(exercise.possible for exercise in self.exercises)

    @property
    def to_be_marked(self) -> tuple[str, ...]:
        """The graded cells that wait for a person."""
        return tuple(e.grade_id for e in self.exercises if e.outcome == "to be marked")


def walled(jail: str) -> bool:
    """Tell from a wall's name whether it kept learners' code in; no name, nothing was run."""
    return not jail.startswith("no jail")


def light(result: NotebookResult) -> NotebookResult:
    """Return the result without its executed cells and reports: what a summary needs."""
    exercises = tuple(msgspec.structs.replace(e, html="") for e in result.exercises)
    return msgspec.structs.replace(result, cells=None, exercises=exercises)


_decoder = msgspec.json.Decoder(NotebookResult)
_encoder = msgspec.json.Encoder()


def encode(result: NotebookResult) -> bytes:
    """Return the result as one line of JSON."""
    return _encoder.encode(result)


def decode(line: bytes) -> NotebookResult:
    """Return the result in one line of JSON; raises `msgspec.DecodeError`."""
    return _decoder.decode(line)
