"""How a run knows that nothing in it can go on, with and without a view of its threads."""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.toollab.clock.players import batches, play, pool_map, seen, times
from toollab.clock import Clock
from toollab.clock._quiet import ArrivalLook, ThreadLook, best_look
from toollab.tools import Batch
from toollab.trace import good_trace


@settings(max_examples=10)
@given(batches(max_size=5), st.integers(1, 4))
def test_arrivals_give_the_same_trace(batch: Batch, limit: int) -> None:
    """Where threads cannot be watched, counting arrivals comes to the same events."""
    expected = min(limit, len(batch.calls))
    run = play(
        batch,
        pool_map(limit),
        blocking=True,
        look=lambda clock: ArrivalLook(clock, expected, patience=40),
    )
    good = good_trace(batch.calls, batch.seconds, limit=limit)
    assert times(seen(run, batch)) == times(good)


class FakeClock:
    """A clock on which so many threads wait."""

    def __init__(self, *, sleeping: int, others: int) -> None:
        self.sleeping = sleeping
        self._others = others

    def others(self) -> list[int]:
        """Return as many threads."""
        return [0] * self._others


def _rests(sleeping: int, others: int, expected: int | None, looks: int) -> bool:
    clock: Any = FakeClock(sleeping=sleeping, others=others)
    look = ArrivalLook(clock, expected, patience=5)
    return [look.at_rest() for _ in range(looks)][-1]


@pytest.mark.parametrize(
    ("sleeping", "others", "expected", "rests"),
    [
        (3, 4, 3, True),  # all that are expected
        (4, 9, 3, True),  # and more
        (2, 4, 3, False),  # one is missing
        (2, 2, None, True),  # everybody waits
        (2, 3, None, False),  # the main thread does something else
        (0, 1, None, False),  # nobody waits
    ],
)
def test_arrivals_are_believed_at_once_only_if_nobody_can_be_missing(
    sleeping: int, others: int, expected: int | None, rests: bool
) -> None:
    """Expected calls in flight are enough; so is every thread in a tool."""
    assert _rests(sleeping, others, expected, looks=1) is rests
    assert _rests(sleeping, others, expected, looks=6) is True


def test_patience_starts_anew_with_each_arrival() -> None:
    """As long as somebody arrives, nobody is taken for missing."""
    clock: Any = FakeClock(sleeping=0, others=9)
    look = ArrivalLook(clock, patience=3)
    for arrived in range(5):
        clock.sleeping = arrived
        assert [look.at_rest() for _ in range(3)] == [False] * 3
    look.forget()
    assert [look.at_rest() for _ in range(3)] == [False, False, True]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows what threads do")
def test_a_thread_that_has_something_to_do_is_seen() -> None:
    """Two looks must agree; a busy thread is never at rest, one that waits is."""
    clock = Clock()
    look = best_look(clock)
    assert isinstance(look, ThreadLook)
    go_on, rests = threading.Event(), []

    def watch() -> None:
        rests.append(look.at_rest())  # the first look knows nothing
        look.forget()
        while not look.at_rest():
            pass
        rests.append(True)
        go_on.set()

    watcher = threading.Thread(target=watch)
    clock.helpers.add(watcher)
    watcher.start()
    go_on.wait()
    watcher.join()
    assert rests == [False, True]
    assert [look.at_rest() for _ in range(20)] == [False] * 20  # this thread is running
    look.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows what threads do")
def test_a_look_that_is_closed_holds_no_file() -> None:
    """What a look keeps open, of few threads or of many, is closed with it."""
    before = set(os.listdir("/proc/self/fd"))  # noqa: PTH208 - numbers, not paths
    look = ThreadLook(Clock())
    go_on = threading.Event()
    threads = [threading.Thread(target=go_on.wait) for _ in range(60)]
    for thread in threads:
        thread.start()
    assert [look.at_rest() for _ in range(3)] == [False] * 3  # this thread is running
    assert 0 < len(set(os.listdir("/proc/self/fd")) - before) <= 80  # noqa: PTH208
    look.close()
    assert set(os.listdir("/proc/self/fd")) <= before  # noqa: PTH208
    go_on.set()
    for thread in threads:
        thread.join()


def test_no_run_waits_for_what_only_watches_another() -> None:
    """A thread that begins to watch one run is no part of a run that began inside it before."""
    outer, inner = Clock(), Clock()
    go_on = threading.Event()
    watcher = threading.Thread(target=go_on.wait)
    outer.helpers.add(watcher)
    watcher.start()
    assert watcher not in inner.others()
    assert watcher not in outer.others()
    go_on.set()
    watcher.join()
    inner.helpers.add(threading.Thread())
    assert watcher not in outer.helpers  # it has ended
