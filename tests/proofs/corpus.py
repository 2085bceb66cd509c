"""What has to be proved: every exercise of the course, with its wrong and its right answers.

An answer is a file `tests/wrong_answers/<notebook>/<exercise>/<misconception>.py` or
`tests/right_answers/<notebook>/<exercise>/<style>.py`.  It defines what the exercise asks for, in
place of the learner's cell: names of the set-up cell are there without an import.  Its docstring
says in one sentence what the answer does; a wrong one goes on with what has to be said about it:

    Awaits each call before it starts the next.

    check: calls overlap
    mistake: serial
    points: 4

`check` is the title of a check that must fail, `mistake` the slug it must fail with, and `points`
(if given) what must be earned all the same.
"""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

__all__ = ("COURSE", "Answer", "Corpus", "Exercise")

_FIELDS = re.compile(r"^(check|mistake|points):\s*(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """One answer to an exercise, in a file of its own."""

    path: Path

    @property
    def name(self) -> str:
        """The misconception, or the style."""
        return self.path.stem

    @cached_property
    def source(self) -> str:
        """The text of the file."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def says(self) -> str:
        """The docstring."""
        return ast.get_docstring(ast.parse(self.source)) or ""

    @property
    def summary(self) -> str:
        """The docstring's first paragraph: what the answer does."""
        return self.says.split("\n\n")[0].strip()

    @cached_property
    def fields(self) -> Mapping[str, str]:
        """What the docstring declares: `check`, `mistake`, perhaps `points`."""
        return {found[1]: found[2].strip() for found in _FIELDS.finditer(self.says)}


@dataclass(frozen=True)
class Exercise:
    """One exercise of a source notebook, with everything that surrounds its check."""

    corpus: Corpus
    notebook: str
    id: str
    name: str
    points: float
    given: tuple[str, ...]
    solution: str
    check: str

    @property
    def label(self) -> str:
        """How a test's name shows it."""
        return f"{self.notebook}/{self.name}"

    @property
    def is_function(self) -> bool:
        """Whether the solution is a function (or class) of the exercise's name."""
        return any(
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and node.name == self.name
            for node in ast.parse(self.solution).body
        )

    @cached_property
    def wrong(self) -> tuple[Answer, ...]:
        """Its wrong answers."""
        return self.corpus.answers("wrong_answers", self)

    @cached_property
    def right(self) -> tuple[Answer, ...]:
        """Its right answers, the solution not among them."""
        return self.corpus.answers("right_answers", self)

    @property
    def stub(self) -> str:
        """The learner's cell as released."""
        return self.corpus.released(self.notebook)[self.id]

    @property
    def visible_check(self) -> str:
        """The check cell as released: without its hidden tests."""
        return self.corpus.released(self.notebook)[f"{self.id}-check"]

    @cached_property
    def survivors(self) -> Mapping[str, str]:
        """Mutants that may live, each with the reason."""
        return self.corpus.survivors(self.notebook).get(self.name, {})


class Corpus:
    """The exercises below `solutions`, and their answers and survivors below `tests`."""

    def __init__(self, solutions: Path, tests: Path) -> None:
        self.solutions = solutions
        self.tests = tests
        self._released: dict[str, dict[str, str]] = {}

    @cached_property
    def exercises(self) -> tuple[Exercise, ...]:
        """Every exercise, in the order of the course."""
        return tuple(
            exercise
            for path in sorted(self.solutions.glob("*/*.ipynb"))
            if path.stem == path.parent.name
            for exercise in self._read(path)
        )

    def select(self, words: Sequence[str]) -> tuple[Exercise, ...]:
        """Return the exercises whose label contains every one of `words`."""
        return tuple(e for e in self.exercises if all(word in e.label for word in words))

    def answers(self, kind: str, exercise: Exercise) -> tuple[Answer, ...]:
        """Return the answers of one kind to one exercise, by name."""
        folder = self.tests / kind / exercise.notebook / exercise.name
        return tuple(Answer(path) for path in sorted(folder.glob("*.py")))

    def strays(self) -> list[str]:
        """Return the files and listings that belong to no exercise."""
        known = {exercise.label for exercise in self.exercises}
        stray = [
            path.relative_to(self.tests).as_posix()
            for kind in ("wrong_answers", "right_answers")
            for path in sorted(self.tests.glob(f"{kind}/**/*"))
            if path.is_file() and "__pycache__" not in path.parts
            if path.parent.relative_to(self.tests / kind).as_posix() not in known
            or path.suffix != ".py"
        ]
        listed = sorted((self.tests / "proofs" / "survivors").glob("*.toml"))
        return stray + [
            f"{path.relative_to(self.tests).as_posix()}: {name}"
            for path in listed
            for name in self.survivors(path.stem)
            if f"{path.stem}/{name}" not in known
        ]

    def survivors(self, notebook: str) -> Mapping[str, Mapping[str, str]]:
        """Return the listed survivors of one notebook: exercise → mutant → reason."""
        path = self.tests / "proofs" / "survivors" / f"{notebook}.toml"
        if not path.is_file():
            return {}
        return tomllib.loads(path.read_text(encoding="utf-8"))

    def released(self, notebook: str) -> dict[str, str]:
        """Return the released text of every cell, by cell id."""
        if notebook not in self._released:
            # nbgrader's own words decide what a stub is; importing it takes seconds.
            from autograder.release.build import learner_notebook  # noqa: PLC0415
            from autograder.release.course import read  # noqa: PLC0415

            learner = learner_notebook(read(self.solutions / notebook / f"{notebook}.ipynb"))
            self._released[notebook] = {cell["id"]: cell["source"] for cell in learner["cells"]}
        return self._released[notebook]

    def _read(self, path: Path) -> list[Exercise]:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = {cell["id"]: _source(cell) for cell in cells if cell["cell_type"] == "code"}
        set_up = next(iter(code), "")
        found = []
        for place, cell in enumerate(cells):
            card = cell["metadata"].get("toollab", {}).get("exercise")
            if card is None:
                continue
            exercise = cell["id"].removesuffix("-card")
            given = [
                c["id"]
                for c in cells[:place]
                if c["cell_type"] == "code" and "given" in c["metadata"].get("tags", ())
            ]
            found.append(
                Exercise(
                    corpus=self,
                    notebook=path.stem,
                    id=exercise,
                    name=card["name"],
                    points=card["points"],
                    given=tuple(code[i] for i in dict.fromkeys((set_up, *given))),
                    solution=code[exercise],
                    check=code[f"{exercise}-check"],
                )
            )
        return found


def _source(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


_TESTS = Path(__file__).resolve().parent.parent
COURSE = Corpus(_TESTS.parent / "solutions", _TESTS)
"""This course."""
