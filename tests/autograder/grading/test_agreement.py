"""A plain kernel and the jail give the same verdict on the whole corpus of answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from autograder.grading.jobs import Blueprint
from tests.proofs.corpus import COURSE, Exercise
from tests.proofs.judge import CPU_SECONDS, judge
from tests.walled import REPORT, code, shared_grader

pytestmark = pytest.mark.needs("bwrap")

NOTEBOOKS = sorted({exercise.notebook for exercise in COURSE.exercises})


def _notebook(exercise: Exercise, source: str) -> dict[str, Any]:
    """Return a notebook with nothing but what this exercise needs, and this answer to it."""
    rules = {"grade": True, "solution": False, "locked": True, "points": exercise.points}
    cells = [
        *(code(f"given-{number}", text) for number, text in enumerate(exercise.given)),
        code(exercise.id, source, grade=False, solution=True, locked=False),
        code(f"{exercise.id}-check", exercise.check, **rules),
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@cache
def _source(notebook: str) -> dict[str, Any]:
    path = COURSE.solutions / notebook / f"{notebook}.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def _filled(notebook: str, answers: dict[str, str]) -> dict[str, Any]:
    """Return the whole notebook with these answers."""
    cells = [
        cell | {"source": answers.get(cell["id"], cell["source"])}
        for cell in _source(notebook)["cells"]
    ]
    return _source(notebook) | {"cells": cells}


def _told(report: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return what must be the same on both ways: which checks, for how much, and what came out."""
    return [
        (found["check"], found["points"], found["outcome"], found.get("mistake", ""))
        for found in report["checks"]
    ]


def _differences(exercise: Exercise, name: str, source: str, bundle: Any) -> Iterator[str]:
    """Name what differs between a verdict from behind the wall and that of a plain kernel."""
    seconds = CPU_SECONDS if name.startswith("wrong") else None
    plain = judge(exercise, source, name=name, cpu_seconds=seconds)._repr_mimebundle_()
    if bundle is None:
        yield f"{exercise.label}/{name}: no verdict"
    elif bundle["text/plain"] != plain["text/plain"]:
        yield f"{exercise.label}/{name}: {bundle['text/plain']} points, not {plain['text/plain']}"
    elif _told(bundle[REPORT]) != _told(plain[REPORT]):
        pairs = zip(_told(plain[REPORT]), _told(bundle[REPORT]), strict=True)
        yield from (f"{exercise.label}/{name}: {b}, not {a}" for a, b in pairs if a != b)


def _answers(exercise: Exercise) -> list[tuple[str, str]]:
    right = [(f"right/{answer.name}", answer.source) for answer in exercise.right]
    return right + [(f"wrong/{answer.name}", answer.source) for answer in exercise.wrong]


@pytest.mark.parametrize("exercise", [pytest.param(e, id=e.label) for e in COURSE.exercises])
def test_a_plain_kernel_and_the_jail_agree(
    exercise: Exercise, sample: Callable[..., list[Any]]
) -> None:
    """Points, outcomes and mistakes are the same, for the stub and for every answer."""
    blueprint = Blueprint(_notebook(exercise, exercise.solution))
    differences = []
    for name, source in [("stub", exercise.stub), *sample(_answers(exercise), 1)]:
        seen = shared_grader().grade(blueprint.job(_notebook(exercise, source)))
        bundle = seen.verdicts[f"{exercise.id}-check"].bundle
        differences += _differences(exercise, name, source, bundle)
    assert not differences, "\n".join(differences)


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_they_agree_in_a_whole_notebook(notebook: str, full: bool) -> None:
    """What else stands in a notebook changes no verdict: its solutions, and answers side by side.

    By default only solutions are tried; with `--full` one answer of each exercise at a time.
    """
    exercises = COURSE.select([notebook])
    blueprint = Blueprint(_source(notebook))
    most = max(len(_answers(exercise)) for exercise in exercises)
    differences = []
    for number in [-1, *(range(most) if full else ())]:
        chosen = {}
        for exercise in exercises:
            answers = _answers(exercise)
            chosen[exercise.id] = (
                answers[number % len(answers)]
                if number >= 0 and answers
                else ("solution", exercise.solution)
            )
        answers_of = {name: source for name, (_, source) in chosen.items()}
        seen = shared_grader().grade(blueprint.job(_filled(notebook, answers_of)))
        for exercise in exercises:
            bundle = seen.verdicts[f"{exercise.id}-check"].bundle
            differences += _differences(exercise, *chosen[exercise.id], bundle)
    assert not differences, "\n".join(differences)


def test_a_name_that_is_missing_is_told_with_its_cause() -> None:
    """Of the cells that ended badly, the one is named that failed for a reason of its own."""
    exercise = next(e for e in COURSE.exercises if e.id == "retry-wait")
    broken = f"import no_such_module\n\n{exercise.solution}"
    submission = _filled(exercise.notebook, {exercise.id: broken})
    seen = shared_grader().grade(Blueprint(_source(exercise.notebook)).job(submission))
    saw = str(seen.verdicts[f"{exercise.id}-check"].bundle)
    assert "the cell 'retry-wait' did not run to its end: ModuleNotFoundError" in saw
    assert "Run the cell with your answer alone, and mend what it says" in saw
