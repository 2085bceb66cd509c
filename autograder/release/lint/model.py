"""What a rule sees: one source notebook, parsed once, and how it says what it found."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nbformat import NotebookNode

from autograder.release.build import learner_notebook

__all__ = (
    "Exercise",
    "Finding",
    "Rule",
    "Source",
    "bound_names",
    "grading",
    "is_check",
    "is_solution",
    "tree",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: in which cell, what is wrong, what to do."""

    cell: str
    sentence: str
    hint: str

    def __str__(self) -> str:
        return f"{self.cell}: {self.sentence}. Hint: {self.hint}."


@dataclass(frozen=True, slots=True)
class Exercise:
    """The four cells of one exercise; a cell that is not there is `None`."""

    id: str
    card: NotebookNode | None
    stub: NotebookNode | None
    hints: NotebookNode | None
    check: NotebookNode | None


@dataclass(frozen=True)
class Source:
    """One source notebook with everything that several rules want to know of it."""

    name: str
    folder: Path
    notebook: NotebookNode

    @cached_property
    def released(self) -> NotebookNode:
        """The learner's notebook.  Raises `CourseError` if nbgrader refuses the source."""
        return learner_notebook(self.notebook)

    @cached_property
    def code(self) -> tuple[NotebookNode, ...]:
        """The code cells of the source."""
        return tuple(cell for cell in self.notebook.cells if cell.cell_type == "code")

    @cached_property
    def seen_code(self) -> tuple[NotebookNode, ...]:
        """The code cells as a learner sees them: with stubs, without hidden tests."""
        return tuple(cell for cell in self.released.cells if cell.cell_type == "code")

    @cached_property
    def exercises(self) -> tuple[Exercise, ...]:
        """The exercises in order of appearance, complete or not."""
        cells = {cell.id: cell for cell in self.notebook.cells}
        return tuple(
            Exercise(
                name,
                cells.get(f"{name}-card"),
                cells.get(name),
                cells.get(f"{name}-hints"),
                cells.get(f"{name}-check"),
            )
            for name in self._exercise_ids()
        )

    def _exercise_ids(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for cell in self.notebook.cells:
            if "exercise" in cell.metadata.get("toollab", {}):
                found[cell.id.removesuffix("-card")] = None
            elif is_check(cell):
                found[cell.id.removesuffix("-check")] = None
            elif is_solution(cell) and not grading(cell).get("grade"):
                found[cell.id] = None
        return tuple(found)


Rule = Callable[[Source], Iterator[Finding]]


def grading(cell: NotebookNode) -> dict[str, object]:
    """Return a cell's nbgrader metadata, empty if it has none."""
    return dict(cell.metadata.get("nbgrader", {}))


def is_solution(cell: NotebookNode) -> bool:
    """Tell whether a learner writes into this cell."""
    return bool(grading(cell).get("solution"))


def is_check(cell: NotebookNode) -> bool:
    """Tell whether this cell awards points to another one."""
    return bool(grading(cell).get("grade")) and not is_solution(cell)


def tree(cell: NotebookNode) -> ast.Module:
    """Return the syntax tree of a code cell; empty if it is not plain Python."""
    try:
        return ast.parse(str(cell.source))
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


_SCOPES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def bound_names(cell: NotebookNode) -> set[str]:
    """Return the names that running this cell binds in the notebook."""
    if cell.cell_type != "code":
        return set()
    names: set[str] = set()
    waiting: list[ast.AST] = [tree(cell)]
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            elif isinstance(node, ast.alias):
                names.add((node.asname or node.name).split(".")[0])
            elif isinstance(node, _SCOPES):
                inner = (each for each in ast.walk(node) if isinstance(each, ast.NamedExpr))
                names |= {each.target.id for each in inner if not isinstance(node, ast.Lambda)}
            else:
                waiting.append(node)
    return names
