"""The proofs themselves can fail: tried on a course of one exercise, made here."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.proofs.corpus import Corpus, Exercise
from tests.proofs.judge import judge
from tests.proofs.mutate import mutants
from tests.proofs.prove import (
    enough_answers,
    fates,
    right_faults,
    solution_faults,
    stub_faults,
    survivor_faults,
    wrong_faults,
)

SOLUTION = '''\
async def fan_out(calls, registry):
    """Run the calls at once and return their results in call order."""
    ### BEGIN SOLUTION
    answers = await asyncio.gather(*[registry[c.name](**c.arguments) for c in calls])
    return [ToolResult(c.id, answer) for c, answer in zip(calls, answers)]
    ### END SOLUTION
'''
CHECK = """\
report = check.fan_out(fan_out)
### BEGIN HIDDEN TESTS
report &= check.fan_out(fan_out, cases=[random_batch(2, 9)])
### END HIDDEN TESTS
report
"""
SERIAL = '''\
"""Awaits each call before it starts the next.

check: calls overlap
mistake: serial
points: 2
"""

async def fan_out(calls, registry):
    return [ToolResult(c.id, await registry[c.name](**c.arguments)) for c in calls]
'''
THREAD_OF_TASKS = '''\
"""Starts a task for each call, and awaits them in order."""

async def fan_out(calls, registry):
    tasks = [asyncio.create_task(registry[c.name](**c.arguments)) for c in calls]
    return [ToolResult(c.id, await task) for c, task in zip(calls, tasks)]
'''


def _cell(cell_id: str, source: str, kind: str = "code", **metadata: Any) -> dict[str, Any]:
    cell = {"cell_type": kind, "id": cell_id, "metadata": metadata, "source": source}
    return cell if kind == "markdown" else cell | {"execution_count": None, "outputs": []}


def _nbgrader(cell_id: str, **fields: Any) -> dict[str, Any]:
    flags = {"grade": False, "locked": False, "solution": False, "task": False}
    return {"nbgrader": flags | {"grade_id": cell_id, "schema_version": 3} | fields}


@pytest.fixture
def tests(tmp_path: Path) -> Path:
    """The folder of the tiny course's tests."""
    return tmp_path / "tests"


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    """The one exercise of the tiny course."""
    card = {"toollab": {"exercise": {"name": "fan_out", "minutes": 5, "points": 4}}}
    cells = [
        _cell(
            "set-up",
            "import asyncio\n\nfrom tests.proofs import demo as check\n"
            "from toollab import ToolResult\nfrom toollab.tools import random_batch\n",
        ),
        _cell("fan-out-card", "### Fan out", "markdown", **card),
        _cell("fan-out", SOLUTION, **_nbgrader("fan-out", solution=True)),
        _cell(
            "fan-out-check",
            CHECK,
            **_nbgrader("fan-out-check", grade=True, locked=True, points=4),
        ),
    ]
    folder = tmp_path / "solutions" / "01-tiny"
    folder.mkdir(parents=True)
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "01-tiny.ipynb").write_text(json.dumps(notebook))
    (found,) = Corpus(tmp_path / "solutions", tmp_path / "tests").exercises
    return found


def _answer(tests: Path, kind: str, name: str, source: str) -> None:
    folder = tests / f"{kind}_answers" / "01-tiny" / "fan_out"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.py").write_text(source)


def test_a_good_exercise_has_no_fault(exercise: Exercise) -> None:
    """A solution and a stub that behave are found without fault."""
    assert solution_faults(exercise) == []
    assert stub_faults(exercise) == []


def test_the_released_cells_are_what_a_learner_gets(exercise: Exercise) -> None:
    """The stub has no solution and the visible check no hidden tests."""
    assert "gather" not in exercise.stub
    assert "raise NotImplementedError" in exercise.stub
    assert "random_batch" not in exercise.visible_check


def test_too_few_answers_are_counted(exercise: Exercise) -> None:
    """A function without answers lacks both kinds."""
    assert len(enough_answers(exercise)) == 2


def test_a_wrong_answer_that_fails_by_its_name_is_fine(exercise: Exercise, tests: Path) -> None:
    """The serial answer fails where it says, with the points it says."""
    _answer(tests, "wrong", "serial", SERIAL)
    (answer,) = exercise.wrong
    assert wrong_faults(exercise, answer) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("mistake: serial", "mistake: half-parallel", "names the mistake 'serial'"),
        ("points: 2", "points: 3", "It earns 2 points, not 3"),
        ("calls overlap", "calls do not overlap", "No check is called"),
        ("calls overlap", "results stand in call order", "should fail, and is passed"),
        ("mistake: serial\n", "", "lacks mistake"),
    ],
)
def test_a_wrong_answer_that_misses_its_name_is_a_fault(
    exercise: Exercise, tests: Path, old: str, new: str, fault: str
) -> None:
    """Each thing a docstring declares is held against the report."""
    _answer(tests, "wrong", "serial", SERIAL.replace(old, new))
    (answer,) = exercise.wrong
    assert fault in wrong_faults(exercise, answer)[0]


def test_a_right_answer_listed_as_wrong_is_a_fault(exercise: Exercise, tests: Path) -> None:
    """Full marks for a wrong answer are a fault."""
    header = SERIAL[: SERIAL.index("async def")]
    _answer(tests, "wrong", "tasks", header + THREAD_OF_TASKS)
    (answer,) = exercise.wrong
    assert "It earns full marks." in wrong_faults(exercise, answer)


def test_a_wrong_answer_that_only_a_hidden_test_notices_is_a_fault(
    exercise: Exercise, tests: Path
) -> None:
    """What no visible case shows, a learner learns with the grade only."""
    header = SERIAL[: SERIAL.index("async def")]
    first_four = THREAD_OF_TASKS.replace("for c in calls]\n", "for c in calls][:4]\n")
    _answer(tests, "wrong", "first_four", header + first_four[first_four.index("async def") :])
    (answer,) = exercise.wrong
    assert any("full marks in sight" in fault for fault in wrong_faults(exercise, answer))


def test_right_answers_are_held_to_full_marks(exercise: Exercise, tests: Path) -> None:
    """A style that works is fine; one that does not is a fault that shows the report."""
    _answer(tests, "right", "serial", SERIAL)
    _answer(tests, "right", "tasks", THREAD_OF_TASKS)
    serial, tasks = exercise.right
    assert right_faults(exercise, tasks) == []
    fault, report = right_faults(exercise, serial)
    assert "2 of 4 points" in fault
    assert "calls overlap" in report


def test_a_hidden_case_that_differs_is_noticed(exercise: Exercise) -> None:
    """An answer made for the visible case alone loses the points of the hidden one."""
    wrong = THREAD_OF_TASKS.replace("for c in calls]\n", "for c in calls][:4]\n")
    assert judge(exercise, wrong, check=exercise.visible_check).earned == 4
    assert judge(exercise, wrong).earned == 0


def test_endless_and_deadlocked_answers_end(exercise: Exercise) -> None:
    """Neither a loop without end nor threads that wait for each other keep the proof waiting."""
    spinning = "async def fan_out(calls, registry):\n    while True:\n        pass\n"
    locked = dedent(
        """\
        import threading
        from concurrent.futures import ThreadPoolExecutor

        def fan_out(calls, registry):
            lock = threading.Lock()
            lock.acquire()
            with ThreadPoolExecutor(2) as pool:
                pool.submit(lock.acquire).result()
        """
    )
    found = {
        name: judge(exercise, source, cpu_seconds=0.2)["it comes back with results"].mistake
        for name, source in (("spinning", spinning), ("locked", locked))
    }
    assert found == {"spinning": "spinning", "locked": "deadlock"}


def test_mutants_are_told_apart_and_noticed(exercise: Exercise) -> None:
    """Every mutant has a description of its own and is another program than the solution."""
    found = mutants(exercise.solution)
    assert len({mutant.description for mutant in found}) == len(found) >= 8
    assert any("one after another" in mutant.description for mutant in found)
    assert not any(mutant.source == exercise.solution for mutant in found)
    fate = fates(exercise, found)
    assert len(fate.killed) + len(fate.alive) == len(found)
    assert any("one after another" in name for name in fate.killed)


def test_survivors_must_be_listed_and_alive(exercise: Exercise, tests: Path) -> None:
    """An unlisted survivor, a listed mutant that dies, and one that no longer exists are faults."""
    lenient = "    calls = list(calls)\n    ### BEGIN SOLUTION\n"
    source = exercise.solution.replace("    ### BEGIN SOLUTION\n", lenient)
    exercise = replace(exercise, solution=source)
    every = mutants(source)
    alive = fates(exercise, every).alive
    assert "without list(): list(calls)" in alive
    assert survivor_faults(exercise, every)[0].startswith("Survives, and is not listed")

    killed = next(m.description for m in every if "one after another" in m.description)
    listing = "".join(f"{json.dumps(name)} = 'It makes no difference.'\n" for name in alive)
    folder = tests / "proofs" / "survivors"
    folder.mkdir(parents=True)
    file = folder / "01-tiny.toml"
    file.write_text(f"[fan_out]\n{listing}")
    exercise = replace(exercise, solution=source)
    assert survivor_faults(_again(exercise), every) == []
    file.write_text(f"[fan_out]\n{listing}{json.dumps(killed)} = 'Why?'\n'gone: x' = 'Why?'\n")
    assert survivor_faults(_again(exercise), []) == [
        "Listed, but no such mutant exists: gone: x",
        f"Listed as surviving, but killed: {killed}",
    ]


def _again(exercise: Exercise) -> Exercise:
    """Return the exercise as read anew."""
    names = ("corpus", "notebook", "id", "name", "points", "given", "solution", "check")
    return Exercise(**{name: getattr(exercise, name) for name in names})


def test_strays_are_found(exercise: Exercise, tests: Path) -> None:
    """An answer beside every exercise is reported with its path."""
    _answer(tests, "right", "tasks", THREAD_OF_TASKS)
    assert exercise.corpus.strays() == []
    lost = tests / "wrong_answers" / "01-tiny" / "fan_in" / "serial.py"
    lost.parent.mkdir(parents=True)
    lost.write_text(SERIAL)
    assert exercise.corpus.strays() == ["wrong_answers/01-tiny/fan_in/serial.py"]
