"""Dispatchers in several styles, and batches to play them on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from hypothesis import strategies as st

from toollab.calls import ToolCall
from toollab.clock import Run, simulate
from toollab.tools import Batch
from toollab.trace import Trace, label

Registry = Mapping[str, Callable[..., Any]]

CORO: dict[str, Callable[[int], Any]] = {}
"""Coroutine dispatchers that keep a limit: name → function of the limit."""

THREADS: dict[str, Callable[[int], Any]] = {}
"""The same on threads."""


@st.composite
def batches(draw: st.DrawFn, *, max_size: int = 8) -> Batch:
    """Draw a batch: durations may be equal, and add up to the same moments in several ways."""
    tenths = draw(st.lists(st.integers(1, 12), min_size=1, max_size=max_size))
    calls = tuple(ToolCall(f"c{i}", "get_price", {"key": f"k{i}"}) for i in range(len(tenths)))
    return Batch(calls, {c.id: t / 10 for c, t in zip(calls, tenths, strict=True)})


def play(batch: Batch, fn: Callable[..., Any], *, blocking: bool = False, **options: Any) -> Run:
    """Run a dispatcher on a batch."""
    world = batch.world()
    tools = world.blocking_tools if blocking else world.tools
    return simulate(world, fn, list(batch.calls), tools, **options)


def seen(run: Run, batch: Batch) -> Trace:
    """Return what the tools saw, under the calls' own ids."""
    assert run.error is None, run.error
    return label(run.trace, batch.calls)


def times(trace: Trace) -> dict[str, tuple[float, float | None]]:
    """Return when each call started and ended."""
    return {span.call_id: (span.start, span.end) for span in trace}


def _coro(maker: Callable[[int], Any]) -> Callable[[int], Any]:
    CORO[maker.__name__] = maker
    return maker


def _threads(maker: Callable[[int], Any]) -> Callable[[int], Any]:
    THREADS[maker.__name__] = maker
    return maker


@_coro
def semaphore(limit: int) -> Any:
    """Gather behind one semaphore."""

    async def dispatch(calls: Sequence[ToolCall], registry: Registry) -> list[str]:
        gate = asyncio.Semaphore(limit)

        async def one(call: ToolCall) -> str:
            async with gate:
                return await registry[call.name](**call.arguments)

        return list(await asyncio.gather(*map(one, calls)))

    return dispatch


@_coro
def workers(limit: int) -> Any:
    """Keep so many workers busy from one queue, in a task group."""

    async def dispatch(calls: Sequence[ToolCall], registry: Registry) -> list[str]:
        todo: asyncio.Queue[int] = asyncio.Queue()
        done: dict[int, str] = {}
        for index in range(len(calls)):
            todo.put_nowait(index)

        async def work() -> None:
            while not todo.empty():
                index = todo.get_nowait()
                call = calls[index]
                done[index] = await registry[call.name](**call.arguments)

        async with asyncio.TaskGroup() as group:
            for _ in range(limit):
                group.create_task(work())
        return [done[index] for index in range(len(calls))]

    return dispatch


@_threads
def pool_map(limit: int) -> Any:
    """Map over a pool."""

    def dispatch(calls: Sequence[ToolCall], registry: Registry) -> list[str]:
        with ThreadPoolExecutor(limit) as pool:
            return list(pool.map(lambda c: registry[c.name](**c.arguments), calls))

    return dispatch


@_threads
def pool_submit(limit: int) -> Any:
    """Submit to a pool and collect what is ready first."""

    def dispatch(calls: Sequence[ToolCall], registry: Registry) -> list[str]:
        with ThreadPoolExecutor(limit) as pool:
            futures = {pool.submit(registry[c.name], **c.arguments): c.id for c in calls}
            done = {futures[future]: future.result() for future in as_completed(futures)}
        return [done[call.id] for call in calls]

    return dispatch


@_threads
def loose_threads(limit: int) -> Any:
    """Start a thread for each call once a place is free."""

    def dispatch(calls: Sequence[ToolCall], registry: Registry) -> list[str]:
        gate, done = threading.Semaphore(limit), {}

        def one(call: ToolCall) -> None:
            done[call.id] = registry[call.name](**call.arguments)
            gate.release()

        threads = [threading.Thread(target=one, args=(call,)) for call in calls]
        for thread in threads:
            gate.acquire()
            thread.start()
        for thread in threads:
            thread.join()
        return [done[call.id] for call in calls]

    return dispatch


@_threads
def loop_of_its_own(limit: int) -> Any:
    """Run a loop of its own whose calls go to threads."""

    def dispatch(calls: Sequence[ToolCall], registry: Registry) -> list[str]:
        async def main() -> list[str]:
            gate = asyncio.Semaphore(limit)

            async def one(call: ToolCall) -> str:
                async with gate:
                    return await asyncio.to_thread(registry[call.name], **call.arguments)

            return list(await asyncio.gather(*map(one, calls)))

        return asyncio.run(main())

    return dispatch
