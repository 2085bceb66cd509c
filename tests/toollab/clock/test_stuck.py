"""Code that can never come back is freed, and told what is wrong with it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from textwrap import dedent
from typing import Any

import pytest

from tests.conftest import ROOT
from toollab.clock import (
    Deadlock,
    Endless,
    Livelock,
    Run,
    Spinning,
    Stuck,
    attempt,
    budget,
    patience,
)
from toollab.clock._guards import Watcher, allowance
from toollab.clock._loop import SimulatedLoop
from toollab.clock._state import Clock

# What is wrong here is wrong on purpose, and no run of it takes real time.
# ruff: noqa: ASYNC110, BLE001, S112, TID251

CASES: dict[str, tuple[type[Stuck], Callable[[], Any]]] = {}


def case(kind: type[Stuck]) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Note a function that gets stuck."""

    def note(fn: Callable[[], Any]) -> Callable[[], Any]:
        CASES[fn.__name__] = (kind, fn)
        return fn

    return note


@case(Deadlock)
async def nobody_sets_the_event() -> None:
    """Wait for what never comes."""
    await asyncio.Event().wait()


@case(Deadlock)
async def a_semaphore_is_never_released() -> None:
    """Forget to give back."""
    gate = asyncio.Semaphore(1)
    for _ in range(2):
        await gate.acquire()


@case(Deadlock)
async def tasks_wait_for_each_other() -> None:
    """Make a circle."""
    tasks: list[asyncio.Task[None]] = []

    async def wait_for(index: int) -> None:
        await asyncio.sleep(0.1)
        await tasks[index]

    tasks += [asyncio.ensure_future(wait_for(1)), asyncio.ensure_future(wait_for(0))]
    await asyncio.wait(tasks)


@case(Deadlock)
async def a_lock_of_threads_in_a_coroutine() -> None:
    """Use a lock that blocks the loop."""
    lock = threading.Lock()
    with lock:
        lock.acquire()


@case(Deadlock)
def a_lock_taken_twice() -> None:
    """Wait for oneself."""
    lock = threading.Lock()
    with lock:
        lock.acquire()


@case(Deadlock)
def a_pool_that_waits_for_its_own_worker() -> None:
    """Let the only worker wait for work that only it could do."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: pool.submit(time.sleep, 1).result()).result()


@case(Deadlock)
def two_locks_in_two_orders() -> None:
    """Take the second lock of the other."""
    one, two = threading.Lock(), threading.Lock()

    def take(first: Any, second: Any) -> None:
        with first:
            time.sleep(0.1)
            with second:
                pass

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(take, (one, two), (two, one)))


@case(Deadlock)
def a_barrier_for_one_too_many() -> None:
    """Wait at a barrier that never fills."""
    barrier = threading.Barrier(4)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: barrier.wait(), range(3)))


@case(Deadlock)
def a_loop_of_its_own_that_waits() -> None:
    """Get stuck inside asyncio.run."""
    asyncio.run(nobody_sets_the_event())


@case(Deadlock)
def a_loop_in_a_thread_that_waits() -> None:
    """Get stuck inside a thread's asyncio.run."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, nobody_sets_the_event()).result()


@case(Deadlock)
async def a_thread_that_waits_for_the_loop() -> None:
    """Wait in a thread for a coroutine that waits for nothing."""
    await asyncio.to_thread(threading.Event().wait)


@case(Livelock)
async def asks_again_and_again() -> None:
    """Poll without taking time."""
    while True:
        await asyncio.sleep(0)


@case(Endless)
async def sleeps_for_ever() -> None:
    """Poll, and never stop."""
    while True:
        await asyncio.sleep(1)


@case(Endless)
async def polls_very_often() -> None:
    """Poll so often that the horizon is far away."""
    while True:
        await asyncio.sleep(1e-6)


@case(Endless)
def sleeps_for_ever_on_its_own_thread() -> None:
    """Poll without a loop."""
    while True:
        time.sleep(1)


@case(Endless)
def sleeps_for_ever_in_a_worker() -> None:
    """Poll in a thread."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(sleeps_for_ever_on_its_own_thread).result()


@case(Spinning)
async def spins_on_the_loop() -> None:
    """Never await."""
    while True:
        pass


@case(Spinning)
def spins_in_a_worker() -> None:
    """Keep a worker busy for ever."""

    def spin() -> None:
        while True:
            pass

    with ThreadPoolExecutor(1) as pool:
        pool.submit(spin).result()


@case(Spinning)
async def spins_and_catches() -> None:
    """Turn whatever a task raises into a value."""

    async def spin() -> None:
        while True:
            pass

    await asyncio.gather(spin(), return_exceptions=True)


@case(Spinning)
def spins_and_swallows() -> None:
    """Catch everything, each time round."""
    while True:
        try:
            sum(range(100))
        except BaseException:
            continue


@case(Spinning)
def spins_in_a_finalizer_first() -> None:
    """Be interrupted where Python throws exceptions away."""

    class Busy:
        def __del__(self) -> None:
            while True:
                pass

    Busy()
    while True:
        pass


@case(Deadlock)
def waits_and_swallows() -> None:
    """Catch everything, and wait again."""
    lock = threading.Lock()
    with lock:
        while True:
            try:
                lock.acquire()
            except BaseException:
                continue


def _run(name: str) -> Run:
    kind, fn = CASES[name]
    with budget(0.2 if kind is Spinning else None):
        return attempt(fn)


@pytest.mark.parametrize("name", CASES)
def test_a_stuck_run_ends_and_says_how(name: str) -> None:
    """The error names the way it is stuck, with a sentence and a hint, and a later run is well."""
    run = _run(name)
    kind, _ = CASES[name]
    assert type(run.error) is kind
    assert run.error.sentence
    assert run.error.hint
    assert str(run.error) == f"{run.error.sentence}\nHint: {run.error.hint}"
    assert run.value is None
    assert attempt(lambda: "well").value == "well"


@pytest.mark.parametrize("name", [name for name in CASES if "swallows" not in name])
def test_a_stuck_run_on_another_thread_ends_too(name: str) -> None:
    """Where no signal reaches, the stuck thread is given up and the caller goes on."""
    runs: list[Run] = []
    thread = threading.Thread(target=lambda: runs.append(_run(name)))
    thread.start()
    thread.join()
    (run,) = runs
    assert type(run.error) is CASES[name][0]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("nobody_sets_the_event", "nobody_sets_the_event"),
        ("tasks_wait_for_each_other", "wait_for"),
        ("a_lock_taken_twice", "a_lock_taken_twice"),
        ("a_lock_of_threads_in_a_coroutine", "a_lock_of_threads_in_a_coroutine"),
        ("two_locks_in_two_orders", "take"),
        ("a_barrier_for_one_too_many", "a_barrier_for_one_too_many"),
    ],
)
def test_a_deadlock_names_the_place(name: str, place: str) -> None:
    """The sentence says where in the learner's code it waits."""
    error = _run(name).error
    assert isinstance(error, Deadlock)
    assert f" {place}, line" in error.sentence


def test_patience_is_lost_once() -> None:
    """After a run that spun, the next in the same block gets little time, and none outside."""
    told: list[float] = []

    def spins() -> None:
        while True:
            pass

    with patience():
        told.append(allowance(5.0))
        assert isinstance(attempt(spins, cpu_seconds=0.2).error, Spinning)
        told.append(allowance(5.0))
        with patience():
            told.append(allowance(5.0))
        told.append(allowance(0.1))
    told.append(allowance(5.0))
    assert told == [5.0, 0.5, 5.0, 0.1, 5.0]


def test_an_endless_run_is_told_its_time() -> None:
    """A horizon can be set, and the run ends there."""
    run = attempt(sleeps_for_ever)
    assert run.total == 3600.0
    assert "3,600 simulated seconds" in str(run.error)


def test_a_run_that_takes_long_is_not_endless() -> None:
    """An hour of simulated time is there for those who need it."""

    async def fn() -> str:
        await asyncio.sleep(3_599)
        return "done"

    assert attempt(fn).value == "done"


def test_a_deadlock_is_noticed_though_it_is_caught() -> None:
    """Code that swallows what was to free it does not get away with it."""

    def fn() -> str:
        lock = threading.Lock()
        with lock:
            try:
                lock.acquire()
            except BaseException:
                return "all well"
        return ""

    run = attempt(fn)
    assert (type(run.error), run.value) == (Deadlock, None)


def _python(script: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a Python of its own, from whichever folder and settings."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", dedent(script)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_stuck_threads_do_not_keep_python_from_ending() -> None:
    """A process that has seen every kind of stuck run exits by itself."""
    script = """
        from threading import Thread
        from toollab.clock import attempt, budget
        from tests.toollab.clock.test_stuck import CASES
        runs = []
        def play(names):
            with budget(0.5):
                runs.extend(attempt(CASES[name][1]) for name in names)
        play(CASES)
        thread = Thread(target=play, args=[["spins_and_swallows"]])
        thread.start()
        thread.join()
        print(*[type(run.error).__name__ for run in runs])
    """
    done = _python(script)
    assert (done.returncode, done.stderr) == (0, "")
    kinds = [*(kind.__name__ for kind, _ in CASES.values()), "Spinning"]
    assert done.stdout.split() == kinds


def test_however_often_it_is_struck_nothing_gets_out() -> None:
    """Strikes that land in the clearing up neither reach the caller nor print anything."""
    script = """
        from toollab.clock import Spinning, _guards, attempt, budget
        from tests.toollab.clock.test_stuck import CASES
        _guards._SECONDS_BETWEEN_LOOKS = 0.0001
        for _ in range(6):
            for kind, fn in CASES.values():
                if kind is Spinning:
                    with budget(0.02):
                        assert type(attempt(fn).error) is Spinning, fn
    """
    done = _python(script)
    assert (done.returncode, done.stderr) == (0, "")


def test_nothing_is_sent_to_a_run_that_is_over() -> None:
    """Who would interrupt a run that has left all that may be interrupted sends nothing."""
    sent: list[str] = []
    told: list[str] = []
    notes = {name: partial(told.append, name) for name in ("on_slow", "on_lost")}
    watcher = Watcher(Clock(), 1.0, on_strike=lambda error: told.append(str(error)), **notes)
    watcher.start()
    watcher.interrupt(lambda: sent.append("before"))
    watcher.stop()
    watcher.interrupt(lambda: sent.append("after"))
    watcher.stop()
    assert (sent, told) == (["before"], [])


def test_a_loop_is_closed_though_closing_it_was_broken_off() -> None:
    """Closing a loop again, whatever was already gone, leaves nothing open."""
    for names in (("_ssock",), ("_ssock", "_csock"), ("_selector",)):

        def fn(names: tuple[str, ...]) -> SimulatedLoop:
            loop = asyncio.new_event_loop()
            assert isinstance(loop, SimulatedLoop)
            for name in names:
                getattr(loop, name).close()
                setattr(loop, name, None)
            return loop

        run = attempt(fn, names)
        assert run.error is None
        assert run.value.is_closed()
        assert run.value.selector.get_map() is None


def test_what_a_finalizer_raises_is_told_after_a_strike_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Python's hook gets what was raised beside the strikes, once the run is over, and is kept."""
    told: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    hook = sys.unraisablehook

    class Bad:
        def __del__(self) -> None:
            raise KeyError

    def fn() -> None:
        while True:
            Bad()

    with budget(0.2):
        assert type(attempt(fn).error) is Spinning
    assert {one.exc_type for one in told} == {KeyError}
    assert sys.unraisablehook == hook
    told.clear()
