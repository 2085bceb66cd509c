"""Whatever bytes a jail sends, the witness comes to a verdict or says why there is none."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.grading.limits import Limits
from autograder.grading.wire import cells as kernels
from autograder.grading.wire.channel import BadFrameError, Channel, ClosedError
from autograder.grading.wire.jobs import CellSeen, Check, CheckSeen, Ended, Told
from autograder.grading.wire.messages import (
    Big,
    Blocked,
    Call,
    Cancel,
    Failed,
    Failure,
    Find,
    Found,
    Handle,
    Many,
    Own,
    Pairs,
    Param,
    Place,
    Printed,
    Raised,
    Raw,
    Record,
    Reply,
    Rest,
    Turn,
    Warned,
)
from autograder.grading.witness.driver import Driver, Jail
from autograder.grading.witness.judge import judge
from autograder.grading.witness.link import Link
from autograder.grading.witness.patience import OverdueError, at_most
from autograder.grading.witness.server import say_nothing_by_yourself
from tests.walled import GOOD, REPORT, Small

# Each conversation has a process of its own, as each witness has; newer Pythons warn of forks.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

PATIENCE = 0.5  # seconds of real time that a check gets; a hang costs no more than this

# -- what a jail may send: well-formed messages with senseless contents -------------------------

numbers = st.integers(0, 12)
names = st.sampled_from(
    ["", "__call__", "__iter__", "__next__", "send", "earned", "__class__", "x y"]
)
texts = st.text(max_size=12)
moments = st.floats() | st.sampled_from([0.0, 0.1, 0.5, 1.0, 1e300])
kinds = st.sampled_from(
    [
        "function",
        "coroutine function",
        "generator function",
        "async generator function",
        "coroutine",
        "future",
        "object",
    ]
)
members = st.dictionaries(
    names,
    st.sampled_from(["plain", "coroutine", "generator", "async generator", "value"]),
    max_size=4,
)
params = st.lists(st.builds(Param, texts, st.integers(0, 4), st.booleans()), max_size=3)
handles = st.builds(Handle, numbers, kinds, names | texts, texts, st.none() | params, members)
classes = st.sampled_from(
    [
        "builtins:ValueError",
        "builtins:KeyboardInterrupt",
        "builtins:SystemExit",
        "builtins:StopIteration",
        "builtins:NotImplementedError",
        "builtins:AssertionError",
        "builtins:BaseExceptionGroup",
        "builtins:UnicodeDecodeError",
        "asyncio.exceptions:CancelledError",
        "toollab.clock._state:Deadlock",
        "nowhere:Nothing",
        "",
    ]
)
places = st.builds(Place, texts, st.integers(0, 100_000), texts, st.booleans())
records = st.sampled_from(
    ["toollab.calls:ToolResult", "toollab.calls:ToolCall", "os:system", "", "a:"]
)


def failures_of(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Failure]:
    """Make exceptions with these arguments."""
    return st.builds(
        Failure,
        st.lists(classes, min_size=1, max_size=3),
        texts,
        st.none() | st.lists(items, max_size=3),
        st.just([]),
        st.lists(places, max_size=2),
    )


plain = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | texts
    | st.builds(Big, st.from_regex(r"\A-?0x[0-9a-f]{1,20}\Z"))
    | st.builds(Raw, st.sampled_from(["bytes", "text"]), st.binary(max_size=8))
    | st.builds(Own, numbers)
    | handles
)
items = st.recursive(
    plain,
    lambda inside: (
        st.builds(
            Many,
            st.sampled_from(["list", "tuple", "set", "frozenset", "deque", "range"]),
            st.lists(inside, max_size=4),
        )
        | st.builds(
            Pairs,
            st.sampled_from(["dict", "OrderedDict", "defaultdict", "Counter"]),
            st.lists(st.tuples(inside, inside), max_size=3),
        )
        | st.builds(Record, records, st.lists(inside, max_size=4))
        | failures_of(inside)
    ),
    max_leaves=8,
)
failures = failures_of(items)
calls = st.builds(
    Call,
    numbers,
    numbers,
    st.sampled_from(["call", "await", "get"]),
    names,
    st.lists(items, max_size=2),
    st.dictionaries(texts, items, max_size=2),
    st.sampled_from(["task", "thread"]),
    texts,
    texts,
    st.none() | texts,
    st.booleans(),
    numbers,
)
events = (
    calls
    | st.builds(Reply, numbers, items, numbers)
    | st.builds(Failed, numbers, failures, numbers)
    | st.builds(Cancel, numbers)
    | st.builds(Raised, failures, numbers)
    | st.builds(Blocked, texts, texts, moments)
    | st.builds(Printed, st.sampled_from(["stdout", "stderr"]), texts)
    | st.builds(Warned, texts, texts)
)
deadlines = st.none() | st.tuples(moments, st.tuples(moments, moments, st.integers(-5, 5)))
rests = st.builds(
    Rest,
    moments,
    deadlines,
    st.lists(events, max_size=4),
    numbers,
    st.booleans(),
    numbers,
    st.booleans(),
    st.lists(texts, max_size=2),
)
others = st.builds(Find, st.lists(texts, max_size=2)) | st.builds(
    Turn, moments, moments, st.just([])
)
founds = st.builds(
    Found, st.dictionaries(st.sampled_from(["dispatch_all", "triple", "answer", "x"]), items)
)
functions = st.builds(
    lambda kind, more: Found(
        {**more, "dispatch_all": Handle(1, kind, "f"), "triple": Handle(2, kind)}
    ),
    kinds,
    st.dictionaries(st.just("answer"), items),
)


def framed(message: object) -> bytes:
    """Return a message as it crosses."""
    frame = msgspec.msgpack.encode(message)
    return struct.pack(">I", len(frame)) + frame


def spoilt(data: bytes, changes: Sequence[tuple[int, int]], kept: float) -> bytes:
    """Return bytes with some of them changed, and the end cut off."""
    spoiled = bytearray(data)
    for place, byte in changes:
        if spoiled:
            spoiled[place % len(spoiled)] = byte
    return bytes(spoiled[: int(len(spoiled) * kept) + 1])


def streams(messages: st.SearchStrategy[Any]) -> st.SearchStrategy[bytes]:
    """Make conversations of these messages, intact, damaged, cut, or of no messages at all."""
    intact = st.lists(messages, max_size=12).map(lambda said: b"".join(map(framed, said)))
    changes = st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), max_size=3)
    damaged = st.builds(spoilt, intact, changes, st.floats(0, 1))
    values = st.recursive(
        st.none() | st.integers(-(2**63), 2**63 - 1) | st.floats() | texts | st.binary(max_size=9),
        lambda inside: st.lists(inside, max_size=4) | st.dictionaries(texts, inside, max_size=3),
        max_leaves=10,
    )
    senseless = st.lists(values, max_size=4).map(lambda said: b"".join(map(framed, said)))
    deep = st.integers(1, 60_000).map(lambda size: struct.pack(">I", size) + b"\x91" * size)
    return intact | damaged | senseless | deep | st.binary(max_size=60)


# -- checks ---------------------------------------------------------------------------------------


def prefilled(data: bytes) -> socket.socket:
    """Return a socket at whose other end somebody said this and hung up."""
    here, there = socket.socketpair()
    there.sendall(data)
    there.shutdown(socket.SHUT_WR)
    _kept.extend((here, there))
    return here


_kept: list[socket.socket] = []


def hang_up() -> None:
    """Close both ends of everything."""
    while _kept:
        _kept.pop().close()


def in_a_fork(work: Callable[[], Any]) -> Any:
    """Return what `work` returns, as data, from a process that dies afterwards."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            say_nothing_by_yourself()
            answer = msgspec.msgpack.encode(work())
            with os.fdopen(writer, "wb") as said:
                said.write(answer)
        finally:
            os._exit(0)
    os.close(writer)
    hang_up()
    with os.fdopen(reader, "rb") as said:
        answer = said.read()
    os.waitpid(pid, 0)
    assert answer, "the witness died, or had to be given up"
    return msgspec.msgpack.decode(answer)


def verdict(check: Check, data: bytes) -> CheckSeen:
    """Return the verdict of a check whose jail said this."""
    channel: Channel[Rest | Found] = Channel(prefilled(data), Rest | Found, limit=4 << 20)
    try:
        with at_most(PATIENCE, lambda: os._exit(1)) as late:
            seen = judge(check, Link(channel, PATIENCE), "")
    except OverdueError as error:
        return CheckSeen(check.grade_id, None, str(error))
    return CheckSeen(check.grade_id, None, late[0]) if late else seen


def settle(check: Check, data: bytes) -> None:
    """Demand a verdict, and one that is not full marks."""
    seen = msgspec.convert(in_a_fork(lambda: verdict(check, data)), CheckSeen)
    assert seen.bundle is not None or seen.reason
    if seen.bundle is not None:
        report = seen.bundle[REPORT]
        assert 0 <= report["earned"] < report["possible"]


CHECKED = Small().blueprint().checks


@pytest.mark.parametrize("name", [f"{exercise}-check" for exercise in GOOD])
@given(data=streams(founds | rests | others))
def test_any_conversation(name: str, data: bytes) -> None:
    """A check whose jail says anything in any order ends in a verdict without full marks."""
    settle(CHECKED[name], data)


@pytest.mark.parametrize("name", ["dispatch-all-check", "triple-check"])
@settings(max_examples=settings.default.max_examples * 2 // 5)  # some wait until they are late
@given(found=functions, data=streams(rests))
def test_any_answers(name: str, found: Found, data: bytes) -> None:
    """So does one whose jail has the functions wanted, and answers senselessly."""
    settle(CHECKED[name], framed(found) + data)


# -- cells ----------------------------------------------------------------------------------------

mimes = st.sampled_from(["text/plain", "text/html", REPORT, "application/json", ""])
spots = st.integers(0, 9)
reports = (
    st.builds(kernels.Stream, spots, st.sampled_from(["stdout", "stderr"]), texts)
    | st.builds(
        kernels.Shown,
        spots,
        st.sampled_from(["result", "display", "update"]),
        st.dictionaries(mimes, texts, max_size=2),
        st.dictionaries(mimes, texts, max_size=2),
        st.sampled_from(["{}", "[]", "nonsense", '{"a": 1}', "[" * 5_000]),
        texts,
    )
    | st.builds(kernels.Cleared, spots, st.booleans())
    | st.builds(kernels.Error, spots, texts, texts, st.lists(texts, max_size=3))
    | st.builds(kernels.Done, spots, st.sampled_from(["ok", "error", "interrupted"]))
    | st.builds(kernels.Forked, spots, texts)
)


@given(said=st.lists(streams(reports), min_size=5, max_size=5), checks=streams(founds | rests))
def test_any_kernel(said: list[bytes], checks: bytes) -> None:
    """A notebook whose kernels say anything ends with a word on every cell and every check."""
    job = (
        Small(Limits(cell_seconds=5.0, check_seconds=PATIENCE))
        .blueprint()
        .job(Small().notebook(GOOD))
    )

    def run() -> list[Told]:
        told: list[Told] = []
        kernel = iter(said)

        def jail(copies: int) -> Jail:
            main = prefilled(next(kernel, b""))
            return Jail(prefilled(b"-9"), main, [prefilled(checks) for _ in range(copies)])

        driver = Driver(job, told.append, jail)
        driver._give_up = lambda _number: os._exit(1)  # type: ignore[method-assign]
        driver.run(jail(3))
        return told

    told = msgspec.convert(in_a_fork(run), list[Told])
    assert isinstance(told[-1], Ended)
    cells = [seen for seen in told if isinstance(seen, CellSeen)]
    assert [seen.place for seen in cells] == [c.place for c in job.cells if c.check is None]
    verdicts = {seen.grade_id: seen for seen in told if isinstance(seen, CheckSeen)}
    assert set(verdicts) == set(CHECKED)
    assert all(seen.bundle is not None or seen.reason for seen in verdicts.values())
    assert REPORT not in str(cells)


# -- frames ---------------------------------------------------------------------------------------


@given(data=st.binary(max_size=200), limit=st.integers(0, 100))
def test_frames(data: bytes, limit: int) -> None:
    """Bytes are messages of the type that is wanted, no frame at all, or not complete."""
    channel: Channel[Any] = Channel(prefilled(data), Rest | Found, limit=limit)
    try:
        while True:
            assert isinstance(channel.receive(PATIENCE), Rest | Found)
    except (BadFrameError, ClosedError):
        pass
    finally:
        hang_up()
