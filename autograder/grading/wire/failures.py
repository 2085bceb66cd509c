"""Exceptions as data: class names, arguments, text, and where in the learner's code.

On the other side an exception of the same name is made, of the nearest class that is known
there.  What a learner's exception class does when it is made, compared or printed stays at home.
"""

from __future__ import annotations

import asyncio
import builtins
import concurrent.futures
import json
import linecache
import queue
import sys
import sysconfig
import types
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from autograder.grading.wire.messages import Failure, Item, Place
from autograder.grading.wire.values import CannotCrossError
from toollab import clock, tools

__all__ = ("name_of", "pack_failure", "unpack_failure")

_LONGEST = 1_000  # of a text: an exception is no way to carry test data out
_LIBRARY = f"{sysconfig.get_path('stdlib')}/elsewhere.py"
_files = count()


def _known() -> dict[str, type[BaseException]]:
    found: dict[str, type[BaseException]] = {}
    for module in (builtins, asyncio, concurrent.futures, json, queue, clock, tools):
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, BaseException):
                found[name_of(kind)] = kind
    return found


def name_of(kind: type) -> str:
    """Return the name under which a class of exceptions crosses."""
    return f"{kind.__module__}:{kind.__qualname__}"[:200]


KNOWN = _known()


def pack_failure(
    error: BaseException,
    pack: Callable[[Any], Item],
    where: Callable[[BaseException], Sequence[Place]] = lambda _error: (),
) -> Failure:
    """Return an exception as data; `where` finds the lines of learner's code it came through."""
    children: list[Failure] = []
    if isinstance(error, BaseExceptionGroup):
        children = [pack_failure(child, pack, where) for child in error.exceptions[:50]]
    return Failure(
        types=[name_of(kind) for kind in type(error).__mro__ if kind is not object][:20],
        text=_text_of(error),
        args=_pack_args(error, pack),
        errors=children,
        where=list(where(error))[-50:],
    )


def _text_of(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - its own __str__ may do anything
        return f"<{type(error).__name__}>"
    return str.__str__(text)[:_LONGEST].encode("utf-8", "replace").decode()


def _pack_args(error: BaseException, pack: Callable[[Any], Item]) -> list[Item] | None:
    args = BaseException.__getattribute__(error, "args")
    if isinstance(error, BaseExceptionGroup) or type(args) is not tuple or len(args) > 20:
        return None
    if not all(type(arg) in {str, int, float, bool, bytes, type(None), tuple} for arg in args):
        return None
    if any(isinstance(arg, str) and len(arg) > _LONGEST for arg in args):
        return None
    try:
        return [pack(arg) for arg in args]
    except CannotCrossError:
        return None


def unpack_failure(failure: Failure, unpack: Callable[[Item], Any]) -> BaseException:
    """Return an exception that looks like the one that was sent."""
    kind = next((KNOWN[name] for name in failure.types if name in KNOWN), Exception)
    name = failure.types[0].rpartition(":")[2].rpartition(".")[2]
    name = name if name.isidentifier() else "Exception"
    args = tuple(unpack(arg) for arg in failure.args) if failure.args is not None else None
    error = _make(kind, failure, args, unpack)
    if name_of(kind) != failure.types[0] or str(error) != failure.text:
        error = _dressed(error, kind, name, failure.text)
    return error.with_traceback(_traceback(failure.where))


def _make(
    kind: type[BaseException],
    failure: Failure,
    args: tuple[Any, ...] | None,
    unpack: Callable[[Item], Any],
) -> BaseException:
    if issubclass(kind, BaseExceptionGroup):
        children = [unpack_failure(child, unpack) for child in failure.errors]
        message = failure.text.rpartition(" (")[0] or failure.text
        try:
            return kind(message, children)
        except (TypeError, ValueError):
            return Exception(failure.text)
    try:
        return kind(*args) if args is not None else kind(failure.text)
    except Exception:  # noqa: BLE001 - some classes are particular about their arguments
        error = kind.__new__(kind)
        error.args = args or (failure.text,)
        return error


def _dressed(
    error: BaseException, kind: type[BaseException], name: str, text: str
) -> BaseException:
    """Return the exception as one of a class of that name which prints that text."""
    dress: Any = type(name, (kind,), {"__str__": lambda _self: text, "__module__": "__main__"})
    try:
        if isinstance(error, BaseExceptionGroup):
            grouped: BaseException = dress(error.message, error.exceptions)
            return grouped
        dressed: BaseException = dress.__new__(dress, *error.args)
    except Exception:  # noqa: BLE001 - the same classes
        return error
    dressed.__dict__.update(error.__dict__)
    dressed.args = error.args
    return dressed


def _file_with(place: Place, line: int) -> str:
    """Return the name of a file in which that line can be looked up."""
    if not place.theirs:
        return _LIBRARY
    file = f"<cell {next(_files)}>"
    linecache.cache[file] = (1, None, ["\n"] * (line - 1) + [f"{place.text}\n"], file)
    return file


def _traceback(places: Sequence[Place]) -> types.TracebackType | None:
    """Return a traceback through these lines of learner's code, the outermost first."""
    chain: types.TracebackType | None = None
    for place in reversed(places):
        line = max(place.line, 1)
        code = compile("raise StopIteration", _file_with(place, line), "exec")
        named = code.replace(co_name=place.function or "cell", co_firstlineno=line)
        try:
            exec(named, {})  # noqa: S102 - one `raise`, under another name
        except StopIteration:
            frame = sys.exc_info()[2]
            if frame is not None and frame.tb_next is not None:
                inner = frame.tb_next
                chain = types.TracebackType(chain, inner.tb_frame, inner.tb_lasti, line)
    return chain
