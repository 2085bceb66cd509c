"""What stays on its side: how it is described there, and what stands in for it here.

A stand-in for a coroutine function is a coroutine function, one for a generator function is a
generator function: code that asks `inspect` gets the same answer on both sides.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import types
from collections.abc import AsyncIterator, Iterator
from typing import Any, Protocol

from autograder.grading.wire.messages import Handle, Kind, Member, Param
from autograder.grading.wire.values import CannotCrossError

__all__ = ("ELSEWHERE", "Caller", "StandIn", "describe", "remote_id", "stand_in", "without_text")

ELSEWHERE = "<another process>"
"""The file of a stand-in whose own text nobody shall take for the text of what it stands for."""

# Special methods that may be called from the other side, and how.
_SPECIAL: dict[str, Member] = {
    "__call__": "plain",
    "__enter__": "plain",
    "__exit__": "plain",
    "__aenter__": "coroutine",
    "__aexit__": "coroutine",
    "__iter__": "plain",
    "__next__": "plain",
    "__aiter__": "plain",
    "__anext__": "coroutine",
}
_GENERATOR: dict[str, Member] = dict.fromkeys(("__iter__", "__next__", "send", "close"), "plain")
_ASYNC_GENERATOR: dict[str, Member] = {
    "__aiter__": "plain",
    "__anext__": "coroutine",
    "asend": "coroutine",
    "aclose": "coroutine",
}
_NEVER = (types.ModuleType, types.FrameType, types.CodeType, types.TracebackType, type)
_PLAIN = (types.BuiltinFunctionType, types.MethodType, types.FunctionType, functools.partial)


class Caller(Protocol):
    """Makes calls to the other side."""

    def call(self, target: int, method: str, args: Any, kwargs: Any, op: str = "call") -> Any:
        """Call and keep this thread waiting for the answer."""

    async def acall(self, target: int, method: str, args: Any, kwargs: Any, op: str) -> Any:
        """Call and await the answer."""


# -- describing -------------------------------------------------------------------------------


def describe(value: Any, ident: int, *, params: bool) -> Handle:
    """Return the handle of something that is no data; raises `CannotCrossError`."""
    if isinstance(value, _NEVER) and not _is_class(value):
        raise CannotCrossError(f"A {type(value).__name__} cannot cross.")
    name = str(getattr(value, "__name__", type(value).__name__))[:200]
    if inspect.iscoroutine(value):
        return Handle(ident, "coroutine", name)
    if asyncio.isfuture(value) or inspect.isawaitable(value):
        return Handle(ident, "future", type(value).__name__[:200])
    if isinstance(value, types.GeneratorType):
        return Handle(ident, "object", "generator", members=_GENERATOR)
    if isinstance(value, types.AsyncGeneratorType):
        return Handle(ident, "object", "async_generator", members=_ASYNC_GENERATOR)
    if callable(value) and (isinstance(value, _PLAIN) or not _members(value).keys() - {"__call__"}):
        return Handle(
            ident,
            _kind(value),
            name,
            str(getattr(value, "__doc__", "") or "")[:2000],
            _params(value) if params else None,
        )
    return Handle(ident, "object", type(value).__name__[:200], members=_members(value))


def _is_class(value: Any) -> bool:
    return isinstance(value, type)


def _kind(value: Any) -> Kind:
    if _is_class(value):
        return "function"
    target = inspect.unwrap(value)
    if inspect.isasyncgenfunction(target):
        return "async generator function"
    if inspect.isgeneratorfunction(target):
        return "generator function"
    call = getattr(value, "__call__", None)  # noqa: B004 - an object whose call is a coroutine
    if inspect.iscoroutinefunction(target) or inspect.iscoroutinefunction(call):
        return "coroutine function"
    return "function"


def _params(value: Any) -> list[Param] | None:
    try:
        found = inspect.signature(value).parameters.values()
    except (TypeError, ValueError):
        return None
    return [Param(p.name[:200], int(p.kind), p.default is not p.empty) for p in found][:100]


def _members(value: Any) -> dict[str, Member]:
    """Return what the other side may use of an object: public methods, attributes, protocols."""
    members: dict[str, Member] = {}
    if _is_class(value):
        return {"__call__": "plain"}
    for name in dir(type(value)):
        if name in _SPECIAL:
            members[name] = _SPECIAL[name]
        elif not name.startswith("_"):
            members[name] = _member(inspect.getattr_static(type(value), name, None))
    for name in getattr(value, "__dict__", {}):
        if isinstance(name, str) and not name.startswith("_"):
            members.setdefault(name, _member(getattr(value, name, None)))
    if members.get("__call__") == "plain" and _kind(value) == "coroutine function":
        members["__call__"] = "coroutine"
    return {name[:200]: kind for name, kind in list(members.items())[:200]}


def _member(found: Any) -> Member:
    found = getattr(found, "__func__", found)
    if not callable(found):
        return "value"
    kinds: dict[Kind, Member] = {
        "async generator function": "async generator",
        "generator function": "generator",
        "coroutine function": "coroutine",
    }
    return kinds.get(_kind(found), "plain")


# -- standing in ------------------------------------------------------------------------------


class StandIn:
    """An object of the other side: its public methods, and nothing else, can be called."""

    _caller: Caller
    _id: int


def remote_id(value: Any) -> tuple[Caller, int] | None:
    """Return whose stand-in a value is, and its number there; `None` if it is none."""
    if isinstance(value, StandIn):
        return value._caller, value._id  # noqa: SLF001
    if type(value) is types.FunctionType and "_remote" in value.__dict__:
        return value.__dict__["_remote"]  # type: ignore[no-any-return]
    return None


def without_text(value: Any) -> Any:
    """Return a stand-in; if it is a function, `inspect.getsource` raises for it from now on."""
    if type(value) is types.FunctionType and remote_id(value) is not None:
        value.__code__ = value.__code__.replace(co_filename=ELSEWHERE)
    return value


def stand_in(handle: Handle, caller: Caller) -> Any:
    """Return what stands here for something of the other side."""
    if handle.kind == "coroutine":
        return _coroutine(handle, caller)
    if handle.kind in {"object", "future"}:
        return _object(handle, caller)
    made = _function(handle.kind, caller, handle.id, "")
    name = _identifier(handle.name)
    made.__name__ = made.__qualname__ = name
    made.__doc__ = handle.doc or None
    made._remote = (caller, handle.id)  # noqa: SLF001 - ours
    if handle.params is not None:
        made.__signature__ = _signature(handle.params)
    return made


def _identifier(name: str) -> str:
    return name if name.isidentifier() else "anonymous"


def _function(kind: str, caller: Caller, target: int, method: str) -> Any:
    """Return a function of that kind which calls a method of the target."""
    if kind in {"coroutine function", "coroutine"}:

        async def coroutine(*args: Any, **kwargs: Any) -> Any:
            return await caller.acall(target, method, args, kwargs, "call")

        return coroutine
    if kind in {"generator function", "generator"}:

        def generator(*args: Any, **kwargs: Any) -> Iterator[Any]:
            yield from caller.call(target, method, args, kwargs)

        return generator
    if kind in {"async generator function", "async generator"}:

        async def async_generator(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            items = caller.call(target, method, args, kwargs)
            try:
                async for item in items:
                    yield item
            finally:
                await items.aclose()

        return async_generator

    def function(*args: Any, **kwargs: Any) -> Any:
        return caller.call(target, method, args, kwargs)

    return function


def _coroutine(handle: Handle, caller: Caller) -> Any:
    async def coroutine() -> Any:
        return await caller.acall(handle.id, "", (), {}, "await")

    coroutine.__name__ = coroutine.__qualname__ = _identifier(handle.name)
    return coroutine()


def _object(handle: Handle, caller: Caller) -> StandIn:
    space: dict[str, Any] = {"__slots__": ("_caller", "_id"), "__module__": "__main__"}
    for name, kind in handle.members.items():
        if name.startswith("_") and name not in _SPECIAL:
            continue
        if name in StandIn.__dict__ or not name.isidentifier():
            continue
        space[name] = _bound(name, kind)
    if handle.kind == "future":
        space["__await__"] = _await
    made: StandIn = type(_identifier(handle.name), (StandIn,), space)()
    made._caller, made._id = caller, handle.id  # noqa: SLF001 - ours
    return made


def _await(self: StandIn) -> Any:
    return self._caller.acall(self._id, "", (), {}, "await").__await__()


def _bound(name: str, kind: str) -> Any:
    if kind == "value":
        return property(lambda self: self._caller.call(self._id, name, (), {}, "get"))

    def plain(self: StandIn, *args: Any, **kwargs: Any) -> Any:
        return _function(kind, self._caller, self._id, name)(*args, **kwargs)

    if kind != "coroutine":
        return plain

    async def coroutine(self: StandIn, *args: Any, **kwargs: Any) -> Any:
        return await self._caller.acall(self._id, name, args, kwargs, "call")

    return coroutine


def _signature(params: list[Param]) -> inspect.Signature | None:
    kinds: list[Any] = list(inspect._ParameterKind)  # noqa: SLF001 - has no public name
    try:
        return inspect.Signature(
            [
                inspect.Parameter(
                    p.name, kinds[p.kind], default=... if p.optional else inspect.Parameter.empty
                )
                for p in params
            ]
        )
    except ValueError:
        return None
