"""A run changes nothing around it, and nothing around it changes a run."""

# The code under test here is a learner's: it polls, blocks the loop and ignores its arguments.
# ruff: noqa: ARG002, ASYNC110, ASYNC251, SIM105

from __future__ import annotations

import asyncio
import contextvars
import functools
import os
import queue
import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from tests.toollab.clock.players import play, pool_map, semaphore
from toollab.calls import ToolCall
from toollab.clock import Deadlock, Run, attempt, request_id, simulate
from toollab.tools import Batch, World, random_batch

# What is wrong here is wrong on purpose; a dispatcher is always given its calls.
# ruff: noqa: ARG001, TID251

BATCH = random_batch(1, 4)
LONGEST = max(BATCH.seconds.values())


def surroundings() -> dict[str, Any]:
    """Return everything that a run replaces for a while."""
    policy = asyncio.get_event_loop_policy()
    return {
        "time": {n: getattr(time, n) for n in ("sleep", "monotonic", "perf_counter", "time")},
        "condition": threading.Condition.wait,
        "thread": (threading.Thread.start, threading.Thread.join, threading.excepthook),
        "module clocks": (threading._time, queue.time),  # type: ignore[attr-defined]
        "loops": (asyncio.new_event_loop, asyncio.events.new_event_loop, asyncio.get_event_loop),
        "policy": dict(vars(policy._local)),  # type: ignore[attr-defined]
        "signal": signal.getsignal(signal.SIGVTALRM),
        "interrupt": signal.getsignal(signal.SIGINT),
        "processors": os.cpu_count(),
        "threads": {t for t in threading.enumerate() if t.name.startswith("toollab")},
        "running": asyncio._get_running_loop(),
    }


async def _fails(*_: Any) -> None:
    raise KeyError("x")


def _own_loop(*_: Any) -> None:
    asyncio.run(asyncio.sleep(1))


def _keeps_a_loop(*_: Any) -> None:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    asyncio.get_event_loop().run_until_complete(asyncio.sleep(1))


async def _waits_for_ever(*_: Any) -> None:
    await asyncio.Event().wait()


def _locks_itself(*_: Any) -> None:
    lock = threading.Lock()
    with lock:
        lock.acquire()


STORIES: dict[str, Callable[..., Any]] = {
    "coroutines": semaphore(2),
    "an error": _fails,
    "a loop of its own": _own_loop,
    "a loop that is kept": _keeps_a_loop,
    "a deadlock": _waits_for_ever,
    "a deadlock of threads": _locks_itself,
}


@pytest.mark.parametrize("story", STORIES)
def test_everything_is_put_back(story: str) -> None:
    """Whatever a run did, the standard library is afterwards what it was."""
    before = surroundings()
    play(BATCH, STORIES[story])
    assert surroundings() == before


def test_everything_is_put_back_after_threads() -> None:
    """So it is after a pool."""
    before = surroundings()
    play(BATCH, pool_map(2), blocking=True)
    assert surroundings() == before


@pytest.mark.parametrize("story", STORIES)
def test_a_run_inside_a_running_loop_is_the_same(story: str) -> None:
    """A notebook's own loop waits meanwhile, and goes on afterwards."""

    async def kernel() -> Run:
        before, task = surroundings(), asyncio.current_task()
        run = play(BATCH, STORIES[story])
        assert surroundings() == before
        assert asyncio.current_task() is task
        await asyncio.sleep(0)
        return run

    outside, inside = play(BATCH, STORIES[story]), asyncio.run(kernel())
    assert inside.trace == outside.trace
    assert type(inside.error) is type(outside.error)


def test_a_run_on_another_thread_is_the_same() -> None:
    """The calling thread does not matter, and the home thread is called the main one."""
    runs: list[Run] = []
    for fn, blocking in ((semaphore(2), False), (pool_map(2), True)):
        thread = threading.Thread(
            target=lambda f=fn, b=blocking: runs.append(play(BATCH, f, blocking=b))
        )
        thread.start()
        thread.join()
        assert runs.pop() == play(BATCH, fn, blocking=blocking)


def test_a_run_inside_a_run_has_a_clock_of_its_own() -> None:
    """Time in the inner run does not move the outer one, and both end well."""

    async def outer() -> float:
        await asyncio.sleep(1)
        inner = play(BATCH, semaphore(9))
        await asyncio.sleep(1)
        return inner.total

    run = attempt(outer)
    assert (run.value, run.total) == (LONGEST, 2.0)


def test_asyncio_run_inside_a_coroutine_is_refused_as_ever() -> None:
    """Python's own error comes out."""

    async def fn() -> None:
        coroutine = asyncio.sleep(1)
        try:
            asyncio.run(coroutine)
        finally:
            coroutine.close()

    run = attempt(fn)
    assert "cannot be called from a running event loop" in str(run.error)


def test_a_semaphore_of_another_loop_is_refused_as_ever() -> None:
    """A semaphore that two runs share tells whose it is."""
    gate = asyncio.Semaphore(1)

    async def fn() -> None:
        async def one() -> None:
            async with gate:
                await asyncio.sleep(1)

        await asyncio.gather(one(), one())

    assert attempt(fn).error is None
    assert "is bound to a different event loop" in str(attempt(fn).error)


# -- interrupts -------------------------------------------------------------------------------


def _interrupt() -> None:
    signal.raise_signal(signal.SIGINT)


async def _interrupted_coroutine(calls: Any, registry: Any) -> None:
    other = asyncio.create_task(asyncio.sleep(1e9))
    await asyncio.sleep(0.1)
    _interrupt()
    await other


def _interrupted_function(calls: Any, registry: Any) -> None:
    time.sleep(0.1)
    _interrupt()


def _interrupted_pool(calls: list[ToolCall], registry: Any) -> None:
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(registry[c.name], **c.arguments) for c in calls]
        futures[0].result()
        _interrupt()


@pytest.mark.parametrize(
    ("fn", "blocking"),
    [
        (_interrupted_coroutine, False),
        (_interrupted_function, False),
        (_interrupted_pool, True),
    ],
)
def test_the_stop_button_gets_through(fn: Callable[..., Any], blocking: bool) -> None:
    """KeyboardInterrupt leaves the run at once and everything is put back."""
    before = surroundings()
    with pytest.raises(KeyboardInterrupt):
        play(BATCH, fn, blocking=blocking)
    assert surroundings() == before
    assert play(BATCH, semaphore(9)).total == LONGEST


def test_the_stop_button_reaches_a_kernel_that_awaits() -> None:
    """Also from inside a running loop."""

    async def kernel() -> None:
        play(BATCH, _interrupted_function)

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(kernel())


# -- what a learner's code may be -------------------------------------------------------------


class Hostile:
    """An object that raises whatever it is asked."""

    def __getattribute__(self, name: str) -> Any:
        raise SystemExit(name)


@pytest.mark.parametrize("make", [type(None), int, str, Hostile, object])
def test_what_is_no_function_is_an_error_of_the_run(make: Callable[[], Any]) -> None:
    """Whatever a learner hands in, `simulate` comes back."""
    assert play(BATCH, make()).error is not None


@pytest.mark.parametrize("error", [SystemExit(3), GeneratorExit(), BaseException("x"), KeyError()])
def test_whatever_is_raised_is_kept(error: BaseException) -> None:
    """An exception of any kind is a finding, and does not get out."""

    def plain() -> None:
        raise error

    async def on_a_loop() -> None:
        await asyncio.sleep(0)
        raise error

    assert attempt(plain).error is error
    assert attempt(on_a_loop).error is error


def test_partials_methods_and_callable_objects_are_functions() -> None:
    """What can be awaited is awaited, in whatever form it comes."""

    class Dispatcher:
        async def __call__(self, calls: Any, registry: Any) -> str:
            await asyncio.sleep(1)
            return "object"

        async def method(self, calls: Any, registry: Any) -> str:
            await asyncio.sleep(1)
            return "method"

        async def more(self, word: str, calls: Any, registry: Any) -> str:
            await asyncio.sleep(1)
            return word

    it = Dispatcher()
    forms = (it, it.method, functools.partial(it.more, "partial"))
    runs = [play(BATCH, form) for form in forms]
    assert [run.value for run in runs] == ["object", "method", "partial"]
    assert {run.total for run in runs} == {1.0}


def test_arguments_are_handed_over_as_copies() -> None:
    """What a function does to its calls, it does to its own."""

    def spoil(calls: list[ToolCall], registry: dict[str, Any]) -> None:
        calls[0].arguments["key"] = "spoiled"  # type: ignore[index]
        calls.clear()

    calls = list(BATCH.calls)
    before = [dict(call.arguments) for call in calls]
    simulate(BATCH.world(), spoil, calls, {})
    assert [dict(call.arguments) for call in calls] == before


# -- context variables ------------------------------------------------------------------------


def test_tools_see_the_request_where_the_context_is_carried() -> None:
    """Coroutines and to_thread carry it, a pool does not, unless it is told to."""

    async def awaits(calls: list[ToolCall], registry: Any) -> None:
        await asyncio.gather(*[registry[c.name](**c.arguments) for c in calls])

    async def threads(calls: list[ToolCall], registry: Any) -> None:
        await asyncio.gather(*[asyncio.to_thread(registry[c.name], **c.arguments) for c in calls])

    def copies(calls: list[ToolCall], registry: Any) -> None:
        with ThreadPoolExecutor(2) as pool:
            for call in calls:
                context = contextvars.copy_context()
                pool.submit(context.run, registry[call.name], **call.arguments)

    found = {
        name: {span.request for span in play(BATCH, fn, blocking=blocking, request="r7").trace}
        for name, fn, blocking in (
            ("awaits", awaits, False),
            ("threads", threads, True),
            ("copies", copies, True),
            ("pool", pool_map(2), True),
        )
    }
    assert found == {"awaits": {"r7"}, "threads": {"r7"}, "copies": {"r7"}, "pool": {""}}
    assert request_id.get() == ""


# -- what is left behind ----------------------------------------------------------------------


def test_tasks_left_behind_are_counted_and_played_to_their_end() -> None:
    """The run is over when the function returns; the trace shows what came after."""

    async def fn(calls: list[ToolCall], registry: Any) -> None:
        tasks = [asyncio.create_task(registry[c.name](**c.arguments)) for c in calls]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)

    run = play(BATCH, fn)
    assert run.total == min(BATCH.seconds.values())
    assert run.left == len(run.unfinished()) == len(BATCH.calls) - 1
    assert run.trace.makespan == LONGEST
    assert {span.state for span in run.trace} == {"ok"}


def test_threads_left_behind_are_played_to_their_end() -> None:
    """A pool that nobody waits for still works on; calls that come later count as later."""

    def fn(calls: list[ToolCall], registry: Any) -> str:
        pool = ThreadPoolExecutor(2)
        for call in calls:
            pool.submit(registry[call.name], **call.arguments)
        return "early"

    run = play(BATCH, fn, blocking=True)
    assert (run.value, run.total) == ("early", 0.0)
    assert len(run.unfinished()) == 2
    assert len(run.trace) == len(BATCH.calls)
    assert run == play(BATCH, fn, blocking=True)


def test_a_task_without_an_end_is_cancelled() -> None:
    """A heartbeat that nobody stops does not keep the run waiting."""

    async def fn() -> str:
        async def beat() -> None:
            while True:
                await asyncio.sleep(1)

        fn.task = asyncio.create_task(beat())  # type: ignore[attr-defined]
        await asyncio.sleep(2.5)
        return "done"

    run = attempt(fn)
    assert (run.value, run.total, run.left, run.error) == ("done", 2.5, 1, None)


def test_a_task_that_will_not_be_cancelled_is_given_up() -> None:
    """Not even a task that swallows its cancellation keeps the run waiting."""

    async def fn() -> str:
        async def stay() -> None:
            while True:
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    pass

        fn.task = asyncio.create_task(stay())  # type: ignore[attr-defined]
        await asyncio.sleep(0)
        return "done"

    run = attempt(fn)
    assert (run.value, run.left, run.error) == ("done", 1, None)


def test_errors_that_nobody_looks_at_are_told() -> None:
    """A lost exception of a task or a thread is in the run's notes."""

    async def loses_a_task() -> None:
        asyncio.create_task(_fails())  # noqa: RUF006 - that is the mistake
        await asyncio.sleep(1)

    def loses_a_thread() -> None:
        thread = threading.Thread(target=lambda: {}["x"])
        thread.start()
        thread.join()

    assert attempt(loses_a_task).lost == ("KeyError('x')",)
    assert attempt(loses_a_thread).lost == ("KeyError in a thread",)


def test_an_error_that_is_looked_at_is_not_lost() -> None:
    """Gathered or awaited, an exception is in good hands."""

    async def fn() -> None:
        await asyncio.gather(_fails(), return_exceptions=True)
        task = asyncio.create_task(_fails())
        await asyncio.wait([task])
        task.exception()

    assert attempt(fn).lost == ()


# -- pools that outlive a run -----------------------------------------------------------------


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """A pool that a learner made in an earlier cell."""
    with ThreadPoolExecutor(2) as pool:
        pool.submit(int).result()
        yield pool


def test_a_pool_from_an_earlier_cell_takes_part(pool: ThreadPoolExecutor) -> None:
    """Its workers keep the limit and the time of the run."""

    def fn(calls: list[ToolCall], registry: Any) -> list[str]:
        return list(pool.map(lambda c: registry[c.name](**c.arguments), calls))

    run = play(BATCH, fn, blocking=True)
    assert run.trace.peak == 2
    assert run.trace.makespan == play(BATCH, pool_map(2), blocking=True).trace.makespan


def test_an_idle_pool_changes_nothing(pool: ThreadPoolExecutor) -> None:
    """Workers that wait for work are not in the way of coroutines."""
    assert play(BATCH, semaphore(9)).total == LONGEST


def test_a_deadlock_beside_an_idle_pool_is_found(pool: ThreadPoolExecutor) -> None:
    """The idle worker is not named."""
    run = attempt(_waits_for_ever)
    assert type(run.error) is Deadlock
    assert "_waits_for_ever, line" in str(run.error)


def test_workers_that_were_stuck_are_not_in_the_way_of_the_next_run() -> None:
    """What one run left stuck, the next one neither waits for nor names."""

    def fn() -> None:
        with ThreadPoolExecutor(1) as stuck:
            stuck.submit(threading.Event().wait).result()

    first, second = attempt(fn), attempt(_waits_for_ever)
    assert type(first.error) is type(second.error) is Deadlock
    assert "test_surroundings" not in str(second.error)
    assert "fn" not in str(second.error)


# -- the loop's thread ------------------------------------------------------------------------


def _blocked(run: Run) -> list[tuple[str, str]]:
    return [(blocked.function, blocked.where.split(",")[0]) for blocked in run.blocked]


def test_a_blocking_function_in_a_coroutine_is_found_and_named() -> None:
    """Sleeping, a blocking tool, a future's result and a pool's end all stop the loop."""

    async def sleeps(calls: list[ToolCall], registry: Any) -> None:
        time.sleep(0.5)

    async def inline(calls: list[ToolCall], registry: Any) -> None:
        registry[calls[0].name](**calls[0].arguments)

    async def result(calls: list[ToolCall], registry: Any) -> None:
        with ThreadPoolExecutor(1) as pool:
            future: Future[str] = pool.submit(registry[calls[0].name], **calls[0].arguments)
            future.result()

    async def leaves(calls: list[ToolCall], registry: Any) -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(registry[calls[0].name], **calls[0].arguments)

    def own_loop(calls: list[ToolCall], registry: Any) -> None:
        asyncio.run(sleeps(calls, registry))

    assert _blocked(play(BATCH, sleeps)) == [("time.sleep", "sleeps")]
    assert _blocked(play(BATCH, own_loop)) == [("time.sleep", "sleeps")]
    assert _blocked(play(BATCH, inline, blocking=True)) == [(BATCH.calls[0].name, "inline")]
    assert _blocked(play(BATCH, result, blocking=True)) == [("Future.result", "result")]
    assert [place for _, place in _blocked(play(BATCH, leaves, blocking=True))] == ["leaves"]


def test_what_does_not_block_is_not_named() -> None:
    """Awaiting, to_thread and plain functions are no fault."""

    async def to_thread(calls: list[ToolCall], registry: Any) -> None:
        await asyncio.gather(*[asyncio.to_thread(registry[c.name], **c.arguments) for c in calls])

    def plain(calls: list[ToolCall], registry: Any) -> None:
        time.sleep(1)
        registry[calls[0].name](**calls[0].arguments)

    assert play(BATCH, semaphore(2)).blocked == ()
    assert play(BATCH, to_thread, blocking=True).blocked == ()
    assert play(BATCH, plain, blocking=True).blocked == ()
    assert play(BATCH, pool_map(2), blocking=True).blocked == ()


def test_nothing_is_said_on_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    """Runs of every kind leave no word behind: a grade may depend on it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for fn in STORIES.values():
            play(BATCH, fn)
    assert capfd.readouterr() == ("", "")


def test_tools_of_a_stuck_run_are_closed() -> None:
    """A thread that outlives its run cannot act in the world any more."""
    world: World = Batch(BATCH.calls, BATCH.seconds).world()
    gate, told = threading.Event(), threading.Event()
    seen: list[str] = []

    def fn(calls: list[ToolCall], registry: Any) -> None:
        def late() -> None:
            gate.wait()
            try:
                registry[calls[0].name](**calls[0].arguments)
            except RuntimeError as error:
                seen.append(str(error))
            told.set()

        with ThreadPoolExecutor(1) as pool:
            pool.submit(late)

    run = simulate(world, fn, list(BATCH.calls), world.blocking_tools)
    assert type(run.error) is Deadlock
    gate.set()
    told.wait()
    assert seen == ["The run of this tool is over."]
    assert len(world.trace()) == 0
