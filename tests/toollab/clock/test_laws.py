"""Laws of simulated time, the same for coroutines and for threads."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.toollab.clock.players import CORO, THREADS, batches, play, seen, times
from toollab.tools import Batch
from toollab.trace import good_trace

limits = st.integers(1, 9)
coroutine_styles = st.sampled_from(sorted(CORO))
thread_styles = st.sampled_from(sorted(THREADS))


def _obeys_the_laws(batch: Batch, limit: int, run_in: str, *, blocking: bool) -> None:
    """Hold one run to the bounds, and to the trace that arithmetic predicts."""
    maker = (THREADS if blocking else CORO)[run_in]
    run = play(batch, maker(limit), blocking=blocking)
    trace, good = seen(run, batch), good_trace(batch.calls, batch.seconds, limit=limit)
    durations = batch.seconds.values()
    assert max(durations) <= trace.makespan <= math.fsum(durations) + 1e-9
    assert trace.peak == min(limit, len(batch.calls)) == good.peak
    assert times(trace) == times(good)
    assert trace.makespan == good.makespan == run.total
    assert run.value == [f"get_price says K{i}" for i in range(len(batch.calls))]
    assert run.unfinished() == ()


@given(batches(), limits, coroutine_styles)
def test_coroutines_take_what_arithmetic_says(batch: Batch, limit: int, style: str) -> None:
    """Every start and end, the makespan and the peak are those of the predicted trace."""
    _obeys_the_laws(batch, limit, style, blocking=False)


@given(batches(), limits, thread_styles)
def test_threads_take_what_arithmetic_says(batch: Batch, limit: int, style: str) -> None:
    """Real threads, scheduled by the real machine, give the same trace to the digit."""
    _obeys_the_laws(batch, limit, style, blocking=True)


@given(batches(), coroutine_styles)
def test_coroutines_one_at_a_time_take_the_sum(batch: Batch, style: str) -> None:
    """A limit of one is serial."""
    run = play(batch, CORO[style](1))
    assert math.isclose(seen(run, batch).makespan, math.fsum(batch.seconds.values()))


@given(batches(), thread_styles)
def test_threads_one_at_a_time_take_the_sum(batch: Batch, style: str) -> None:
    """One worker is serial."""
    run = play(batch, THREADS[style](1), blocking=True)
    assert math.isclose(seen(run, batch).makespan, math.fsum(batch.seconds.values()))


@given(batches(), limits, coroutine_styles)
def test_the_same_batch_gives_the_same_coroutine_trace(
    batch: Batch, limit: int, style: str
) -> None:
    """Two runs cannot be told apart, down to the order of events."""
    first, second = (play(batch, CORO[style](limit)) for _ in range(2))
    assert first == second


@given(batches(), limits, st.sampled_from(["pool_map", "loose_threads"]))
def test_the_same_batch_gives_the_same_thread_trace(batch: Batch, limit: int, style: str) -> None:
    """Chance decides which thread starts first, and nothing in the trace shows it."""
    first, second = (play(batch, THREADS[style](limit), blocking=True) for _ in range(2))
    assert first == second


@pytest.fixture
def busy() -> Iterator[None]:
    """Two processes that keep two cores busy."""
    spin = [sys.executable, "-S", "-c", "while True: pass"]
    processes = [subprocess.Popen(spin) for _ in range(2)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.usefixtures("busy")
def test_threads_are_exact_on_a_busy_machine(full: bool) -> None:
    """Load changes no event; `--full` plays a thousand runs."""

    @settings(max_examples=1_000 if full else 20)
    @given(batches(), limits, thread_styles)
    def law(batch: Batch, limit: int, style: str) -> None:
        _obeys_the_laws(batch, limit, style, blocking=True)

    law()
