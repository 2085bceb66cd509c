"""Plain data crosses exactly; everything else crosses as what it is, or not at all."""

from __future__ import annotations

import socket
from collections import Counter, OrderedDict, deque
from enum import IntEnum
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.grading.wire.channel import BadFrameError, Channel, ClosedError, LateError
from autograder.grading.wire.failures import pack_failure, unpack_failure
from autograder.grading.wire.messages import Find, Found, Handle, Item, Many, Pairs, Record
from autograder.grading.wire.values import CannotCrossError, Packer, Unpacker

KEYS = st.none() | st.booleans() | st.integers() | st.text() | st.binary()
VALUES = st.recursive(
    KEYS | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.lists(inner).map(deque)
        | st.sets(KEYS)
        | st.frozensets(KEYS)
        | st.dictionaries(KEYS, inner)
        | st.dictionaries(KEYS, inner).map(OrderedDict)
    ),
)


def _export(value: Any) -> Handle:
    return Handle(1, "object", type(value).__name__)


def _resolve(item: Any) -> Any:
    return item


PACKER, UNPACKER = Packer(_export), Unpacker(_resolve)


def across(value: Any) -> Any:
    """Return what arrives on the other side of a wire."""
    frame = msgspec.msgpack.encode(PACKER.pack(value))
    return UNPACKER.unpack(msgspec.msgpack.decode(frame, type=Item))


@given(VALUES)
def test_plain_data_arrives_as_it_was(value: Any) -> None:
    """Values and their types are the same on the other side, in every depth."""
    assert _told(across(value)) == _told(value)


def _told(value: Any) -> Any:
    """Return a text that tells apart what `==` does not: 1, 1.0 and True; -0.0 and 0.0."""
    kind = type(value).__name__
    if isinstance(value, set | frozenset):
        return kind, sorted(map(repr, value))
    if isinstance(value, dict):
        return kind, [(repr(key), _told(item)) for key, item in value.items()]
    if isinstance(value, list | tuple | deque):
        return kind, [_told(item) for item in value]
    return kind, repr(value)


class Small(IntEnum):
    """An enumeration that is no record of the course."""

    ONE = 1


class Text(str):
    """A text with ideas of its own."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


@pytest.mark.parametrize("value", [Small.ONE, Text("a"), object(), 1j, bytearray(b"x"), Ellipsis])
def test_what_is_no_exact_plain_type_is_no_data(value: Any) -> None:
    """A subclass of a plain type, or a type that is not known, crosses as a handle."""
    assert across(value) == Handle(1, "object", type(value).__name__)
    assert across([value]) == [Handle(1, "object", type(value).__name__)]


def test_nesting_and_sizes_have_an_end() -> None:
    """Too deep, too many digits: refused by whoever sends it."""
    deep: list[Any] = []
    for _ in range(80):
        deep = [deep]
    for value in (deep, 10**5_000):
        with pytest.raises(CannotCrossError):
            PACKER.pack(value)


@pytest.mark.parametrize(
    "item",
    [
        Many("set", [Many("list", [])]),
        Pairs("dict", [(Many("list", []), 1)]),
        Many("range", [1, 2, 0]),
        Many("range", [0, 10**9, 1]),
        Many("range", ["a"]),
        Many("set", list(range(20_000))),
        Record("os:system", ["true"]),
        Record("toollab.calls:ToolCall", ["too", "few"]),
        Record("toollab.checks:Report", ["forged", [], [], []]),
    ],
)
def test_items_that_are_no_value_are_refused(item: Any) -> None:
    """What no honest sender makes is an error here, and nothing is built of it."""
    with pytest.raises(CannotCrossError):
        UNPACKER.unpack(item)


def test_counters_and_ranges_keep_their_kind() -> None:
    """A Counter and a range arrive as such."""
    assert across(Counter("aab")) == Counter("aab")
    assert across([range(2, 9, 3)]) == [range(2, 9, 3)]


class LoudError(ValueError):
    """An exception whose text does things."""

    def __str__(self) -> str:
        raise RuntimeError("no text")


@pytest.mark.parametrize(
    "error",
    [
        ValueError("bad"),
        KeyError("key"),
        OSError(2, "gone"),
        UnicodeDecodeError("utf-8", b"x", 0, 1, "odd"),
        StopIteration(3),
        ExceptionGroup("some", [ValueError(1), ExceptionGroup("more", [TypeError(2)])]),
    ],
)
def test_known_exceptions_arrive_as_themselves(error: BaseException) -> None:
    """Class, arguments and text are the same on the other side."""
    packed = pack_failure(error, PACKER.pack)
    found = unpack_failure(packed, UNPACKER.unpack)
    assert type(found) is type(error)
    assert str(found) == str(error)
    assert repr(found) == repr(error)


def test_what_an_exception_does_when_printed_stays_at_home() -> None:
    """A class of its own arrives under its name, as the nearest known one, with a plain text."""
    found = unpack_failure(pack_failure(LoudError("x"), PACKER.pack), UNPACKER.unpack)
    assert isinstance(found, ValueError)
    assert (type(found).__name__, str(found)) == ("LoudError", "<LoudError>")


def _pair(limit: int = 1_000) -> tuple[socket.socket, Channel[Found]]:
    here, there = socket.socketpair()
    return here, Channel(there, Found, limit=limit)


def test_a_message_arrives_in_pieces() -> None:
    """However a frame is cut, one message is read, and what follows stays for the next."""
    here, channel = _pair()
    frame = msgspec.msgpack.encode(Found({"a": 1}))
    data = (len(frame).to_bytes(4, "big") + frame) * 2
    here.sendall(data[:3])
    with pytest.raises(LateError):
        channel.receive(0.0)
    here.sendall(data[3:])
    assert channel.receive(5.0) == Found({"a": 1})
    assert channel.pending()
    assert channel.receive(5.0) == Found({"a": 1})
    here.close()
    with pytest.raises(ClosedError):
        channel.receive(5.0)
    channel.close()


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\xff" * 9,
        msgspec.msgpack.encode(Find(["a"])),
        msgspec.msgpack.encode({"tag": "found"}),
    ],
)
def test_what_is_no_message_is_told(frame: bytes) -> None:
    """Bytes that are no message, and messages of another kind, are errors."""
    here, channel = _pair()
    with here:
        here.sendall(len(frame).to_bytes(4, "big") + frame)
        with pytest.raises(BadFrameError):
            channel.receive(5.0)
    channel.close()


def test_a_frame_that_is_too_long_is_not_read() -> None:
    """Its length is enough to refuse it."""
    here, channel = _pair(limit=10)
    with here:
        here.sendall((11).to_bytes(4, "big"))
        with pytest.raises(BadFrameError, match="11 bytes"):
            channel.receive(5.0)
    channel.close()
