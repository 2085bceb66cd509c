"""Rules about code: what a learner may meet in a cell that is not the exercise."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from nbformat import NotebookNode

from autograder.release.canonical import shows_real_time
from autograder.release.lint.model import Finding, Source, grading, is_solution, tree

__all__ = (
    "cells_are_python",
    "first_cell_is_synchronous",
    "functions_are_short",
    "imports_are_allowed",
    "imports_stand_in_the_set_up",
    "no_assert_is_seen",
    "no_sys_path",
    "real_time_is_marked",
)

_LIBRARIES = {"toollab", "anthropic", "openai"}
_LONGEST = 15
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_AWAITING = (ast.Await, ast.AsyncFor, ast.AsyncWith)
_CLOCKS = {
    "time": {"monotonic", "perf_counter", "process_time", "thread_time", "time", "time_ns"}
    | {"monotonic_ns", "perf_counter_ns", "ctime", "localtime", "strftime"},
    "datetime": {"now", "today", "utcnow"},
    "date": {"today"},
    "timeit": {"timeit", "repeat", "default_timer"},
}


def cells_are_python(source: Source) -> Iterator[Finding]:
    """Demand that every code cell is plain Python: no magics, no shell."""
    for cell in source.code:
        try:
            ast.parse(cell.source)
        except SyntaxError as error:
            yield Finding(
                cell.id,
                f"Line {error.lineno} is not plain Python ({error.msg})",
                "write it without magics and shell commands",
            )


def imports_stand_in_the_set_up(source: Source) -> Iterator[Finding]:
    """Demand that the first code cell imports everything: nothing hangs on a cell in between."""
    for cell in source.code[1:]:
        for node in _imports(cell):
            yield Finding(
                cell.id,
                f"Line {node.lineno} imports",
                f"move the import to the set-up cell {source.code[0].id}",
            )


def imports_are_allowed(source: Source) -> Iterator[Finding]:
    """Demand only toollab, the standard library and the two SDKs: a learner installs little."""
    allowed = _LIBRARIES | sys.stdlib_module_names
    for cell in source.code:
        for node in _imports(cell):
            names = [alias.name for alias in node.names]
            modules = [node.module or "."] if isinstance(node, ast.ImportFrom) else names
            for module in modules:
                if module.split(".")[0] not in allowed:
                    yield Finding(
                        cell.id,
                        f"{module} is not among what a notebook may import",
                        "use toollab, the standard library, anthropic or openai",
                    )


def _imports(cell: NotebookNode) -> Iterator[ast.Import | ast.ImportFrom]:
    for node in ast.walk(tree(cell)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node


def first_cell_is_synchronous(source: Source) -> Iterator[Finding]:
    """Demand that the first code cell awaits nothing.

    In a kernel that has only ever awaited, an uncaught ExceptionGroup leaves its cell running
    for ever.
    """
    for cell in source.code[:1]:
        if any(isinstance(node, _AWAITING) for node in _top_level(tree(cell))):
            yield Finding(
                cell.id,
                "The first code cell awaits",
                "begin with a cell of plain imports",
            )


def functions_are_short(source: Source) -> Iterator[Finding]:
    """Demand that no function a learner reads, except the exercise, is over 15 lines long."""
    for cell in source.seen_code:
        if is_solution(cell):
            continue
        for node in ast.walk(tree(cell)):
            if not isinstance(node, _FUNCTIONS) or node.end_lineno is None:
                continue
            lines = node.end_lineno - node.lineno + 1
            if lines > _LONGEST:
                yield Finding(
                    cell.id,
                    f"The function {node.name} has {lines} lines, more than {_LONGEST}",
                    "split it, or move it to toollab",
                )


def no_sys_path(source: Source) -> Iterator[Finding]:
    """Demand that no cell bends the import path: it must work wherever toollab is installed."""
    for cell in source.code:
        for node in ast.walk(tree(cell)):
            of_sys = isinstance(node, ast.Attribute) and _dotted(node) == "sys.path"
            from_sys = (
                isinstance(node, ast.ImportFrom)
                and node.module == "sys"
                and any(alias.name == "path" for alias in node.names)
            )
            if of_sys or from_sys:
                yield Finding(cell.id, "The cell uses sys.path", "import what is installed")


def no_assert_is_seen(source: Source) -> Iterator[Finding]:
    """Demand that a learner is told what was seen and expected, never shown a bare assert."""
    for cell in source.seen_code:
        if any(isinstance(node, ast.Assert) for node in ast.walk(tree(cell))):
            yield Finding(
                cell.id,
                "A learner would see an assert",
                "show the two values, or make it a check of toollab.checks",
            )


def real_time_is_marked(source: Source) -> Iterator[Finding]:
    """Demand that a cell which reads a real clock is marked as such, and an exercise never is."""
    for cell in source.code:
        reads = sorted({name for node in _top_level(tree(cell)) if (name := _clock(node))})
        if reads and not shows_real_time(cell):
            yield Finding(
                cell.id,
                f"The cell reads a real clock ({', '.join(reads)}) and is not marked",
                "use simulated time, or tag the cell nbval-ignore-output",
            )
        if grading(cell) and shows_real_time(cell):
            yield Finding(
                cell.id,
                "A cell of an exercise is marked as showing real time",
                "judge it in simulated time and take the tag off",
            )


def _clock(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Call):
        return None
    owner, _, name = _dotted(node.func).rpartition(".")
    known = name in _CLOCKS.get(owner.rpartition(".")[2], ())
    return f"{owner}.{name}" if known else None


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _top_level(node: ast.AST) -> Iterator[ast.AST]:
    """Walk what runs when the cell runs: everything but the bodies of functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (*_FUNCTIONS, ast.Lambda)):
            continue
        yield child
        yield from _top_level(child)
