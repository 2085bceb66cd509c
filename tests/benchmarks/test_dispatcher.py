"""What the dispatcher's benchmark measures, on the tests' own graphs; no real time is judged."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import dispatcher
from tests.benchmarks.graphs import Graph, graphs
from tests.benchmarks.runners import RUNNERS
from toollab.calls import ToolCall, ToolResult
from toollab.trace import critical_path

SAMPLE = Path(__file__).resolve().parents[1] / "autograder" / "detection" / "sample.jsonl"
OURS = dispatcher.reference()
# Two chains side by side, of which a level waits for the slower link each time.
CHAINS = Graph(
    "own",
    "chains",
    [ToolCall(i, "run") for i in "abcdef"],
    [("a", "b"), ("b", "c"), ("d", "e"), ("e", "f"), ("a", "e")],
)


@pytest.fixture(scope="module")
def sample() -> list[Graph]:
    """The sample's graphs, and one more."""
    return [*graphs([SAMPLE], pseudo=True), CHAINS]


def test_the_dispatcher_takes_no_longer_than_the_critical_path(sample: list[Graph]) -> None:
    """Without a limit each makespan is the critical path's length, and every call ran rightly."""
    found = dispatcher.score(sample, OURS, None)
    assert len(found.ratios) == len(sample) * len(dispatcher.SEEDS)
    assert found.ratios == pytest.approx([1.0] * len(found.ratios))
    assert (found.over, found.broken) == (0, 0)


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_the_dispatcher_keeps_within_grahams_bound(sample: list[Graph], limit: int) -> None:
    """With a limit no run is longer than the bound, and none is shorter than anybody could be."""
    found = dispatcher.score(sample, OURS, limit)
    assert (found.over, found.broken) == (0, 0)
    assert min(found.ratios) >= 1 - 1e-9
    if limit == 1:
        assert found.ratios == pytest.approx([1.0] * len(found.ratios))


def test_level_by_level_is_right_and_slower(sample: list[Graph]) -> None:
    """The measure tells two right dispatchers apart: levels wait where no call needs it."""
    found = dispatcher.score(sample, dispatcher.by_levels, None)
    assert found.broken == 0
    assert found.over > 0
    assert max(found.ratios) > 1.1


def test_a_makespan_is_measured_against_the_graphs_own_path() -> None:
    """The ratio of running one call after another is the sum of all seconds to the path's."""
    for seed in dispatcher.SEEDS:
        seconds = CHAINS.seconds(seed)
        path = sum(seconds[call] for call in critical_path(seconds, CHAINS.edges))
        (ratio,) = dispatcher.played(CHAINS, seed, one_by_one, None).ratios
        assert ratio == pytest.approx(sum(seconds.values()) / path)


async def one_by_one(calls: Sequence[ToolCall], _needs: Any, run: Any, _limit: Any) -> Any:
    """Run one call after another, as they stand."""
    return [await run(call) for call in calls]


async def all_but_one(calls: Sequence[ToolCall], _needs: Any, run: Any, _limit: Any) -> Any:
    """Leave the last call out."""
    return [await run(call) for call in calls[:-1]]


async def one_twice(calls: Sequence[ToolCall], _needs: Any, run: Any, _limit: Any) -> Any:
    """Run the first call a second time."""
    return [await run(call) for call in [calls[0], *calls]][1:]


async def raises(_calls: Any, _needs: Any, _run: Any, _limit: Any) -> Any:
    """Give up."""
    raise RuntimeError("no")


@pytest.mark.parametrize("subject", [dispatcher.gathered, all_but_one, one_twice, raises])
def test_wrong_dispatchers_are_counted_as_broken(subject: Any) -> None:
    """Starting too early, leaving out, running twice and raising are no fast runs."""
    assert dispatcher.played(CHAINS, 0, subject, None).broken == 1
    assert dispatcher.played(CHAINS, 0, one_by_one, None).broken == 0


def test_too_many_at_once_is_broken() -> None:
    """Who passes the limit over is no match for those who keep it."""
    free = replace(CHAINS, edges=[])
    assert dispatcher.played(free, 0, dispatcher.gathered, 2).broken == 1
    assert dispatcher.played(free, 0, OURS, 2).broken == 0


def test_each_runner_has_its_row_installed_or_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The tables name all subjects; a package that is not there is called so, and no failure."""
    absent = replace(RUNNERS[0], name="Nobody", package="no-such-package")
    monkeypatch.setattr(dispatcher, "RUNNERS", (*RUNNERS, absent))
    monkeypatch.setattr(dispatcher, "CALLS", 5)
    monkeypatch.setattr(dispatcher, "REPEATS", 1)
    dispatcher.main([str(SAMPLE)])
    said = capsys.readouterr()
    rows = [line for line in said.out.splitlines() if line.startswith("|")]
    assert not [row for row in rows if "broken" in row.replace("own_broken", "")]
    for runner in (*RUNNERS, absent):
        (row,) = [row for row in rows if row.startswith(f"| {runner.name} ")]
        assert ("not installed" in row) == (not runner.installed)
        assert runner.cannot in row
    totals = [row.split(" | ") for row in rows if row.startswith("| all ")]
    shown = {row[4]: (row[-2], row[-1].removesuffix(" |")) for row in totals}
    runs = len(dispatcher.SEEDS) * len(list(graphs([SAMPLE], pseudo=True)))
    assert shown["dispatcher"] == (f"0 of {runs}", f"0 of {3 * runs}")
    assert "sample.jsonl, line 10: several calls have the same id; skipped" in said.err


def test_the_overhead_is_measured_of_work_that_was_done() -> None:
    """A subject that loses calls on the way is refused, however fast it is."""
    with pytest.raises(RuntimeError, match="results for"):
        dispatcher.overhead({"gather": dispatcher.gathered, "loses": all_but_one})


def test_without_pseudo_calls_their_edges_go_too(tmp_path: Path) -> None:
    """A call that only joins an answer is left out with all its edges."""
    calls = [{"id": i, "name": n} for i, n in (("a", "look"), ("b", "look"), ("j", "join"))]
    record = {"id": "r", "source": "s", "calls": calls, "pseudo_calls": ["join"]}
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps({**record, "edges": [["a", "j"], ["b", "j"]]}), encoding="utf-8")
    (with_join,), (without,) = graphs([file], pseudo=True), graphs([file], pseudo=False)
    assert (len(with_join.calls), len(with_join.edges)) == (3, 2)
    assert (len(without.calls), without.edges) == (2, [])
    call = ToolCall("a", "look")
    found = asyncio.run(OURS([call], {"a": []}, _fine, None))
    assert [result.id for result in found] == ["a"]


async def _fine(call: ToolCall) -> ToolResult:
    return ToolResult(call.id, "fine")
