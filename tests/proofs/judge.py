"""Judge an answer the way the notebook does: run its cells one after another, take the report."""

from __future__ import annotations

import ast
import asyncio
import builtins
import gc
import inspect
import linecache
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from typing import Any

from tests.proofs.corpus import Exercise
from toollab.checks import Report
from toollab.clock import budget

__all__ = ("CPU_SECONDS", "judge", "quietly")

CPU_SECONDS = 0.5
"""Processor seconds that a wrong answer gets before it counts as endless.  A right one needs
milliseconds, but on a machine of any speed, so right answers keep the full allowance."""


def judge(
    exercise: Exercise,
    answer: str,
    *,
    check: str | None = None,
    name: str = "answer",
    cpu_seconds: float | None = None,
) -> Report:
    """Return the report on `answer`, the text that stands in the learner's cell.

    `check` is the check cell (the source notebook's own, with hidden tests, if not said
    otherwise).  Cells run below a running event loop, as in a kernel.
    """
    cells = [*exercise.given, answer, exercise.check if check is None else check]
    namespace: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}

    async def kernel() -> Any:
        value = None
        for number, cell in enumerate(cells):
            value = await _run_cell(cell, namespace, f"<{exercise.label} {name} cell {number}>")
        return value

    with quietly(), budget(cpu_seconds), redirect_stdout(StringIO()):
        report = asyncio.run(kernel())
    assert isinstance(report, Report), f"The check cell's value is {report!r}, not a report."
    return report


async def _run_cell(source: str, namespace: dict[str, Any], file: str) -> Any:
    """Run one cell and return the value of its last expression."""
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    tree = ast.parse(source, file)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    await _run(compile(tree, file, "exec", _AWAIT, dont_inherit=True), namespace)
    if last is None:
        return None
    value = ast.Expression(last.value)
    return await _run(compile(value, file, "eval", _AWAIT, dont_inherit=True), namespace)


_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


async def _run(code: Any, namespace: dict[str, Any]) -> Any:
    value = eval(code, namespace)  # noqa: S307 - running a notebook's cell is the point
    if code.co_flags & inspect.CO_COROUTINE:
        return await value
    return value


@contextmanager
def quietly() -> Iterator[None]:
    """Let answers leave what they leave (a coroutine nobody awaited) without a word."""
    gc.freeze()  # what is there already (the SDKs alone are large) need not be looked through
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            gc.collect()
