"""Functions of another process are called, call back, wait, raise and are cancelled as if here."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from autograder.grading.wire.channel import Channel
from autograder.grading.wire.messages import Call, Failure, Found, Handle, Raised, Record, Rest
from autograder.grading.witness.link import Link
from autograder.grading.witness.turns import Gone
from tests.autograder.grading.witness.far import far, linked
from toollab import ToolCall, ToolResult, simulate
from toollab.clock import Deadlock, Endless, Spinning, attempt
from toollab.tools import full_picture, support_desk

DESK, CALLS = support_desk(), full_picture(1234)
DISPATCHERS = """
    import asyncio, threading
    from concurrent.futures import ThreadPoolExecutor

    async def one_by_one(calls, registry):
        return [await registry[c.name](**c.arguments) for c in calls]

    async def together(calls, registry):
        return await asyncio.gather(*(registry[c.name](**c.arguments) for c in calls))

    async def on_threads(calls, registry):
        work = [asyncio.to_thread(registry[c.name], **c.arguments) for c in calls]
        return await asyncio.gather(*work)

    def in_a_pool(calls, registry):
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(lambda c: registry[c.name](**c.arguments), calls))

    def plainly(calls, registry):
        return [registry[c.name](**c.arguments) for c in calls]
"""


@pytest.mark.parametrize(
    ("name", "blocking", "total"),
    [
        ("one_by_one", False, 1.5),
        ("together", False, 0.6),
        ("on_threads", True, 0.6),
        ("in_a_pool", True, 1.0),
        ("plainly", True, 1.5),
    ],
)
def test_time_is_the_same_as_in_one_process(name: str, blocking: bool, total: float) -> None:
    """Coroutines, threads and pools of another process take the simulated seconds they should."""
    space: dict[str, Any] = {}
    exec(inspect.cleandoc("\n" + DISPATCHERS), space)  # noqa: S102 - the test's own text
    registry = DESK.blocking_tools if blocking else DESK.tools
    here = simulate(DESK, space[name], CALLS, registry)
    with far(DISPATCHERS, name) as function:
        there = simulate(DESK, function, CALLS, registry)
    assert there.error is None
    assert there.total == here.total == pytest.approx(total)
    assert there.value == here.value
    assert there.trace == here.trace


LOOPS = """
    import asyncio, threading
    from concurrent.futures import ThreadPoolExecutor

    def own(calls, registry):
        async def main():
            return await asyncio.gather(*(registry[c.name](**c.arguments) for c in calls))
        return asyncio.run(main())

    def twice(calls, registry):
        return own(calls[:1], registry) + own(calls[1:], registry)

    def each(calls, registry):
        with ThreadPoolExecutor(3) as pool:
            return list(pool.map(lambda call: own([call], registry)[0], calls))

    async def each_from_a_loop(calls, registry):
        work = [asyncio.to_thread(own, [call], registry) for call in calls]
        return [answers[0] for answers in await asyncio.gather(*work)]

    async def beside_a_blocked_loop(calls, registry):
        answers = []
        thread = threading.Thread(target=lambda: answers.extend(own(calls, registry)))
        thread.start()
        thread.join()
        return answers

    async def two_loops(calls, registry):
        first, *others = calls
        mine = asyncio.ensure_future(registry[first.name](**first.arguments))
        theirs = await asyncio.to_thread(own, others, registry)
        return [await mine, *theirs]
"""


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("own", 0.6),
        ("twice", 1.0),
        ("each", 0.6),
        ("each_from_a_loop", 0.6),
        ("beside_a_blocked_loop", 0.6),
        ("two_loops", 0.6),
    ],
)
def test_tools_run_for_whichever_loop_calls_them(name: str, total: float) -> None:
    """Coroutine tools are served for loops in threads too, also while the first loop is blocked."""
    space: dict[str, Any] = {}
    exec(inspect.cleandoc("\n" + LOOPS), space)  # noqa: S102 - the test's own text
    here = simulate(DESK, space[name], CALLS, DESK.tools)
    with far(LOOPS, name) as function:
        there = simulate(DESK, function, CALLS, DESK.tools)
    assert (there.error, there.value) == (None, here.value)
    assert there.total == here.total == pytest.approx(total)
    spans = [{(s.name, s.start, s.end) for s in run.trace} for run in (here, there)]
    assert spans[0] == spans[1]


def test_a_loop_that_is_blocked_over_there_stands_still_alone() -> None:
    """`time.sleep` in a coroutine holds up the tools of that loop, and no other thread's."""
    source = """
    import asyncio, threading, time

    async def pause(tool):
        await asyncio.sleep(0)
        time.sleep(5)
        await tool("blocked", 1)

    async def main(tool):
        thread = threading.Thread(target=lambda: asyncio.run(tool("free", 1)))
        thread.start()
        await asyncio.gather(tool("held up", 1), pause(tool))
        thread.join()
    """
    ends: dict[str, float] = {}

    async def tool(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        ends[name] = asyncio.get_running_loop().time()

    with far(source, "main") as main:
        run = attempt(main, tool)
    assert (run.error, run.total) == (None, 6.0)
    assert ends == {"free": 1.0, "held up": 5.0, "blocked": 6.0}
    assert [found.function for found in run.blocked] == ["time.sleep"]


def test_a_run_may_go_on_with_another_loop() -> None:
    """A check can call over plainly first, on a loop then, and on another loop after that."""
    source = """
    def plain(number):
        return number + 1
    async def waiting(tool):
        return await tool(1)
    """

    async def tool(number: int) -> int:
        await asyncio.sleep(0.5)
        return number + 10

    with far(source, "plain", "waiting") as (plain, waiting):
        steps = [lambda: plain(1), *[lambda: asyncio.run(waiting(tool))] * 2, lambda: plain(2)]
        run = attempt(lambda: [step() for step in steps])
        assert (run.error, run.value, run.total) == (None, [2, 11, 11, 3], 1.0)
        run = attempt(lambda: [step() for step in steps[1:]])
        assert (run.error, run.value, run.total) == (None, [11, 11, 3], 1.0)


def test_more_loops_than_can_be_served_are_an_error_there() -> None:
    """A call for which there is no loop any more is answered by an exception, not by silence."""
    source = """
    import asyncio, threading
    async def hold(tool, gate):
        try:
            await tool()
        except RuntimeError as error:
            return str(error)
        return "served"
    def main(tool, most):
        said, gate = [], threading.Barrier(most)
        def one():
            gate.wait()
            said.append(asyncio.run(hold(tool, gate)))
        threads = [threading.Thread(target=one) for _ in range(most)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        return sorted(said)
    """

    async def tool() -> None:
        await asyncio.sleep(1)

    with far(source, "main") as main:
        run = attempt(main, tool, 103)
    assert run.error is None
    assert run.value == ["can't start new thread"] * 3 + ["served"] * 100


@pytest.mark.parametrize("on_loop", [True, False])
def test_an_event_that_makes_no_sense_ends_the_run(on_loop: bool) -> None:
    """Whichever thread hears it: the run ends at once, as that of a process that is gone."""
    here, there = socket.socketpair()
    heard = Call(9, 99, "call", "", [], {}, "thread", thread="a thread of its own")
    senseless = Raised(Failure(["builtins:ValueError"], "", [Record("nowhere:Nothing", [])]))
    kind: Any = "coroutine function" if on_loop else "function"
    said = [
        Found({"f": Handle(1, kind, "f")}),
        Rest(0.0, None, [heard]),  # from now on another thread moves the time
        *[Rest(0.0, None, [])] * 3,
        Rest(0.0, None, [senseless]),
    ]
    mouth: Channel[Any] = Channel(there, Any, limit=1)
    for message in said:
        mouth.send(message)
    with here, there:
        link = Link(Channel(here, Rest | Found, limit=1 << 20), 60.0)
        error = attempt(link.find(["f"])["f"]).error
    assert isinstance(error, Gone)
    assert "makes no sense" in str(error)


def test_a_function_looks_like_itself() -> None:
    """Its kind, its name, its parameters and its docstring are known here."""
    source = """
    async def coroutine(a, *rest, key=1, **more):
        "Say."
    def generator():
        yield
    async def both():
        yield
    """
    with far(source, "coroutine", "generator", "both") as (coroutine, generator, both):
        assert inspect.iscoroutinefunction(coroutine)
        assert (coroutine.__name__, coroutine.__doc__) == ("coroutine", "Say.")
        assert str(inspect.signature(coroutine)) == "(a, *rest, key=Ellipsis, **more)"
        assert inspect.isgeneratorfunction(generator)
        assert inspect.isasyncgenfunction(both)


def test_plain_data_crosses_as_it_is() -> None:
    """Collections keep their kind and records their class, on the way there and back."""
    value = [1, 2.5, None, True, "é\ud800", b"x", (1,), {2}, frozenset({3}), {"a": [10**30]}]
    records = [ToolCall("1", "t", {"x": [1]}), ToolResult("1", "ok", is_error=False)]
    with far("def same(value):\n    return value", "same") as same:
        back = attempt(same, value).value
        assert back == value
        assert list(map(type, back)) == list(map(type, value))
        assert attempt(same, records).value == records


@pytest.mark.parametrize(
    "made",
    [
        "class Always(str):\n    def __eq__(self, other): return True\n    __hash__ = str.__hash__",
        "class Always:\n    def __eq__(self, other): return True",
        "class Always(dict):\n    def __eq__(self, other): return True",
        "class Always(int):\n    def __eq__(self, other): return True",
    ],
)
def test_an_object_equal_to_everything_is_no_data(made: str) -> None:
    """What claims to equal everything crosses as an object of its own, and equals nothing."""
    with far(f"{made}\ndef answer():\n    return [Always()]", "answer") as answer:
        (found,) = attempt(answer).value
        assert type(found) not in {str, int, dict}
        assert found != "right"
        assert found != 1
        assert found != {}


def test_callbacks_in_both_directions() -> None:
    """A function given away is called here; one that comes back is called there."""
    source = """
    def twice(work):
        return lambda number: work(work(number))
    async def later(work):
        return await work(1) + 1
    """
    with far(source, "twice", "later") as (twice, later):
        seen: list[int] = []

        def add_one(number: int) -> int:
            seen.append(number)
            return number + 1

        async def add_ten(number: int) -> int:
            await asyncio.sleep(0.5)
            return number + 10

        assert attempt(lambda: twice(add_one)(5)).value == 7
        assert seen == [5, 6]
        run = attempt(later, add_ten)
        assert (run.value, run.total) == (12, 0.5)


def test_what_was_given_away_comes_back_as_itself() -> None:
    """A function that goes there and back is the same object."""
    with far("def same(value):\n    return [value]", "same") as same:
        assert attempt(lambda: same(len)[0] is len).value is True


def test_exceptions_keep_class_arguments_and_text() -> None:
    """Known classes are themselves; of unknown ones, the nearest known base, the name and text."""
    source = """
    class Odd(LookupError):
        def __str__(self):
            return "odd"
    def known():
        return {}["key"]
    def own():
        raise Odd(1, 2)
    def group():
        raise ExceptionGroup("two", [ValueError("a"), Odd()])
    async def waiting():
        raise TimeoutError("too late")
    """
    names = ("known", "own", "group", "waiting")
    with far(source, *names) as (known, own, group, waiting):
        error = attempt(known).error
        assert type(error) is KeyError
        assert error.args == ("key",)
        error = attempt(own).error
        assert isinstance(error, LookupError)
        assert (type(error).__name__, str(error), error.args) == ("Odd", "odd", (1, 2))
        error = attempt(group).error
        assert isinstance(error, ExceptionGroup)
        assert [type(child).__name__ for child in error.exceptions] == ["ValueError", "Odd"]
        assert repr(attempt(waiting).error) == repr(TimeoutError("too late"))


def test_an_exception_of_a_tool_is_caught_there() -> None:
    """What a tool raises here is caught by its name there."""
    source = """
    async def careful(tool):
        try:
            return await tool()
        except FileNotFoundError as error:
            return ["caught", error.args]
    """

    async def tool() -> None:
        raise FileNotFoundError(2, "gone")

    with far(source, "careful") as careful:
        assert attempt(careful, tool).value == ["caught", (2, "gone")]


def test_a_cancellation_crosses_both_ways() -> None:
    """Cancelling there stops the tool here; cancelling here is seen there, and may be refused."""
    source = """
    import asyncio
    async def impatient(tool):
        try:
            await asyncio.wait_for(tool(), 0.2)
        except TimeoutError:
            return "gave up"
    async def stubborn(tool):
        try:
            await tool()
        except asyncio.CancelledError:
            return "would not"
    async def meek(tool):
        await tool()
    """
    told: list[str] = []

    async def tool() -> None:
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            told.append("cancelled")
            raise

    async def cancel(function: Any) -> str:
        task = asyncio.ensure_future(function(tool))
        await asyncio.sleep(0.1)
        task.cancel()
        return str(await task)

    with far(source, "impatient", "stubborn", "meek") as (impatient, stubborn, meek):
        run = attempt(impatient, tool)
        assert (run.value, run.total, told) == ("gave up", 0.2, ["cancelled"])
        run = attempt(cancel, stubborn)
        assert (run.value, run.total) == ("would not", 0.1)
        assert isinstance(attempt(cancel, meek).error, asyncio.CancelledError)


def test_generators_are_driven_step_by_step() -> None:
    """A generator runs no further than it is asked to, on either side."""
    source = """
    import asyncio
    log = []
    def numbers():
        try:
            for number in range(5):
                log.append(number)
                yield number
        finally:
            log.append("closed")
    async def slow():
        for number in range(3):
            await asyncio.sleep(0.5)
            yield number
    def said():
        return log
    def first_two(items):
        return [next(items), next(items)]
    async def total(items):
        return sum([item async for item in items])
    """
    names = ("numbers", "slow", "said", "first_two", "total")
    with far(source, *names) as (numbers, slow, said, first_two, total):

        def some() -> list[Any]:
            with contextlib.closing(numbers()) as items:
                return [next(items), next(items)]

        async def every() -> list[Any]:
            return [item async for item in slow()]

        def ours() -> Iterator[int]:
            yield from range(10, 20)

        async def ours_slowly() -> AsyncIterator[int]:
            for number in range(3):
                await asyncio.sleep(0.1)
                yield number

        assert attempt(some).value == [0, 1]
        assert attempt(said).value == [0, 1, "closed"]
        run = attempt(every)
        assert (run.value, run.total) == ([0, 1, 2], 1.5)
        assert attempt(first_two, ours()).value == [10, 11]
        run = attempt(total, ours_slowly())
        assert (run.value, round(run.total, 9)) == (3, 0.3)


def test_what_is_stuck_there_is_told_apart_here() -> None:
    """A deadlock, an endless poll and a busy loop of the other process have their names here."""
    source = """
    import asyncio, threading
    async def waits():
        await asyncio.Event().wait()
    def waits_on_a_thread():
        threading.Event().wait()
    async def polls():
        while True:
            await asyncio.sleep(10)
    def spins():
        while True:
            pass
    """
    names = ("waits", "waits_on_a_thread", "polls", "spins")
    with far(source, *names) as (waits, waits_on_a_thread, polls, spins):
        assert isinstance(attempt(waits).error, Deadlock)
        assert isinstance(attempt(waits_on_a_thread).error, Deadlock)
        assert isinstance(attempt(polls).error, Endless)
        assert isinstance(attempt(spins, cpu_seconds=0.3).error, Spinning)


def test_state_lives_on_between_calls() -> None:
    """What one call leaves there, the next one finds."""
    with far("kept = []\ndef keep(x):\n    kept.append(x)\n    return kept", "keep") as keep:
        assert attempt(keep, 1).value == [1]
        assert attempt(keep, 2).value == [1, 2]


def test_a_name_that_is_not_bound_is_not_found() -> None:
    """Names that are missing there are missing here; values cross, modules do not."""
    with linked("import os\nanswer = {'n': [1]}") as link:
        found = link.find(["answer", "missing", "os"])
        assert found["answer"] == {"n": [1]}
        assert "missing" not in found
        assert isinstance(found["os"], TypeError)


def test_a_process_that_ends_is_an_error_of_its_call() -> None:
    """When the other process dies in a run, that run fails, and so do later ones, at once."""
    with far("import os\ndef leave():\n    os._exit(3)", "leave") as leave:
        assert isinstance(attempt(leave).error, Gone)
        assert isinstance(attempt(leave).error, Gone)


def test_unfinished_tasks_there_are_counted_here() -> None:
    """Tasks that a function leaves running count as left, and are played to their end."""
    source = """
    import asyncio
    kept = []
    async def fire_and_forget(tool):
        kept.append(asyncio.ensure_future(tool()))
        await asyncio.sleep(0.1)
        return "back"
    """
    done: list[float] = []

    async def tool() -> None:
        await asyncio.sleep(1)
        done.append(asyncio.get_running_loop().time())

    with far(source, "fire_and_forget") as forget:
        run = attempt(forget, tool)
        assert (run.value, run.total, done) == ("back", 0.1, [1.0])
        assert run.left >= 1
