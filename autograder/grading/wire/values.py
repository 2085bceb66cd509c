"""Python values as plain data, and back.

Only exact types count as data: a subclass of `str`, or an object that claims to equal
everything, crosses as an object of its own or not at all.
"""

from __future__ import annotations

import dataclasses
import enum
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Mapping, Sized
from typing import Any

from autograder.grading.wire.messages import (
    Big,
    Failure,
    Handle,
    Item,
    Many,
    Own,
    Pairs,
    Raw,
    Record,
)

__all__ = ("CannotCrossError", "Packer", "Unpacker")

_DEEPEST = 60
_MOST_KEYS = 10_000  # of a dict or set: a sender can choose keys that all collide
_LONGEST_RANGE = 1_000_000  # a few bytes can stand for more numbers than fit into memory
_MANY: dict[type, str] = {
    list: "list",
    tuple: "tuple",
    set: "set",
    frozenset: "frozenset",
    deque: "deque",
}
_PAIRS: dict[type, str] = {
    dict: "dict",
    OrderedDict: "OrderedDict",
    defaultdict: "defaultdict",
    Counter: "Counter",
}
_MANY_BACK: dict[str, Callable[[Any], Any]] = {name: kind for kind, name in _MANY.items()}
_PAIRS_BACK: dict[str, Callable[[Any], Any]] = {
    "dict": dict,
    "OrderedDict": OrderedDict,
    "defaultdict": lambda items: defaultdict(None, items),
    "Counter": lambda items: Counter(dict(items)),
}
# The course's own records.  Checks, clocks and pictures are the grader's affair.
_RECORDS = "toollab."
_NO_RECORDS = ("toollab.checks", "toollab.clock", "toollab.views")


class CannotCrossError(TypeError):
    """A value is too deep, too odd or too private to be sent."""


class Packer:
    """Turns values into items; what is no data is handed to `export`."""

    def __init__(
        self, export: Callable[[Any], Handle | Own | Failure], *, opens_mappings: bool = False
    ) -> None:
        self._export = export
        self._opens_mappings = opens_mappings  # any mapping crosses as a dict: registries do

    def pack(self, value: Any, depth: int = 0) -> Item:
        """Return the value as plain data; raises `CannotCrossError`."""
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value  # type: ignore[no-any-return]
        if kind is str:
            return _text(value)
        if kind is int:
            return _whole(value)
        if depth > _DEEPEST:
            raise CannotCrossError(f"A value is nested more than {_DEEPEST} deep.")
        if kind in _MANY:
            items = [self.pack(item, depth + 1) for item in value]
            return Many(_MANY[kind], items)  # type: ignore[arg-type]
        if kind in _PAIRS:
            return self._pairs(_PAIRS[kind], value, depth)
        return self._other(kind, value, depth)

    def _other(self, kind: type, value: Any, depth: int) -> Item:
        if kind is bytes:
            return Raw("bytes", value)
        if kind is range:
            return Many("range", [self.pack(n) for n in (value.start, value.stop, value.step)])
        if is_record(kind):
            return self._record(kind, value, depth)
        if self._opens_mappings and isinstance(value, Mapping):
            return self._pairs("dict", value, depth)
        return self._export(value)

    def _pairs(self, name: str, value: Mapping[Any, Any], depth: int) -> Pairs:
        depth += 1
        items = [(self.pack(key, depth), self.pack(item, depth)) for key, item in value.items()]
        return Pairs(name, items)  # type: ignore[arg-type]

    def _record(self, kind: type, value: Any, depth: int) -> Record:
        name = f"{kind.__module__}:{kind.__qualname__}"
        if isinstance(value, enum.Enum):
            return Record(name, [value.name])
        fields = [f for f in dataclasses.fields(value) if f.init]
        return Record(name, [self.pack(getattr(value, f.name), depth + 1) for f in fields])


class Unpacker:
    """Turns items back into values; handles, own things and failures go to `resolve`."""

    def __init__(self, resolve: Callable[[Handle | Own | Failure], Any]) -> None:
        self._resolve = resolve
        self._builders: dict[type, Callable[[Any], Any]] = {
            Many: self._many,
            Pairs: self._dict,
            Record: self._record,
            Big: lambda item: int(item.digits, 16),
            Raw: self._raw,
        }

    def unpack(self, item: Item) -> Any:
        """Return the value; raises `CannotCrossError` if there is no such value."""
        try:
            return self._unpack(item)
        except (TypeError, ValueError, RecursionError, OverflowError) as error:
            if isinstance(error, CannotCrossError):
                raise
            raise CannotCrossError(f"No value looks like that: {error}") from error

    def _unpack(self, item: Item) -> Any:
        kind = type(item)
        if kind in {Handle, Own, Failure}:
            return self._resolve(item)  # type: ignore[arg-type]
        build = self._builders.get(kind)
        return item if build is None else build(item)

    def _many(self, item: Any) -> Any:
        items = [self._unpack(part) for part in item.items]
        if item.kind == "list":
            return items
        if item.kind == "range":
            if len(range(*items)) > _LONGEST_RANGE:
                raise CannotCrossError(f"A range is longer than {_LONGEST_RANGE:,}.")
            return range(*items)
        if item.kind in {"set", "frozenset"}:
            _check_keys(items)
        return _MANY_BACK[item.kind](items)

    def _dict(self, item: Any) -> Any:
        _check_keys(item.items)
        pairs = [(self._unpack(key), self._unpack(value)) for key, value in item.items]
        return _PAIRS_BACK[item.kind](pairs)

    def _raw(self, item: Any) -> Any:
        return item.data if item.kind == "bytes" else item.data.decode("utf-8", "surrogatepass")

    def _record(self, item: Any) -> Any:
        kind: Any = _find_record(item.kind)
        values = [self._unpack(part) for part in item.fields]
        if issubclass(kind, enum.Enum):
            if len(values) != 1 or values[0] not in kind.__members__:
                raise CannotCrossError(f"{kind.__name__} has no such member.")
            return kind[values[0]]
        fields = [f for f in dataclasses.fields(kind) if f.init]
        if len(fields) != len(values):
            raise CannotCrossError(f"{kind.__name__} has {len(fields)} fields.")
        return kind(**{field.name: value for field, value in zip(fields, values, strict=True)})


def _check_keys(items: Sized) -> None:
    if len(items) > _MOST_KEYS:
        raise CannotCrossError(f"A dict or set has more than {_MOST_KEYS:,} keys.")


def is_record(kind: type) -> bool:
    """Tell whether a class is one of the course's plain records."""
    module = kind.__module__
    if not str(module).startswith(_RECORDS) or module.startswith(_NO_RECORDS):
        return False
    return dataclasses.is_dataclass(kind) or issubclass(kind, enum.Enum)


def _find_record(name: str) -> type:
    module, _, qualname = name.partition(":")
    kind: Any = getattr(sys.modules.get(module), qualname, None) if module else None
    if not isinstance(kind, type) or not is_record(kind):
        raise CannotCrossError("There is no such record.")
    return kind


def _text(value: str) -> str | Raw:
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return Raw("text", value.encode("utf-8", "surrogatepass"))
    return value


def _whole(value: int) -> int | Big:
    if -(2**63) <= value < 2**63:
        return value
    if value.bit_length() > 16_000:
        raise CannotCrossError("A whole number has more than 4,800 digits.")
    return Big(hex(value))
