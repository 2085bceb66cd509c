"""The checks of notebook 03 hold for any seed, not only for those of the notebook.

What they say of each misconception is proved by the corpus of wrong answers.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from toollab import ToolCall, ToolResult
from toollab.checks import parallel as check

FEWER = settings(max_examples=settings().max_examples // 4)
"""For those that run several simulations in each example."""

SEEDS = st.integers(0, 10_000)
Tools = Mapping[str, Callable[..., Any]]


def _failed(call: ToolCall, error: Exception) -> ToolResult:
    return ToolResult(call.id, f"{type(error).__name__}: {error}", is_error=True)


async def _dispatch(calls: Sequence[ToolCall], registry: Tools) -> list[ToolResult]:
    async def one(call: ToolCall) -> ToolResult:
        try:
            return ToolResult(call.id, await registry[call.name](**call.arguments))
        except Exception as error:  # noqa: BLE001 - whatever a tool raises
            return _failed(call, error)

    return await asyncio.gather(*map(one, calls))


def _dispatch_threads(
    calls: Sequence[ToolCall], registry: Tools, max_workers: int
) -> list[ToolResult]:
    def one(call: ToolCall) -> ToolResult:
        try:
            return ToolResult(call.id, registry[call.name](**call.arguments))
        except Exception as error:  # noqa: BLE001 - whatever a tool raises
            return _failed(call, error)

    with ThreadPoolExecutor(max_workers) as pool:
        futures = [pool.submit(contextvars.copy_context().run, one, call) for call in calls]
    return [future.result() for future in futures]


async def _with_timeout(
    call: ToolCall, tool: Callable[..., Any], seconds: float, *, side_effects: bool = False
) -> ToolResult:
    wait = inspect.iscoroutinefunction(tool)
    work = tool(**call.arguments) if wait else asyncio.to_thread(tool, **call.arguments)
    try:
        return ToolResult(call.id, await asyncio.wait_for(work, seconds))
    except TimeoutError:
        text = "timed out, outcome unknown" if side_effects else "timed out"
    except Exception as error:  # noqa: BLE001 - whatever a tool raises
        return _failed(call, error)
    return ToolResult(call.id, text, is_error=True)


@given(seed=SEEDS, size=st.integers(1, 20), failing=st.integers(0, 20), twin=st.booleans())
@FEWER
def test_any_batch_can_be_dispatched(seed: int, size: int, failing: int, twin: bool) -> None:
    """A right dispatcher earns full marks on every batch, also where all calls fail."""
    case = check.batch(seed, size, failing=min(size, failing), twin=twin)
    report = check.dispatch_all(_dispatch, cases=[case])
    assert report.earned == report.possible, str(report)


@given(seed=SEEDS, size=st.integers(0, 9), limit=st.integers(1, 12))
@settings(max_examples=settings().max_examples // 10)
def test_any_limit_can_be_kept(seed: int, size: int, limit: int) -> None:
    """A right pool earns full marks with any number of workers, more than calls included."""
    case = check.batch(seed, size, failing=size // 3, limit=limit)
    report = check.dispatch_threads(_dispatch_threads, cases=[case])
    assert report.earned == report.possible, str(report)


@given(seed=SEEDS)
def test_an_errand_is_early_or_late_but_never_on_the_line(seed: int) -> None:
    """One run ends clearly within the limit and one clearly beyond it, for every seed."""
    case = check.errand(seed)
    assert 0 < case.early <= case.limit / 2
    assert case.late >= case.limit * 1.4
    assert str(case.error).strip()


@given(seed=SEEDS)
@settings(max_examples=settings().max_examples // 20)
def test_any_errand_can_be_run(seed: int) -> None:
    """A right function earns full marks on every errand."""
    report = check.call_with_timeout(_with_timeout, cases=[check.errand(seed)])
    assert report.earned == report.possible, str(report)


def test_a_twin_differs_in_its_id_alone() -> None:
    """The twin takes the same time and fails the same way, as equal calls do."""
    case = check.batch(5, 3, failing=3, twin=True)
    first, twin = case.calls[0], case.calls[-1]
    assert first.id != twin.id
    assert (first.name, first.arguments) == (twin.name, twin.arguments)
    assert case.seconds[first.id] == case.seconds[twin.id]
    assert case.errors[first.id] is case.errors[twin.id]


def test_a_batch_that_goes_on_is_drawn_after_its_cancellation() -> None:
    """Who leaves calls running sees the very run that was cancelled."""

    async def leaves_tasks(calls: Sequence[ToolCall], registry: Tools) -> list[ToolResult]:
        tasks = [asyncio.create_task(_dispatch([call], registry)) for call in calls]
        return [(await task)[0] for task in tasks]

    report = check.dispatch_all(leaves_tasks)
    assert report["no call outlives its batch"].mistake == "left-running"
    assert "Your run, cancelled at 0.1 s" in str(report)


def test_an_error_of_ones_own_is_not_blamed_on_a_tool() -> None:
    """When no tool failed, the hint points at the line of the learner's code that raised."""

    async def slip(calls: Sequence[ToolCall], registry: Tools) -> list[ToolResult]:
        return [ToolResult(call.ident, registry[call.name]) for call in calls]  # type: ignore[attr-defined]

    found = check.dispatch_all(slip)["returns a list of results"]
    assert found.mistake == "raises"
    assert "No tool failed" in found.hint
    assert "registry[call.name]" in found.hint


def test_a_dispatcher_that_was_never_defined() -> None:
    """Where grading says that the answer's cell failed, the hint is to mend that cell."""

    async def dispatch(_calls: Sequence[ToolCall], _registry: Tools) -> list[ToolResult]:
        raise NameError("name 'd' is not defined; the cell 'd' did not run to its end: SyntaxError")

    hints = [finding.hint for finding in check.dispatch_all(dispatch).findings if finding.hint]
    assert hints[0].startswith("Run the cell with your answer alone, and mend what it says")
