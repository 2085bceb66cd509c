"""Whatever a notebook went through, it ends in a recorded state, and damage earns nothing.

Real notebooks of the course, answered from the proof corpus, are damaged in seeded ways.  Most
need only intake to be judged; a sample of them is run behind the wall.
"""

from __future__ import annotations

import copy
import json
import os
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.grading.course import grade_class
from autograder.grading.engine import Classroom, Graded, grade
from autograder.grading.gradebook import Gradebook
from autograder.grading.intake import LARGEST
from autograder.grading.marking import REPORT, Judgement, Trial
from autograder.grading.plan import Assignment, load, passed_over, plan
from autograder.grading.register import ready
from autograder.grading.workers import local
from tests.autograder.grading.damage import damage
from tests.classroom import HIDDEN, NAME, RIGHT, Class, grades
from tests.conftest import ROOT
from tests.proofs.corpus import COURSE

NOTEBOOKS = sorted({exercise.notebook for exercise in COURSE.exercises})
EACH = 25
STATES = {"graded", "partly graded", "failed"}


def answered(notebook: str) -> dict[str, Any]:
    """Return the learner's notebook with every second exercise solved, the others untouched."""
    path = ROOT / "course" / notebook / f"{notebook}.ipynb"
    learner = json.loads(path.read_text("utf-8"))
    exercises = [exercise for exercise in COURSE.exercises if exercise.notebook == notebook]
    solved = {exercise.id: exercise.solution for exercise in exercises[::2]}
    for cell in learner["cells"]:
        cell["source"] = solved.get(cell["id"], "".join(cell["source"]))
    return learner


@dataclass(frozen=True)
class ByText:
    """Stands for the jail: an exercise earns its points if its answer is the solution's text."""

    assignment: Assignment

    def __call__(self, name: str, notebook: dict[str, Any]) -> Trial:
        """Judge one notebook."""
        del name
        solutions = {cell["id"]: cell["source"] for cell in self.assignment.source["cells"]}
        answers: dict[str, str] = {}
        for cell in notebook["cells"]:
            answers.setdefault(cell["id"], cell["source"])
        judgements = {}
        for cell in self.assignment.graded:
            good = all(answers[a].strip() == solutions[a].strip() for a in cell.answers)
            outcome = "passed" if good else "failed"
            report = {
                "earned": cell.points * good,
                "exercise": cell.title,
                "outcome": outcome,
                "checks": [],
            }
            bundle = {"text/plain": "", "text/html": "", REPORT: report}
            judgements[cell.grade_id] = Judgement(bundle=bundle)
        return Trial(outputs={}, judgements=judgements, jail="read only")


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_damaged_notebooks(notebook: str, tmp_path: Path, full: bool):
    """Each damaged notebook gets a state, a sentence, a row; none earns more than undamaged."""
    room = Classroom(tmp_path / "classroom")
    assignment = load(ROOT, notebook)
    whole = answered(notebook)
    students: dict[str, str] = {}
    for number in range(EACH * (10 if full else 1)):
        content, done = damage(whole, number)
        students[f"s{number:03}"] = done
        hand_in(room, f"s{number:03}", notebook, content)
    hand_in(room, "whole", notebook, json.dumps(whole).encode())
    ready(room.gradebook, assignment, ROOT)
    graded = judged(assignment, room)
    results = {result.student: result for result in graded.results}
    assert set(results) == {*students, "whole"}
    most = {e.grade_id: e.earned or 0.0 for e in results["whole"].exercises}
    assert 0 < sum(most.values()) <= assignment.possible
    rows = grades(room.gradebook)
    for student, done in students.items():
        result = results[student]
        assert result.state in STATES, done
        assert result.possible == assignment.possible, done
        assert [e.grade_id for e in result.exercises] == [c.grade_id for c in assignment.graded]
        gained = [e for e in result.exercises if (e.earned or 0.0) > most[e.grade_id]]
        assert not gained, f"{student} ({done}) gained points: {gained}"
        changed = any((e.earned or 0.0) != most[e.grade_id] for e in result.exercises)
        told = bool(result.notes or result.reason)
        assert told or not changed or "emptied" in done, f"nobody was told of: {student} {done}"
        assert {row[0] for row in rows[student].values()} <= {
            None, "No response.", *(e.earned for e in result.exercises)
        }  # fmt: skip
    again = judged(assignment, room)
    assert (again.changes, grades(room.gradebook)) == ([], rows)


def hand_in(room: Classroom, student: str, notebook: str, content: bytes) -> Path:
    """Write one file where the class hands in."""
    path = room.submitted / student / notebook / f"{notebook}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def judged(assignment: Assignment, room: Classroom) -> Graded:
    """Grade the class by its answers' text."""
    with Gradebook(room.gradebook) as book:
        return grade(
            assignment,
            plan(room.submitted, assignment.name),
            room,
            book,
            pool=lambda: ThreadPoolExecutor(1),
            attempt=ByText(assignment),
            width=2,
        )


@pytest.mark.needs("bwrap")
def test_a_sample_of_them_behind_the_wall(tmp_path: Path, full: bool):
    """Run for real, damaged notebooks get a state too, and earn no more than undamaged."""
    notebook = "02-multiple-tool-calls"
    room = Classroom(tmp_path / "classroom")
    whole = answered(notebook)
    chance = random.Random(2)  # noqa: S311 - a sample, not a secret
    for seed in chance.sample(range(1_000), 60 if full else 8):
        hand_in(room, f"s{seed:03}", notebook, damage(whole, seed)[0])
    hand_in(room, "whole", notebook, json.dumps(whole).encode())
    with local() as workers:
        run = grade_class(ROOT, [notebook], room, room.gradebook, workers)
    *damaged, last = run.results
    most = {e.grade_id: e.earned for e in last.exercises}
    assert last.state == "graded"
    assert sum(points or 0 for points in most.values()) > 0
    for result in damaged:
        assert result.state in STATES
        assert [e for e in result.exercises if (e.earned or 0) > most[e.grade_id]] == []


# -- each kind of trouble by name -------------------------------------------------------------


def cells(room: Class, student: str) -> dict[str, Any]:
    """Return a learner's notebook as data."""
    return json.loads(room.path(student).read_text("utf-8"))


def write(room: Class, student: str, notebook: Any) -> None:
    """Put it back."""
    room.path(student).write_text(json.dumps(notebook), "utf-8")


def format_3(room: Class, who: str) -> None:
    """Saved by an editor of 2014."""
    notebook = cells(room, who)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
    sheet = {"worksheets": [{"cells": notebook["cells"]}], "nbformat": 3, "metadata": {}}
    write(room, who, sheet)


def format_5(room: Class, who: str) -> None:
    """Saved by an editor to come."""
    write(room, who, cells(room, who) | {"nbformat": 5})


def wrong_name(room: Class, who: str) -> None:
    """Renamed by a browser that had it already."""
    room.path(who).rename(room.path(who).with_name(f"{NAME} (1).ipynb"))


def wrong_kernel(room: Class, who: str) -> None:
    """Made for another language."""
    write(room, who, cells(room, who) | {"metadata": {"kernelspec": {"name": "ir"}}})


def hundred_megabytes(room: Class, who: str) -> None:
    """A loop that printed."""
    notebook = cells(room, who)
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 100_000_000}
    notebook["cells"][2]["outputs"] = [output]
    write(room, who, notebook)


def deep_metadata(room: Class, who: str) -> None:
    """Metadata nested deeper than anybody reads."""
    text = room.path(who).read_text("utf-8")
    nest = "[" * 50_000 + "]" * 50_000
    room.path(who).write_text(text.replace('"metadata": {}', f'"metadata": {{"a": {nest}}}', 1))


def shadows(room: Class, who: str) -> None:
    """Files that would stand in for libraries, and for the tests' own helpers."""
    for name in ("math.py", "asyncio.py", "toollab.py", "sitecustomize.py", "conftest.py"):
        room.path(who).with_name(name).write_text("raise SystemExit('shadow')", "utf-8")
    room.path(who).with_name("toollab").mkdir()


def bad_timestamp(room: Class, who: str) -> None:
    """A date that is none."""
    room.path(who).with_name("timestamp.txt").write_text("31 February, 25:61", "utf-8")


def binary_timestamp(room: Class, who: str) -> None:
    """A date in no encoding."""
    room.path(who).with_name("timestamp.txt").write_bytes(b"\xff\xfe\0\0" * 1_000)


def linked_timestamp(room: Class, who: str) -> None:
    """A date that is somebody's file."""
    room.path(who).with_name("timestamp.txt").symlink_to("/etc/passwd")


def path_tricks(room: Class, who: str) -> None:
    """Names of cells that lead out of a folder."""
    notebook = cells(room, who)
    for name in ("../../../gradebook.db", "/etc/passwd", "a\0b", "\u202e", "x" * 100_000):
        own = {"cell_type": "code", "id": name, "metadata": {"name": name}, "source": "own = 1"}
        own["metadata"]["nbgrader"] = {"grade_id": name, "grade": True, "points": 50}
        notebook["cells"].append(own)
    write(room, who, notebook)


MENDED = {
    format_3: "it was read as format 4",
    format_5: "it was read as format 4",
    wrong_name: f"it was taken for {NAME}.ipynb",
    wrong_kernel: "",
    hundred_megabytes: "",
    shadows: "were left out: asyncio.py",
    bad_timestamp: "timestamp.txt",
    binary_timestamp: "timestamp.txt",
    linked_timestamp: "",
    path_tricks: "",
}
"""What costs a learner nothing, and what is said of it."""


def broken_json(room: Class, who: str) -> None:
    """Cut off."""
    room.path(who).write_bytes(room.path(who).read_bytes()[:-100])


def empty(room: Class, who: str) -> None:
    """Nothing at all."""
    room.path(who).write_bytes(b"")


def not_utf8(room: Class, who: str) -> None:
    """Bytes of another age."""
    text = room.path(who).read_text("utf-8").replace("Why", "Warum glüht")
    room.path(who).write_bytes(text.encode("latin-1"))


def too_large(room: Class, who: str) -> None:
    """Larger than anybody reads."""
    os.truncate(room.path(who), LARGEST + 1)


def link(room: Class, who: str) -> None:
    """Somebody else's work."""
    room.path(who).unlink()
    room.path(who).symlink_to(room.path("ann"))


def linked_folder(room: Class, who: str) -> None:
    """Somebody else's folder."""
    room.path(who).unlink()
    room.path(who).parent.rmdir()
    room.path(who).parent.symlink_to(room.path("ann").parent)


def pipe(room: Class, who: str) -> None:
    """A file that never ends."""
    room.path(who).unlink()
    os.mkfifo(room.path(who))


def folder(room: Class, who: str) -> None:
    """A folder in the notebook's place."""
    room.path(who).unlink()
    room.path(who).mkdir()


def another(room: Class, who: str) -> None:
    """Another notebook under this one's name."""
    source = copy.deepcopy(answered(NOTEBOOKS[0]))
    write(room, who, source)


def two_candidates(room: Class, who: str) -> None:
    """Two copies, neither of the right name."""
    content = room.path(who).read_bytes()
    room.path(who).rename(room.path(who).with_name("a.ipynb"))
    room.path(who).with_name("b.ipynb").write_bytes(content)


def list_of_nothing(room: Class, who: str) -> None:
    """JSON, but no notebook."""
    room.path(who).write_text("[1, 2, 3]", "utf-8")


def deep(room: Class, who: str) -> None:
    """Nested deeper than Python can follow."""
    room.path(who).write_text(f'{{"deep": {"[" * 200_000 + "]" * 200_000}}}', "utf-8")


REFUSED = {
    broken_json: "not valid JSON",
    empty: "empty",
    not_utf8: "UTF-8",
    too_large: "are not read",
    link: "Links are not followed",
    linked_folder: "Links are not followed",
    pipe: "not a regular file",
    folder: "not a regular file",
    another: "None of its cells belong to this notebook",
    two_candidates: "not clear which file is meant",
    list_of_nothing: "no notebook",
    deep: "nested",
    deep_metadata: "nested",
}
"""What cannot be graded, and the reason that is given."""


@pytest.mark.needs("bwrap")
def test_each_kind_of_trouble_by_name(room: Class):
    """One batch of all of them: what can be graded is, whole; the rest says in words why not."""
    room.hand_in("ann", **RIGHT)
    acts = {act.__name__: act for act in (*MENDED, *REFUSED)}
    for name, act in acts.items():
        room.hand_in(name, **RIGHT)
        act(room, name)
    (room.room.submitted / "link-to-ann").symlink_to(room.room.submitted / "ann")
    (room.room.submitted / "stray.txt").write_text("?", "utf-8")
    with local() as workers:
        run = grade_class(room.root, [NAME], room.room, room.room.gradebook, workers)
    results = {result.student: result for result in run.results}
    assert set(results) == {"ann", *acts}
    rows = grades(room.room.gradebook)
    for act, said in MENDED.items():
        result = results[act.__name__]
        assert (result.state, result.earned) == ("graded", 5.0), result
        assert said in " ".join(result.notes)
        assert rows[act.__name__]["on-check"] == (2.0, None, False)
    for act, said in REFUSED.items():
        result = results[act.__name__]
        assert (result.state, result.earned) == ("failed", 0.0), result
        assert said in result.reason, act.__name__
        assert rows[act.__name__]["on-check"] == (None, None, True)
        stored = room.room.autograded / act.__name__ / NAME / f"{NAME}.ipynb"
        assert stored.stat().st_size < 1_000_000
        assert HIDDEN not in stored.read_text("utf-8")
    told = [sentence.split(" was ")[0] for sentence in passed_over(room.room.submitted)]
    assert told == ["submitted/link-to-ann"]
    assert sorted(path.name for path in room.root.iterdir()) == ["classroom", "course", "solutions"]
