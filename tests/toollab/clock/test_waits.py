"""Whatever code can wait with takes simulated time, to the digit."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter as stopwatch
from time import sleep as nap
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.toollab.clock.players import play
from toollab.calls import ToolCall
from toollab.clock import Run, attempt
from toollab.tools import Batch

# These tests are about waiting; no run of them takes real time.  A dispatcher is always given
# its calls.
# ruff: noqa: ARG001, TID251

seconds = st.integers(1, 3_000).map(lambda n: n / 1_000)


def one_call(duration: float) -> Batch:
    """Make a batch of one call."""
    return Batch((ToolCall("c0", "get_price", {"key": "k"}),), {"c0": duration})


def value(run: Run) -> Any:
    """Return the value of a run that came back."""
    assert run.error is None, run.error
    return run.value


# -- coroutines -------------------------------------------------------------------------------


@given(st.lists(seconds, max_size=5))
def test_sleeps_add_up(naps: list[float]) -> None:
    """One sleep after another takes their sum, whichever clock is read."""

    async def fn() -> float:
        start = asyncio.get_running_loop().time()
        for length in naps:
            await asyncio.sleep(length)
        return asyncio.get_running_loop().time() - start

    run = attempt(fn)
    assert value(run) == pytest.approx(sum(naps)) == run.total


@given(seconds, seconds)
def test_a_coroutine_is_cut_off_at_its_timeout(duration: float, limit: float) -> None:
    """wait_for comes back at the earlier of the two moments, and then nothing runs any more."""

    async def fn(calls: list[ToolCall], registry: Any) -> str:
        try:
            return await asyncio.wait_for(registry["get_price"](key="k"), limit)
        except TimeoutError:
            return "late"

    run = play(one_call(duration), fn)
    (span,) = run.trace
    late = limit <= duration
    assert (value(run), span.state) == (("late", "cancelled") if late else (span.content, "ok"))
    assert run.total == span.end == min(duration, limit)
    assert run.unfinished() == ()
    assert run.left == 0


@given(seconds, seconds)
def test_a_thread_is_not_stopped_by_a_timeout(duration: float, limit: float) -> None:
    """wait_for gives up a thread in time, and the tool has its effect all the same."""

    async def fn(calls: list[ToolCall], registry: Any) -> str:
        try:
            return await asyncio.wait_for(asyncio.to_thread(registry["get_price"], key="k"), limit)
        except TimeoutError:
            return "late"

    run = play(one_call(duration), fn, blocking=True)
    (span,) = run.trace
    late = limit <= duration
    assert value(run) == ("late" if late else span.content)
    assert run.total == min(duration, limit)
    assert (span.end, span.state) == (duration, "ok")
    assert run.unfinished() == (("get_price#0",) if late else ())


@given(seconds, seconds)
def test_cancelling_ends_a_call_there_and_then(duration: float, after: float) -> None:
    """A cancelled tool ends at the moment of its cancellation, without an effect."""

    async def fn(calls: list[ToolCall], registry: Any) -> bool:
        task = asyncio.create_task(registry["get_price"](key="k"))
        await asyncio.wait([task], timeout=after)
        task.cancel()
        await asyncio.wait([task])
        return task.cancelled()

    run = play(one_call(duration), fn)
    (span,) = run.trace
    assert value(run) is (span.state == "cancelled") is (after <= duration)
    assert span.end == min(duration, after)


def test_asyncio_timeout_nests() -> None:
    """The inner, longer timeout is overtaken by the outer one."""

    async def fn() -> str:
        try:
            async with asyncio.timeout(0.3):
                async with asyncio.timeout(0.5):
                    await asyncio.sleep(10)
        except TimeoutError:
            return "outer"
        return "none"

    run = attempt(fn)
    assert (value(run), run.total) == ("outer", 0.3)


# -- threads ----------------------------------------------------------------------------------


def _future_result(limit: float) -> bool:
    with ThreadPoolExecutor(1) as pool:
        try:
            pool.submit(time.sleep, 1.0).result(timeout=limit)
        except TimeoutError:
            return False
    return True


def _futures_wait(limit: float) -> bool:
    with ThreadPoolExecutor(1) as pool:
        return not futures.wait([pool.submit(time.sleep, 1.0)], timeout=limit).not_done


def _as_completed(limit: float) -> bool:
    with ThreadPoolExecutor(1) as pool:
        try:
            return bool(list(futures.as_completed([pool.submit(time.sleep, 1.0)], timeout=limit)))
        except TimeoutError:
            return False


def _pool_map(limit: float) -> bool:
    with ThreadPoolExecutor(1) as pool:
        try:
            return bool(list(pool.map(time.sleep, [1.0], timeout=limit)))
        except TimeoutError:
            return False


def _after_a_second(act: Callable[[], Any]) -> threading.Thread:
    def later() -> None:
        time.sleep(1.0)
        act()

    thread = threading.Thread(target=later)
    thread.start()
    return thread


def _event(limit: float) -> bool:
    event = threading.Event()
    _after_a_second(event.set)
    return event.wait(limit)


def _queue(limit: float) -> bool:
    box: queue.Queue[int] = queue.Queue()
    _after_a_second(lambda: box.put(1))
    try:
        return box.get(timeout=limit) == 1
    except queue.Empty:
        return False


def _full_queue(limit: float) -> bool:
    box: queue.Queue[int] = queue.Queue(maxsize=1)
    box.put(0)
    _after_a_second(box.get)
    try:
        box.put(1, timeout=limit)
    except queue.Full:
        return False
    return True


def _condition(limit: float) -> bool:
    condition, done = threading.Condition(), []

    def act() -> None:
        with condition:
            done.append(1)
            condition.notify_all()

    _after_a_second(act)
    with condition:
        return bool(condition.wait_for(lambda: done, limit))


def _semaphore(limit: float) -> bool:
    gate = threading.Semaphore(0)
    _after_a_second(gate.release)
    return gate.acquire(timeout=limit)


def _barrier(limit: float) -> bool:
    barrier = threading.Barrier(2, timeout=limit)

    def act() -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait()

    _after_a_second(act)
    try:
        barrier.wait()
    except threading.BrokenBarrierError:
        return False
    return True


def _join(limit: float) -> bool:
    thread = _after_a_second(lambda: None)
    thread.join(limit)
    return not thread.is_alive()


WAITS = {
    wait.__name__.strip("_"): wait
    for wait in (
        _future_result,
        _futures_wait,
        _as_completed,
        _pool_map,
        _event,
        _queue,
        _full_queue,
        _condition,
        _semaphore,
        _barrier,
        _join,
    )
}


@pytest.mark.parametrize("limit", [0.25, 0.999, 1.001, 40.0])
@pytest.mark.parametrize("name", WAITS)
def test_every_timeout_of_threads_is_simulated(name: str, limit: float) -> None:
    """What comes after one second is in time or late, never by a hair of real time."""

    def fn() -> tuple[bool, float]:
        start = time.monotonic()
        came = WAITS[name](limit)
        return came, round(time.monotonic() - start, 6)

    came, took = value(attempt(fn))
    assert came is (limit > 1.0)
    waits_for_the_pool = name in {"future_result", "futures_wait", "as_completed", "pool_map"}
    assert took == (1.0 if came or waits_for_the_pool else limit)


def test_the_time_module_tells_simulated_time() -> None:
    """Every clock of it moves with the run, in its own unit; names bound early are covered."""

    def fn() -> list[float]:
        clocks: list[tuple[Callable[[], float], float]] = [
            (time.monotonic, 1),
            (time.perf_counter, 1),
            (time.time, 1),
            (time.monotonic_ns, 1e9),
            (time.perf_counter_ns, 1e9),
            (time.time_ns, 1e9),
            (stopwatch, 1),
        ]
        before = [read() for read, _ in clocks]
        nap(1.5)
        time.sleep(0.25)
        return [
            round((read() - b) / unit, 5) for (read, unit), b in zip(clocks, before, strict=True)
        ]

    run = attempt(fn)
    assert value(run) == [1.75] * 7
    assert run.total == 1.75


def test_a_function_inside_another_gets_its_bound_names_simulated() -> None:
    """A wrapper of another module does not hide `from time import sleep` of the function."""
    wrapped = Batch.world  # of another module, like the scenes that checks play

    def outer() -> Callable[[], None]:
        def inner() -> None:
            nap(3)

        def scene() -> None:
            inner()

        scene.__globals__["wrapped"] = wrapped
        return scene

    assert attempt(outer()).total == 3.0


def test_sleeping_backwards_is_an_error() -> None:
    """time.sleep refuses a negative length, as the real one does."""
    run = attempt(lambda: time.sleep(-1))
    assert type(run.error) is ValueError


def test_pools_without_a_size_are_the_same_everywhere() -> None:
    """The default number of workers does not depend on this machine's processors."""

    def fn() -> int:
        with ThreadPoolExecutor() as pool:
            return pool._max_workers  # type: ignore[attr-defined]

    assert value(attempt(fn)) == 32
