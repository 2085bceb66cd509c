"""The engine ends every submission in a recorded state, and can be stopped anywhere."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import nbgrader.api
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.grading.engine import Classroom, Graded, grade
from autograder.grading.gradebook import Gradebook
from autograder.grading.marking import REPORT, Judgement, Trial
from autograder.grading.plan import Assignment, load, plan

NAME = "01-lamp"


def cell(cell_id: str, kind: str, source: str, **rules: Any) -> dict[str, Any]:
    """Make one cell; `rules` are its nbgrader metadata."""
    made: dict[str, Any] = {"cell_type": kind, "id": cell_id, "metadata": {}, "source": source}
    if rules:
        made["metadata"]["nbgrader"] = {"grade_id": cell_id, "schema_version": 3, **rules}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


CELLS = [
    cell("on-card", "markdown", "## Switch on", locked=True, solution=False, grade=False),
    cell("on", "code", "def on(): ...", solution=True, grade=False, locked=False),
    cell("on-check", "code", "check(on)", grade=True, solution=False, locked=True, points=2),
    cell("why", "markdown", "Your words", grade=True, solution=True, locked=False, points=1),
]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a course and register it in a gradebook by nbgrader itself: once, it is slow."""
    import sys  # noqa: PLC0415 - only to find alembic beside this Python

    root = tmp_path_factory.mktemp("course")
    for folder in ("solutions", "course"):
        path = root / folder / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        notebook = {"cells": CELLS, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        path.write_text(json.dumps(notebook), "utf-8")
    (root / "classroom").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
        book = nbgrader.api.Gradebook(f"sqlite:///{root / 'classroom' / 'gradebook.db'}")
    with book:
        book.update_or_create_assignment(NAME, course_id="lamps")
        book.update_or_create_notebook(NAME, NAME)
        book.update_or_create_grade_cell("on-check", NAME, NAME, max_score=2, cell_type="code")
        book.update_or_create_grade_cell("why", NAME, NAME, max_score=1, cell_type="markdown")
        for name in ("on", "why"):
            book.update_or_create_solution_cell(name, NAME, NAME)
    return root


class Class:
    """A class in a folder of its own, with a jail made of wishes."""

    def __init__(self, template: Path, root: Path) -> None:
        shutil.copytree(template, root)
        self.root = root
        self.classroom = Classroom(root / "classroom")
        self.tried: list[str] = []

    def hand_in(self, student: str, answer: str, why: str = "Because.") -> None:
        """Hand in one notebook; the answer says what the trial will give."""
        cells = copy.deepcopy(CELLS)
        cells[1]["source"], cells[3]["source"] = answer, why
        path = self.classroom.submitted / student / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"nbformat": 4, "cells": cells}), "utf-8")

    def attempt(self, name: str, notebook: dict[str, Any]) -> Trial:
        """Judge an answer by its text: `earns N`, `hangs`, or an exception."""
        del name
        answer = notebook["cells"][1]["source"]
        self.tried.append(answer)
        if answer.startswith("kills"):
            raise BrokenProcessPool(answer)
        if answer.startswith("hangs"):
            judgement = Judgement(reason="It did not come back.")
            return Trial(outputs={}, judgements={"on-check": judgement}, jail="test")
        earned = float(answer.rpartition(" ")[2])
        report = {"earned": earned, "exercise": "On", "outcome": "passed", "checks": []}
        bundle = {"text/plain": f"{earned:g}", "text/html": "<p>on</p>", REPORT: report}
        return Trial(outputs={}, judgements={"on-check": Judgement(bundle=bundle)}, jail="test")

    def grade(self, **options: Any) -> Graded:
        """Grade the class on threads."""
        assignment: Assignment = load(self.root, NAME)
        with Gradebook(self.url) as book:
            return grade(
                assignment,
                plan(self.classroom.submitted, NAME),
                self.classroom,
                book,
                **{
                    "pool": lambda: ThreadPoolExecutor(2),
                    "attempt": self.attempt,
                    "width": 3,
                    **options,
                },
            )

    @property
    def url(self) -> str:
        """The gradebook's URL."""
        return f"sqlite:///{self.classroom.root / 'gradebook.db'}"

    def grades(self) -> dict[str, tuple[float, bool]]:
        """Return each learner's score and whether a person is needed, as nbgrader reads them."""
        with nbgrader.api.Gradebook(self.url) as book:
            return {
                s.student.id: (s.score, s.needs_manual_grade)
                for s in book.assignment_submissions(NAME)
            }


@pytest.fixture
def room(template: Path, tmp_path: Path) -> Class:
    """Return an empty class."""
    return Class(template, tmp_path / "room")


def test_every_submission_ends_in_a_state(room: Class):
    """Good, hanging, unreadable and absent work all get one, and the batch goes on."""
    room.hand_in("ann", "earns 2")
    room.hand_in("bo", "hangs")
    room.hand_in("cy", "earns 1", why="Your words")
    room.hand_in("dan", "kills")
    room.hand_in("eva", "earns 0")
    (room.classroom.submitted / "eva" / NAME / f"{NAME}.ipynb").write_bytes(b"{")
    (room.classroom.submitted / "fay" / NAME).mkdir(parents=True)
    graded = room.grade()
    states = {r.student: r.state for r in graded.results}
    assert states == {
        "ann": "graded",
        "bo": "failed",
        "cy": "graded",
        "dan": "failed",
        "eva": "failed",
        "fay": "missing",
    }
    assert all(r.reason or r.exercises[0].reason for r in graded.results if r.state == "failed")
    assert room.grades() == {
        "ann": (2.0, True),
        "bo": (0.0, True),
        "cy": (1.0, False),
        "dan": (0.0, True),
        "eva": (0.0, True),
    }
    stored = room.classroom.autograded / "eva" / NAME / f"{NAME}.ipynb"
    assert "not valid JSON" in stored.read_text("utf-8")


def test_points_outside_the_range_are_brought_back(room: Class):
    """Even a broken report earns no more than the cell is worth, and no less than nothing."""
    room.hand_in("ann", "earns 99")
    room.hand_in("bo", "earns -5")
    room.grade()
    assert {s: score for s, (score, _) in room.grades().items()} == {"ann": 2.0, "bo": 0.0}


def test_unchanged_work_is_not_run_again(room: Class):
    """A second run takes what it knows from the journal; a new submission is run."""
    room.hand_in("ann", "earns 2")
    room.hand_in("bo", "earns 1")
    room.grade()
    room.hand_in("bo", "earns 2")
    graded = room.grade()
    assert (graded.reused, room.tried) == (1, ["earns 2", "earns 1", "earns 2"])
    changes = [(c.student, c.cell, c.before, c.after) for c in graded.changes]
    assert changes == [("bo", "on-check", 1.0, 2.0)]


def test_a_failed_regrade_leaves_no_stale_grade(room: Class):
    """Whoever had full marks and hands in something that hangs does not keep them."""
    room.hand_in("ann", "earns 2")
    room.grade()
    room.hand_in("ann", "hangs")
    room.grade()
    assert room.grades() == {"ann": (0.0, True)}


def test_a_dying_worker_is_tried_three_times_and_takes_nobody_along(room: Class):
    """Work that was in the same executor is run again and graded."""
    for number in range(6):
        room.hand_in(f"s{number}", "kills" if number == 2 else "earns 2")
    graded = room.grade()
    assert room.tried.count("kills") == 3
    assert [r.earned for r in graded.results] == [2, 2, 0, 2, 2, 2]


class Stopped(BaseException):
    """The run was stopped from outside."""


@given(st.integers(0, 5), st.integers(1, 4))
@settings(max_examples=15, deadline=None)
def test_a_stopped_run_can_be_resumed(
    template: Path, tmp_path_factory: pytest.TempPathFactory, stop_after: int, width: int
):
    """Wherever a run stops, running it again gives the gradebook of an undisturbed run."""
    disturbed = Class(template, tmp_path_factory.mktemp("class") / "room")
    undisturbed = Class(template, tmp_path_factory.mktemp("class") / "room")
    for number in range(6):
        for room in (disturbed, undisturbed):
            room.hand_in(f"s{number}", f"earns {number % 3}")

    def stop(done: int, total: int, result: object) -> None:
        del total, result
        if done > stop_after:
            raise Stopped

    with pytest.raises(Stopped):
        disturbed.grade(progress=stop, width=width)
    disturbed.grade(width=width)
    undisturbed.grade()
    assert disturbed.grades() == undisturbed.grades()


class OneShot(Executor):
    """An executor that breaks after its first result, as a process pool does."""

    def __init__(self) -> None:
        self.used = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run at once the first time, break afterwards."""
        future: Future[Any] = Future()
        self.used += 1
        if self.used == 1:
            future.set_result(fn(*args, **kwargs))
        else:
            future.set_exception(BrokenProcessPool("its workers died"))
        return future


def test_executors_that_break_are_replaced(room: Class):
    """A pool that loses its workers again and again still grades everybody it can."""
    made: list[OneShot] = []

    def pool() -> OneShot:
        made.append(OneShot())
        return made[-1]

    for number in range(4):
        room.hand_in(f"s{number}", "earns 2")
    graded = room.grade(pool=pool, width=1)
    assert [r.earned for r in graded.results] == [2] * 4
    assert len(made) > 1


def pages(classroom: Classroom) -> Iterator[Path]:
    """Yield every stored notebook."""
    yield from sorted(classroom.autograded.glob("*/*/*.ipynb"))


def test_stored_notebooks_carry_the_report_as_the_check_cells_value(room: Class):
    """What nbgrader reads from the stored notebook gives the same score."""
    from nbformat import from_dict  # noqa: PLC0415
    from nbgrader.utils import determine_grade  # noqa: PLC0415

    room.hand_in("ann", "earns 1.5")
    room.grade()
    (page,) = pages(room.classroom)
    check = from_dict(json.loads(page.read_text("utf-8"))["cells"][2])
    assert determine_grade(check) == (1.5, 2)


def test_feedback_pages_carry_marks_given_since(room: Class):
    """Each learner gets a page with the report, and with what a person added to it."""
    from autograder.report.sheets import write_feedback  # noqa: PLC0415

    room.hand_in("ann", "earns 1.5", why="Because of the light.")
    room.hand_in("bo", "hangs")
    room.grade()
    with nbgrader.api.Gradebook(room.url) as book:
        book.find_grade("why", NAME, NAME, "ann").manual_score = 0.5
        book.find_comment("why", NAME, NAME, "ann").manual_comment = "Nearly."
        book.db.commit()
    with Gradebook(room.url) as ours:
        ann, bo = write_feedback(load(room.root, NAME), room.classroom, ours)
    page = ann.read_text("utf-8")
    assert "<strong>2 of 3 points</strong>" in page
    assert "Nearly." in page
    assert "Because of the light." in page
    assert "It did not come back." in bo.read_text("utf-8")


def test_what_chance_may_have_done_is_run_once_more(room: Class):
    """A trial shaken by a death or a limit is repeated at the end; the second one counts."""
    for number in range(4):
        room.hand_in(f"s{number}", f"earns {number % 2}")
    first: set[str] = set()

    def attempt(name: str, notebook: dict[str, Any]) -> Trial:
        trial = room.attempt(name, notebook)
        if len(first) < 2 and room.tried[-1] not in first:
            first.add(room.tried[-1])
            return Trial(outputs={}, judgements={}, jail="test", shaken=True)
        return trial

    graded = room.grade(attempt=attempt, pool=lambda: ThreadPoolExecutor(1), width=1)
    assert [r.earned for r in graded.results] == [0, 1, 0, 1]
    assert room.tried == [f"earns {n}" for n in (0, 1, 0, 1, 0, 1)]


def test_nobody_is_given_up_for_what_a_neighbour_did(room: Class):
    """When a submission takes the worker down, those beside it run alone and are graded."""
    for number in range(4):
        room.hand_in(f"s{number}", "kills" if number == 0 else "earns 2")
    graded = room.grade(pool=Fragile, width=3)
    assert [r.state for r in graded.results] == ["failed", "graded", "graded", "graded"]
    assert "failed 3 times on it (BrokenProcessPool: " in graded.results[0].reason


class Fragile(Executor):
    """An executor that one submission can take down, with all that are given to it after."""

    def __init__(self) -> None:
        self.dead = False

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run at once, or fail."""
        future: Future[Any] = Future()
        if self.dead:
            future.set_exception(BrokenProcessPool("a neighbour"))
            return future
        try:
            future.set_result(fn(*args, **kwargs))
        except BrokenProcessPool as error:
            self.dead = True
            future.set_exception(error)
        return future
