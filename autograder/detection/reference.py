"""The reference detector, taken out of the solution notebook, its only home."""

from __future__ import annotations

import ast
import builtins
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import CourseError
from toollab.calls import JSON, ToolCall, ToolSpec

__all__ = ("Detector", "detector")

CELLS = ("sharpen", "references", "conflicts", "plan-waves")
"""The cells that make up the detector; each defines a function of its own name."""


@dataclass(frozen=True, slots=True)
class Detector:
    """The functions of the notebook, and the marks before a reference."""

    sharpen: Callable[[ToolSpec], ToolSpec]
    references: Callable[[Mapping[str, JSON], Sequence[str]], list[str]]
    conflicts: Callable[[ToolCall, ToolCall, Mapping[str, ToolSpec]], list[str]]
    plan_waves: Callable[
        [Sequence[str], Mapping[str, Sequence[str]], Sequence[tuple[str, str]]], list[list[str]]
    ]
    marks: Sequence[str]


def detector(notebook: Path) -> Detector:
    """Run the notebook's cells that define the detector, and of its set-up what they import.

    Raises `CourseError` if the notebook or one of the cells is not there.
    """
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        code = {c["id"]: "".join(c["source"]) for c in cells if c["cell_type"] == "code"}
        set_up = next(iter(code.values()))
        bodies = [_functions(ast.parse(code[name])) for name in CELLS]
    except (OSError, ValueError, KeyError, StopIteration, SyntaxError) as error:
        raise CourseError(
            f"{notebook.name} does not hold the detector: {error!r}. Hint: its cells are "
            f"{', '.join(CELLS)}; take the notebook as it was released with this package."
        ) from error
    used = {node.id for body in bodies for node in ast.walk(body) if isinstance(node, ast.Name)} | {
        "MARKS"
    }
    namespace: dict[str, Any] = {"__name__": "detector", "__builtins__": builtins}
    for part in (*_imports(ast.parse(set_up), used), *bodies):
        exec(compile(part, str(notebook), "exec"), namespace)  # noqa: S102 - the course's own code
    names = [name.replace("-", "_") for name in CELLS]
    found = {name: namespace[name] for name in names}
    return Detector(**found, marks=namespace["MARKS"])


def _functions(cell: ast.Module) -> ast.Module:
    """Return the functions of a cell without what it tries them on."""
    return ast.Module([n for n in cell.body if isinstance(n, ast.FunctionDef)], type_ignores=[])


def _imports(set_up: ast.Module, used: set[str]) -> Iterator[ast.Module]:
    """Yield the set-up's imports of the names that are used, and nothing else of it."""
    for node in set_up.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            wanted = [name for name in node.names if (name.asname or name.name) in used]
            if wanted:
                node.names = wanted
                yield ast.Module([node], type_ignores=[])
