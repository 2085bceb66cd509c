"""A class that hands in the minicourse, graded once by stock nbgrader in this process."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import CsvExportPlugin
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

ROOT = Path(__file__).resolve().parents[4]
MINICOURSE = ROOT / "tests" / "minicourse"
NOTEBOOKS = ("01-shouting", "02-counting")
ASSIGNMENT = NOTEBOOKS[1]

RIGHT_COUNT = "def count_all(text):\n    return dict(Counter(text))"
RIGHT_MOST = "def most(text):\n    return max(Counter(text), key=Counter(text).get)"
ONCE = "def count_all(text):\n    return {letter: 1 for letter in text}"
FIRST = "def most(text):\n    return text[0]"


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    """Return the cell with this id."""
    return next(cell for cell in notebook.cells if cell.id == name)


def solve(notebook: NotebookNode, count: str = RIGHT_COUNT, most: str = RIGHT_MOST) -> None:
    """Write a learner's answers into their cells."""
    cell(notebook, "count-all").source = count
    cell(notebook, "most").source = most


def before_answers(notebook: NotebookNode, source: str) -> None:
    """Put a learner's own cell before the first answer."""
    place = notebook.cells.index(cell(notebook, "count-all"))
    notebook.cells.insert(place, new_code_cell(source, id="own"))


def partly(notebook: NotebookNode) -> None:
    """Solve one exercise and fail the other."""
    solve(notebook, most=FIRST)


def warned(notebook: NotebookNode) -> None:
    """Solve everything, noisily: warnings, logging, and stderr in the very check cells."""
    noise = "import logging, sys, warnings\nwarnings.warn('deprecated'); logging.warning('slow')"
    after = "get_ipython().events.register('post_run_cell', lambda _: print('!', file=sys.stderr))"
    solve(notebook, count=f"{noise}\n{after}\n" + RIGHT_COUNT.replace(":\n", ":\n    print('x')\n"))


def skipped(notebook: NotebookNode) -> None:
    """Solve nothing and keep the checks from being run, which nbgrader takes for full marks."""
    for name in ("count-all-check", "most-check"):
        cell(notebook, name).metadata.tags = ["skip-execution"]


def silenced(notebook: NotebookNode) -> None:
    """Solve nothing and empty every later cell, which nbgrader takes for full marks."""
    before_answers(notebook, "get_ipython().input_transformers_post.append(lambda lines: [])")


def deleted(notebook: NotebookNode) -> None:
    """Solve everything and delete a check, its stub's card and hints."""
    solve(notebook)
    gone = {"count-all-check", "count-all-hints", "count-all-card"}
    notebook.cells = [cell for cell in notebook.cells if cell.id not in gone]


def stripped(notebook: NotebookNode) -> None:
    """Solve everything in an editor that throws metadata away."""
    solve(notebook)
    for each in notebook.cells:
        each.metadata = NotebookNode()


def doubled(notebook: NotebookNode) -> None:
    """Solve everything and paste a copy of a check above its answer."""
    solve(notebook)
    copy = cell(notebook, "most-check").copy()
    copy["id"] = "pasted"
    notebook.cells.insert(0, copy)


def tampered(notebook: NotebookNode) -> None:
    """Solve nothing, raise the points and rewrite a check."""
    check = cell(notebook, "most-check")
    check.metadata.nbgrader.points = 100
    check.source = "100"


def hung(notebook: NotebookNode) -> None:
    """Solve one exercise and never come back from the other."""
    solve(notebook, count="def count_all(text):\n    while True:\n        pass")


def waiting(notebook: NotebookNode) -> None:
    """Solve everything, below a cell that awaits what never comes."""
    solve(notebook)
    before_answers(notebook, "import asyncio\nawait asyncio.Event().wait()")


def gone(notebook: NotebookNode) -> None:
    """Solve one exercise and delete the answer cell of the other."""
    solve(notebook)
    notebook.cells.remove(cell(notebook, "count-all"))


def peeked(notebook: NotebookNode) -> None:
    """Solve everything, and print the cell from which the answers are called."""
    solve(notebook)
    before_answers(notebook, "import sys\nseen = []")
    source = cell(notebook, "most").source.replace(":\n", ":\n    seen.append(In[-1])\n")
    cell(notebook, "most").source = source
    notebook.cells.append(new_code_cell("print(seen[-1])\nseen[-1]", id="show"))


@dataclass(frozen=True)
class Learner:
    """What one learner does to the released notebook, and the points it deserves."""

    act: Callable[[NotebookNode], None]
    count: float
    most: float


CLASS = {
    "right": Learner(solve, 2, 3),
    "wrong": Learner(lambda notebook: solve(notebook, ONCE, FIRST), 0, 0),
    "partly": Learner(partly, 2, 0),
    "untouched": Learner(lambda _: None, 0, 0),
    "warned": Learner(warned, 2, 3),
    "skipped": Learner(skipped, 0, 0),
    "silenced": Learner(silenced, 0, 0),
    "deleted": Learner(deleted, 2, 3),
    "stripped": Learner(stripped, 2, 3),
    "doubled": Learner(doubled, 2, 3),
    "tampered": Learner(tampered, 0, 0),
    "hung": Learner(hung, 0, 3),
    "waiting": Learner(waiting, 2, 3),
    "gone": Learner(gone, 0, 3),
    "peeked": Learner(peeked, 2, 3),
}

PAGES = ("partly", "silenced", "tampered", "hung", "gone", "peeked")
"""Whose feedback is made and looked at: those whose pages differ in kind."""


@dataclass(frozen=True)
class Classroom:
    """A graded class: its folders, its settings, and what nbgrader said."""

    root: Path
    config: Config
    said: dict[str, dict[str, object]]

    def scores(self, student: str) -> dict[str, float]:
        """Return the points of each check of one learner, from nbgrader's gradebook."""
        with Gradebook(self.config.CourseDirectory.db_url) as gradebook:
            submission = gradebook.find_submission_notebook(ASSIGNMENT, ASSIGNMENT, student)
            return {grade.name: grade.auto_score for grade in submission.grades}

    def feedback(self, student: str) -> str:
        """Return the page nbgrader made for one learner."""
        folder = self.root / "classroom" / "feedback" / student / ASSIGNMENT
        return (folder / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")

    def autograded(self, student: str) -> NotebookNode:
        """Return the executed notebook of one learner."""
        folder = self.root / "classroom" / "autograded" / student / ASSIGNMENT
        return nbformat.read(folder / f"{ASSIGNMENT}.ipynb", as_version=4)

    def export(self) -> dict[str, dict[str, str]]:
        """Return nbgrader's CSV export, a row a learner."""
        with Gradebook(self.config.CourseDirectory.db_url) as gradebook:
            CsvExportPlugin(config=self.config).export(gradebook)
        with Path(self.config.CsvExportPlugin.to).open(encoding="utf-8", newline="") as file:
            return {row["student_id"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="session")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """Release the minicourse, let the class hand in, autograde and make feedback."""
    root = tmp_path_factory.mktemp("minicourse")
    shutil.copytree(MINICOURSE, root, dirs_exist_ok=True)
    for name in NOTEBOOKS:
        shutil.rmtree(root / "course" / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "/usr/bin")  # as in a shell that has not activated the environment
        patch.setenv("PYTHONSAFEPATH", "")
        patch.setenv("JUPYTER_DATA_DIR", str(root / "jupyter"))
        patch.chdir(root)
        config = PyFileConfigLoader("nbgrader_config.py", str(ROOT / "autograder")).load_config()
        config.Execute.timeout = 3  # only learners who hang wait for it
        api = NbGraderAPI(CourseDirectory(config=config), config=config)
        said = {f"release of {name}": api.generate_assignment(name) for name in NOTEBOOKS}
        released = root / "course" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        for student, learner in CLASS.items():
            notebook = nbformat.read(released, as_version=4)
            learner.act(notebook)
            folder = root / "classroom" / "submitted" / student / ASSIGNMENT
            folder.mkdir(parents=True)
            nbformat.write(notebook, folder / released.name)
            said[student] = api.autograde(ASSIGNMENT, student)
            if student in PAGES:
                said[f"feedback of {student}"] = api.generate_feedback(ASSIGNMENT, student)
    return Classroom(root, config, said)
