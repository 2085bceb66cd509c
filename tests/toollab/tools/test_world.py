"""A world notes what its tools saw, on simulated time and on real time."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toollab.calls import ToolCall, ToolSpec
from toollab.clock import simulate
from toollab.tools import (
    Fault,
    Tool,
    ToolError,
    World,
    compare_cities,
    compare_products,
    full_picture,
    key_of,
    random_batch,
    shop,
    support_desk,
    weather_desk,
)
from toollab.tools._record import MAIN, in_order, plain
from toollab.trace import Span


async def _gathers(calls: list[ToolCall], registry: Any) -> list[Any]:
    run = (registry[call.name](**call.arguments) for call in calls)
    return await asyncio.gather(*run, return_exceptions=True)


async def _serially(calls: list[ToolCall], registry: Any) -> list[str]:
    return [await registry[call.name](**call.arguments) for call in calls]


def _counter(**options: Any) -> World:
    """Make a world with one tool that counts, and takes half a second."""

    def count(state: Any, by: int) -> str:
        state["n"] += by
        return f"now {state['n']}"

    return World([Tool(ToolSpec("count", "Count."), count, 0.5)], state=lambda: {"n": 0}, **options)


COUNT = [ToolCall(f"c{i}", "count", {"by": i}) for i in (1, 2, 3)]


@pytest.mark.parametrize(
    ("world", "calls", "parallel", "serial"),
    [
        (support_desk(), full_picture(1234), 0.6, 1.5),
        (shop(), compare_products(), 1.0, 3.0),
        (weather_desk(), compare_cities("Beijing", "LA"), 0.7, 1.1),
    ],
    ids=["support desk", "shop", "weather desk"],
)
def test_the_course_numbers_are_exact(
    world: World, calls: list[ToolCall], parallel: float, serial: float
) -> None:
    """The figures that the course names come out to the digit."""
    assert simulate(world, _gathers, calls, world.tools).total == parallel
    assert simulate(world, _serially, calls, world.tools).trace.makespan == pytest.approx(serial)


def test_every_run_starts_over() -> None:
    """State and trace of one run are not seen by the next."""
    world = _counter()
    first = simulate(world, _serially, COUNT, world.tools)
    second = simulate(world, _serially, COUNT, world.tools)
    assert first == second
    assert first.value == ["now 1", "now 3", "now 6"]
    assert world.state == {"n": 6}


def test_an_effect_comes_at_the_end_of_a_tools_time() -> None:
    """A call that is cancelled before has had none."""
    world = _counter()

    async def fn(registry: Any) -> None:
        task = asyncio.create_task(registry["count"](by=1))
        await asyncio.sleep(0.4)
        task.cancel()
        await registry["count"](by=10)

    run = simulate(world, fn, world.tools)
    assert [(s.state, s.start, s.end) for s in run.trace] == [
        ("cancelled", 0.0, 0.4),
        ("ok", 0.4, 0.9),
    ]
    assert world.state == {"n": 10}


def test_a_tools_error_is_noted_and_raised() -> None:
    """A fault, a tool's own error and wrong arguments all end a span as an error."""
    error = ToolError("down")
    world = _counter(faults={key_of("count", {"by": 1}): Fault(error, after=0.1)})

    async def fn(registry: Any) -> list[Any]:
        tasks = [
            registry["count"](by=1),
            registry["count"](by="x"),
            registry["count"](to=1),
        ]
        return await asyncio.gather(*tasks, return_exceptions=True)

    run = simulate(world, fn, world.tools)
    assert [type(e) for e in run.value] == [ToolError, TypeError, TypeError]
    assert [(s.state, s.end) for s in run.trace] == [("error", 0.1), ("error", 0.5), ("error", 0.5)]
    assert run.trace.spans[0].content == "ToolError: down"
    assert run.value[0] is not error
    assert error.__traceback__ is None


@pytest.mark.parametrize("key", ["count", key_of("count", {"by": 1})])
def test_a_fault_that_happens_twice_can_be_retried(key: str) -> None:
    """`times` counts down with each attempt of the same call."""
    world = _counter(faults={key: Fault(ToolError("busy"), times=2)})

    async def fn(registry: Any) -> int:
        for attempt in range(9):
            try:
                await registry["count"](by=1)
            except ToolError:
                continue
            return attempt
        return -1

    run = simulate(world, fn, world.tools)
    assert run.value == 2
    assert [s.attempt for s in world.trace([COUNT[0]])] == [1, 2, 3]


def test_latencies_can_be_told_for_a_call_or_a_tool() -> None:
    """The call's own entry wins over the tool's."""
    world = _counter(latencies={"count": 2.0, key_of("count", {"by": 2}): 0.25})
    run = simulate(world, _gathers, COUNT, world.tools)
    assert [span.end for span in run.trace] == [2.0, 0.25, 2.0]


@given(st.integers(0, 99))
def test_chance_is_seeded(seed: int) -> None:
    """A latency drawn from the world's source is the same for the same seed and call."""
    tool = Tool(ToolSpec("t", ""), lambda _state, **_: "", lambda _given, random: random.random())
    worlds = [World([tool], seed=s) for s in (seed, seed, seed + 1)]
    drawn = [world.latency("t", {"x": 1}) for world in worlds]
    assert drawn[0] == drawn[1] != drawn[2]
    assert worlds[0].latency("t", {"x": 2}) != drawn[0]


# -- what a learner may hand in ---------------------------------------------------------------


class Chameleon:
    """Claims to be equal to everything."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


@pytest.mark.parametrize(
    "value",
    [Chameleon(), {1, 2}, b"bytes", {1: 2}, [Chameleon()], type("S", (str,), {})("x"), object],
)
def test_arguments_are_plain_data(value: Any) -> None:
    """Anything else is refused before the tool begins."""
    world = _counter()
    run = simulate(world, lambda tools: tools["count"](by=value), world.blocking_tools)
    assert type(run.error) is TypeError
    assert "which is not plain data" in str(run.error)
    assert len(run.trace) == 0


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=9,
)


@given(json)
def test_plain_data_is_copied(value: Any) -> None:
    """What is noted equals what was given, and later changes to that do not reach it."""
    copy = plain(value, "It")
    assert copy == value
    if isinstance(value, (list, dict)):
        assert copy is not value


def test_the_trace_keeps_the_arguments_of_the_call() -> None:
    """Changing a list after the call does not change what was seen."""
    tool = Tool(ToolSpec("t", ""), lambda _state, items: str(len(items)), 1.0)
    world = World([tool])

    async def fn(registry: Any) -> None:
        items = [1]
        task = asyncio.create_task(registry["t"](items=items))
        await asyncio.sleep(0.5)
        items.append(2)
        await task

    (span,) = simulate(world, fn, world.tools).trace
    assert span.arguments == {"items": [1]}
    assert span.content == "1"


# -- threads ----------------------------------------------------------------------------------


def test_threads_are_named_by_appearance() -> None:
    """The home thread is the main one; workers are numbered, whatever Python calls them."""
    world = _counter()

    def fn(registry: Any) -> None:
        registry["count"](by=1)
        with ThreadPoolExecutor(2, thread_name_prefix="mine") as pool:
            list(pool.map(lambda n: registry["count"](by=n), (2, 3)))

    run = simulate(world, fn, world.blocking_tools)
    assert [span.thread for span in run.trace] == [MAIN, "thread 1", "thread 2"]


@given(st.permutations(range(4)), st.integers(0, 4))
def test_chance_among_threads_leaves_no_trace(order: list[int], pause: int) -> None:
    """Starts with no end in between are put in the order of their arguments."""
    spans = []
    for position, n in enumerate(order):
        started = position + (position >= pause)
        spans.append(Span("?", "t", {"n": n}, 0.0, started, 1.0, 100 + n, thread=f"w{n}"))
    main = Span("?", "t", {"n": 9}, 0.0, -1, 0.0, pause, thread=MAIN)
    found = in_order([*spans, main])
    assert [span.started for span in found] == sorted(span.started for span in [main, *spans])
    before, after = sorted(order[:pause]), sorted(order[pause:])
    assert [span.arguments["n"] for span in found] == [9, *before, *after]
    assert [span.thread for span in found] == [MAIN, *(f"thread {n}" for n in (1, 2, 3, 4))]


# -- real time --------------------------------------------------------------------------------


def test_outside_a_run_tools_take_real_time() -> None:
    """The same tools can be felt: a call takes no less than its latency."""
    world = World([Tool(ToolSpec("t", ""), lambda _state: "done", 0.001)])

    async def main() -> str:
        return str(await world.tools["t"]())

    assert asyncio.run(main()) == "done"
    assert world.blocking_tools["t"]() == "done"
    one, other = world.trace().spans
    assert one.duration >= 0.001
    assert other.start >= (one.end or 0.0)
    assert one.thread == threading.current_thread().name


def test_after_a_run_the_first_real_call_starts_over() -> None:
    """What a run saw stays in the run; the world begins anew in real time."""
    world = _counter(latencies={"count": 0.0})
    run = simulate(world, _gathers, COUNT, world.tools)
    assert world.blocking_tools["count"](by=5) == "now 5"
    assert len(run.trace) == 3
    assert [span.arguments for span in world.trace()] == [{"by": 5}]


# -- batches ----------------------------------------------------------------------------------


@given(st.integers(0, 500), st.integers(2, 14), st.data())
def test_a_random_batch_catches_who_sorts_or_pairs_wrongly(
    seed: int, size: int, data: st.DataObject
) -> None:
    """Ids sort differently as text, completion order differs, and as many fail as were asked."""
    failing = data.draw(st.integers(0, size))
    batch = random_batch(seed, size, failing=failing)
    ids = [call.id for call in batch.calls]
    assert len(set(ids)) == size
    assert len(batch.failing) == failing
    assert batch == random_batch(seed, size, failing=failing)
    world = batch.world()
    run = simulate(world, _gathers, list(batch.calls), world.tools)
    ended = sorted(run.trace, key=lambda span: span.ended or 0)
    assert [span.arguments for span in ended] != [call.arguments for call in batch.calls]
    assert len({span.end for span in ended}) == size
    answers = zip(batch.calls, run.value, strict=True)
    assert [c.id for c, value in answers if isinstance(value, Exception)] == list(batch.failing)
    if size > 3:
        assert ids != sorted(ids)


def test_a_real_call_in_flight_ends_in_its_own_session() -> None:
    """A run that is played meanwhile neither sees it nor loses it."""
    world = _counter(latencies={"count": 0.0})

    async def main() -> tuple[Any, str]:
        task = asyncio.create_task(world.tools["count"](by=5))
        await asyncio.sleep(0)
        run = simulate(world, _serially, COUNT, world.tools)
        return run, str(await task)

    run, answer = asyncio.run(main())
    assert run == simulate(world, _serially, COUNT, world.tools)
    assert answer == "now 5"
