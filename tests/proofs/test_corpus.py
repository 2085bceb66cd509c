"""Every exercise judges rightly: its wrong answers, its right ones, its solution and its stub."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.proofs.corpus import COURSE, Answer, Exercise
from tests.proofs.mutate import mutants
from tests.proofs.prove import (
    enough_answers,
    right_faults,
    solution_faults,
    stub_faults,
    survivor_faults,
    wrong_faults,
)

_MUTANTS_IN_A_SAMPLE = 8
_TIMES_UNDER_LOAD = 20


def _answers(kind: str) -> list[Any]:
    return [
        pytest.param(exercise, answer, id=f"{exercise.label}/{answer.name}")
        for exercise in COURSE.exercises
        for answer in getattr(exercise, kind)
    ]


each_exercise = pytest.mark.parametrize(
    "exercise", [pytest.param(exercise, id=exercise.label) for exercise in COURSE.exercises]
)


def _told(faults: list[str]) -> None:
    assert not faults, "\n".join(faults)


@each_exercise
def test_an_exercise_has_enough_answers(exercise: Exercise) -> None:
    """A function has at least five wrong and three right answers."""
    _told(enough_answers(exercise))


@each_exercise
def test_the_solution_earns_full_marks(exercise: Exercise) -> None:
    """The solution earns what the card promises, with and without the hidden tests."""
    _told(solution_faults(exercise))


@each_exercise
def test_the_stub_is_not_attempted(exercise: Exercise) -> None:
    """The untouched stub earns nothing, and every check says *not attempted*."""
    _told(stub_faults(exercise))


@pytest.mark.parametrize(("exercise", "answer"), _answers("wrong"))
def test_a_wrong_answer_fails_by_its_name(exercise: Exercise, answer: Answer) -> None:
    """A wrong answer fails with the check and the mistake that name it, and with a hint."""
    _told(wrong_faults(exercise, answer))


@pytest.mark.parametrize(("exercise", "answer"), _answers("right"))
def test_a_right_answer_earns_full_marks(exercise: Exercise, answer: Answer) -> None:
    """A right answer in another style earns full marks."""
    _told(right_faults(exercise, answer))


@each_exercise
def test_mutants_are_noticed(exercise: Exercise, sample: Callable[..., list[Any]]) -> None:
    """A changed solution loses a point, or is listed as a survivor with a reason."""
    _told(survivor_faults(exercise, sample(mutants(exercise.solution), _MUTANTS_IN_A_SAMPLE)))


def test_no_answer_is_a_stray() -> None:
    """Every answer and every listed survivor belongs to an exercise."""
    assert COURSE.strays() == []


@pytest.fixture
def busy() -> Iterator[None]:
    """Two processes that keep two cores busy."""
    spin = [sys.executable, "-S", "-c", "while True: pass"]
    processes = [subprocess.Popen(spin) for _ in range(2)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.usefixtures("busy")
def test_right_answers_hold_on_a_busy_machine(sample: Callable[..., list[Any]], full: bool) -> None:
    """Load changes no verdict: with `--full`, every right answer earns full marks 20 times."""
    answers = [(e, a) for e in COURSE.exercises for a in e.right]
    for exercise, answer in sample(answers, 5):
        for _ in range(_TIMES_UNDER_LOAD if full else 2):
            _told(right_faults(exercise, answer))
