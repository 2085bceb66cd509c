"""The search vendor: uneven waits, a limit in each second, and refusals that say when."""

from __future__ import annotations

import asyncio
import copy
from statistics import quantiles

import pytest

from toollab import simulate
from toollab.tools import RateLimitError, search_vendor, searches


async def insist(calls, tools):
    """Send each search until it is let in, waiting exactly as told."""

    async def one(call):
        while True:
            try:
                return await tools[call.name](**call.arguments)
            except RateLimitError as error:
                await asyncio.sleep(error.retry_after)

    return await asyncio.gather(*map(one, calls))


@pytest.mark.parametrize(("count", "limit"), [(20, 5), (7, 7), (9, 4), (3, 1)])
def test_herd_comes_back_each_second(count: int, limit: int):
    """Who is refused is told when the next second begins, and then `limit` of them get in."""
    vendor = search_vendor(limit, seconds=0.2)
    run = simulate(vendor, insist, searches(count), vendor.tools)
    assert run.error is None
    waves = range(count, 0, -limit)
    assert len(run.trace) == sum(waves)
    assert run.total == pytest.approx(len(waves) - 1 + 0.2)
    good = [span.start for span in run.trace if span.state == "ok"]
    assert max(good.count(start) for start in good) == min(limit, count)


def test_runs_start_over():
    """A second run finds the vendor as the first one did."""
    vendor = search_vendor(2, seconds=0.1)
    first, second = (simulate(vendor, insist, searches(5), vendor.tools) for _ in "12")
    assert first.trace == second.trace


def test_refusals_are_quick_and_can_be_copied():
    """A refusal takes 0.05 s, whatever a search takes, and carries its seconds."""
    vendor = search_vendor(0, seconds=30.0)
    run = simulate(vendor, vendor.tools["search"], query="tea")
    assert isinstance(run.error, RateLimitError)
    assert (run.total, run.error.retry_after, run.error.status) == (0.05, 0.95, 429)
    assert copy.copy(run.error).retry_after == 0.95


def test_waits_are_uneven():
    """Half of the searches take up to half a second, one in twenty more than 1.8 s."""
    vendor = search_vendor(seed=3)
    waits = [vendor.latency("search", {"query": f"question {n}"}) for n in range(4000)]
    cuts = quantiles(waits, n=20)
    assert cuts[9] == pytest.approx(0.5, rel=0.05)
    assert cuts[18] == pytest.approx(1.8, rel=0.1)
    assert waits != [
        search_vendor(seed=4).latency("search", {"query": f"question {n}"}) for n in range(4000)
    ]


def test_without_a_limit_everything_runs_at_once():
    """A vendor without a limit refuses nobody."""
    vendor = search_vendor(seconds=0.2)
    run = simulate(vendor, insist, searches(50), vendor.tools)
    assert (run.trace.peak, run.total) == (50, 0.2)
    assert run.value[0] == "3 pages on topic 1"
