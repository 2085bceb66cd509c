"""Checks that a teacher wrote down in the notebook, as any nbgrader notebook has them."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest

from autograder.grading.jobs import Blueprint
from autograder.grading.wire.jobs import CheckSeen
from autograder.grading.witness.judge import judge
from tests.autograder.grading.witness.far import linked
from tests.walled import REPORT, answer, code
from tests.walled import test as check_cell

SET_UP = """
import asyncio, threading, time
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from toollab.checks import Exercise, Wrong

async def fetch(seconds):
    await asyncio.sleep(seconds)
    return seconds
"""
EXERCISE = """
doubling = Exercise("Double it", cases=[1, 2])

@doubling.play
def _play(fn, case):
    return case, fn(case)

@doubling.check("it is doubled", points=4)
def _doubled(seen):
    case, value = seen
    if value != 2 * case:
        raise Wrong(saw=str(value), expected=str(2 * case), hint="Add it.", mistake="not-double")
"""
SIMULATED = EXERCISE.replace(
    "return case, fn(case)", "return case, simulate(NoTools(), fn, case).value"
).replace(
    "doubling =",
    """from toollab import Trace, simulate
class NoTools:
    def begin(self, clock): pass
    def trace_until(self, total): return Trace((), total)
doubling =""",
)


def seen_of(learners: str, check: str, *given: str) -> CheckSeen:
    """Return the verdict of a check of four points on a learner's answer."""
    cells = [code(f"given-{n}", text) for n, text in enumerate((SET_UP, *given))]
    cells += [answer("f", learners), check_cell("f-check", check, 4)]
    checks = Blueprint({"cells": cells, "metadata": {}}).checks
    source = "\n".join(dedent(text) for text in (SET_UP, *given, learners))
    with linked(source) as link:
        return judge(checks["f-check"], link, "")


def report_of(learners: str, check: str, *given: str) -> dict[str, Any]:
    """Return the report of a check that can be judged."""
    seen = seen_of(learners, check, *given)
    assert seen.bundle is not None, seen.reason
    report: dict[str, Any] = seen.bundle[REPORT]
    return report


DOUBLE = "def f(x):\n    return 2 * x"
WRONG = "def f(x):\n    return 2"
LATER = "async def f(x):\n    return 2 * await fetch(x)"
LATER_WRONG = "async def f(x):\n    return await fetch(x)"
TOGETHER = "async def f(xs):\n    return await asyncio.gather(*map(fetch, xs))"
ONE_BY_ONE = "async def f(xs):\n    return [await fetch(x) for x in xs]"
POOLED = (
    "def f(xs, work):\n    with ThreadPoolExecutor() as pool:\n        return [*pool.map(work, xs)]"
)
PLAIN = "def f(xs, work):\n    return [work(x) for x in xs]"
FAST = """
start = perf_counter()
assert await f([0.2, 0.3]) == [0.2, 0.3]
assert 0.25 < perf_counter() - start < 0.35, "too slow"
"""
THREADED = """
def work(seconds):
    time.sleep(seconds)
    return seconds
start = time.monotonic()
assert f([0.2, 0.3], work) == [0.2, 0.3]
assert 0.25 < time.monotonic() - start < 0.35, "too slow"
"""
PEAK = """
now = peak = 0
async def tool(seconds):
    global now, peak
    now += 1
    peak = max(peak, now)
    await asyncio.sleep(seconds)
    now -= 1
    return seconds
assert await f([1, 2, 3], tool) == [1, 2, 3]
assert peak == 3
"""


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        ("assert f(1) == 2\nassert f(-3) == -6", DOUBLE, WRONG),
        ("assert await f(1) == 2", LATER, LATER_WRONG),
        ("assert asyncio.run(f(1)) == 2", LATER, LATER_WRONG),
        ("assert await asyncio.gather(f(1), f(2)) == [2, 4]", LATER, LATER_WRONG),
        (FAST, TOGETHER, ONE_BY_ONE),
        (THREADED, POOLED, PLAIN),
        (
            PEAK,
            "async def f(xs, tool):\n    return await asyncio.gather(*map(tool, xs))",
            "async def f(xs, tool):\n    return [await tool(x) for x in xs]",
        ),
        (
            ("task = asyncio.create_task(f(1))\nawait asyncio.sleep(0.5)\n"
            "assert not task.done()\nawait asyncio.sleep(1)\nassert task.result() == 2"),
            LATER,
            LATER_WRONG,
        ),
        (
            ("try:\n    await asyncio.wait_for(f(9), 1)\nexcept TimeoutError:\n    pass\n"
            "else:\n    raise AssertionError('it did not wait')"),
            LATER,
            "async def f(x):\n    return 2 * x",
        ),
        (
            ("try:\n    f(-1)\nexcept ValueError as error:\n    assert '-1' in str(error)\n"
            "else:\n    raise AssertionError('nothing was raised')"),
            "def f(x):\n    raise ValueError(x)",
            DOUBLE,
        ),
        ("assert list(f(3)) == [0, 1, 2]", "def f(n):\n    yield from range(n)", DOUBLE),
        ("dog = f('x')\nassert dog.speak() == 'x!'", ("class f:\n    def __init__(self, n):\n"
         "        self.n = n\n    def speak(self):\n        return self.n + '!'"), DOUBLE),
        ("f(1) == 2 and f(3) == 6", DOUBLE, WRONG),
    ],
)  # fmt: skip
def test_plain_tests(check: str, right: str, wrong: str) -> None:
    """Assertions on functions, coroutines, threads, times and errors tell right from wrong."""
    assert report_of(right, check)["earned"] == 4
    failed = report_of(wrong, check)
    assert (failed["earned"], failed["outcome"]) == (0, "failed")


def test_points_by_number() -> None:
    """A cell whose last value is a number gives so many points."""
    check = "score = 0\nfor x in range(4):\n    score += f(x) == 2 * x\nscore"
    assert report_of(DOUBLE, check)["earned"] == 4
    assert report_of(WRONG, check)["earned"] == 1


def test_an_untouched_answer() -> None:
    """A stub was not attempted, whoever wrote the check."""
    report = report_of("def f(x):\n    raise NotImplementedError", "assert f(1) == 2")
    assert report["outcome"] == "not attempted"


@pytest.mark.parametrize("exercise", [EXERCISE, SIMULATED])
@pytest.mark.parametrize("before", ["", "assert f(3) != 5\n"])
def test_an_exercise_made_in_a_cell(exercise: str, before: str) -> None:
    """Its cases and checks are there, its findings are named, with a clock of its own or not."""
    check = (
        before + "report = doubling(f)\nreport &= doubling(f, cases=[7])\nassert f(3) != 5\nreport"
    )
    right = report_of(DOUBLE, check, exercise)
    assert (right["earned"], right["outcome"]) == (4, "passed")
    wrong = report_of(WRONG, check, exercise)
    (finding,) = wrong["checks"]
    assert (finding["outcome"], finding["mistake"]) == ("failed", "not-double")
    assert (finding["saw"], finding["expected"]) == ("2", "4")


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("%timeit f(1)\nassert f(1) == 2", "not plain Python: line 1"),
        ("f(1), f(2)", "neither a report nor a number"),
    ],
)
def test_what_is_no_check_says_so(check: str, said: str) -> None:
    """A cell that gives no verdict is told as that, with what to do; nobody fails by it."""
    seen = seen_of(DOUBLE, check)
    assert seen.bundle is None
    assert said in seen.reason
    assert "Hint: " in seen.reason


def test_the_text_of_a_function_is_not_taken_for_that_of_its_stand_in() -> None:
    """A check that asks for it gets the error that Python has for functions without a text."""
    check = "import inspect\nassert 'anything at all' not in inspect.getsource(f)"
    (finding,) = report_of(DOUBLE, check)["checks"]
    assert finding["saw"] == "OSError: could not get source code"
