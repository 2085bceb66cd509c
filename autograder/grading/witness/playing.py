"""Play an instructor's cell: as a kernel would, or all of it on one simulated clock.

A check from the library has a clock of its own for each case it plays.  One that a teacher wrote
down in the notebook has none: it may start tasks, look at the time and call the learner's functions
at once, so one clock has to be there for all of it.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import linecache
import types
from collections.abc import Callable, Sequence
from typing import Any

from toollab.clock import Clock, simulate
from toollab.trace import Trace

__all__ = ("compiled", "play", "simulated")

_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_CPU_SECONDS = 30.0  # a whole cell has more to do than one case of an exercise


def compiled(source: str, file: str) -> Sequence[types.CodeType]:
    """Return a cell as code: its statements, and its last expression; raises `SyntaxError`."""
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    tree = ast.parse(source, file)
    last: Any = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    codes = [compile(tree, file, "exec", _AWAIT, dont_inherit=True)]
    if last is not None:
        value = ast.Expression(last.value)
        codes.append(compile(value, file, "eval", _AWAIT, dont_inherit=True))
    return codes


def play(codes: Sequence[types.CodeType], space: dict[str, Any]) -> Any:
    """Run a cell in a namespace; return the value of its last expression, `None` without one."""
    value = None
    for code in codes:
        value = eval(code, space)  # noqa: S307 - running the instructor's cell is the point
        if _waits(code):
            value = asyncio.run(_kernel(value))
    return value if len(codes) > 1 else None


def simulated(codes: Sequence[types.CodeType], space: dict[str, Any]) -> Any:
    """Run a cell on simulated time, from its first line to its last, and return its value."""
    cell: Callable[..., Any]
    if any(map(_waits, codes)):

        async def waiting() -> Any:
            value = None
            for code in codes:
                value = eval(code, space)  # noqa: S307
                if _waits(code):
                    value = await value
            return value

        cell = waiting
    else:

        def plain() -> Any:
            value = None
            for code in codes:
                value = eval(code, space)  # noqa: S307
            return value

        cell = plain
    # The names that the cell bound by `from time import …` are simulated, too.
    beside: Any = types.FunctionType(cell.__code__, space, closure=cell.__closure__)
    vars(cell)["__wrapped__"] = beside
    run = simulate(_Cell(), cell, cpu_seconds=_CPU_SECONDS)
    if run.error is not None:
        raise run.error
    return run.value if len(codes) > 1 else None


class _Cell:
    """What a cell is played on: a clock that is its own as much as the learner's."""

    def begin(self, clock: Clock) -> None:
        clock.simulates_both = True

    def trace_until(self, total: float) -> Trace:
        return Trace((), total)


def _waits(code: types.CodeType) -> bool:
    return bool(code.co_flags & inspect.CO_COROUTINE)


async def _kernel(value: Any) -> Any:
    return await value
