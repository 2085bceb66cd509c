"""The cases of notebook 06 say of themselves what is true: held to independent oracles."""

from __future__ import annotations

import random
from itertools import permutations
from pathlib import Path
from statistics import fmean
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toollab.calls import ToolCall
from toollab.checks import Outcome, worthwhile
from toollab.checks.worthwhile import Case, Network, Waits
from toollab.trace import good_trace

ANSWERS = Path(__file__).resolve().parents[2] / "right_answers" / "06-when-parallel-helps"


def right(exercise: str, style: str) -> Any:
    """Return a right answer of the proof corpus."""
    path = ANSWERS / exercise / f"{style}.py"
    namespace: dict[str, Any] = {"good_trace": good_trace}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)  # noqa: S102
    return namespace[exercise]


eighths = st.integers(0, 40).map(lambda n: n / 8)
networks = st.builds(
    Network,
    st.lists(eighths, max_size=5).map(tuple),
    beside=st.integers(0, 12),
    limit=st.integers(1, 6),
    seed=st.integers(0, 999),
)


def longest(network: Network) -> float:
    """Return the longest path in seconds, as networkx finds it."""
    graph = nx.DiGraph()
    for call_id, seconds in network.seconds().items():
        graph.add_edge((call_id, "in"), (call_id, "out"), weight=seconds)
    graph.add_weighted_edges_from([((a, "out"), (b, "in"), 0.0) for a, b in network.edges()])
    return nx.dag_longest_path_length(graph) if graph else 0.0


@given(networks)
def test_spine_is_the_critical_path(network: Network):
    """A network has no cycle, and no chain in it is longer than its spine."""
    assert longest(network) == network.span


@given(networks, st.randoms(use_true_random=False))
def test_greedy_runs_lie_between_the_bounds(network: Network, shuffled: random.Random):
    """A greedy run in any order of its calls ends between the two bounds that are asked for."""
    seconds, edges = network.seconds(), network.edges()
    low, high = right("makespan_bounds", "own_path")(seconds, edges, network.limit)
    calls = [ToolCall(call_id, "search") for call_id in seconds]
    shuffled.shuffle(calls)
    run = good_trace(calls, seconds, limit=network.limit, edges=edges)
    assert low <= run.makespan + 1e-9
    assert run.makespan <= high + 1e-9


@settings(max_examples=20)
@given(
    st.lists(eighths.filter(bool), min_size=1, max_size=2),
    st.integers(0, 3),
    st.integers(1, 3),
    st.integers(0, 99),
)
def test_best_order_is_not_below_the_floor(spine: list[float], beside: int, limit: int, seed: int):
    """Of all orders of a small plan, the best one does not beat the floor."""
    network = Network(tuple(spine), beside, limit, seed)
    seconds, edges = network.seconds(), network.edges()
    low, _ = right("makespan_bounds", "own_path")(seconds, edges, limit)
    calls = [ToolCall(call_id, "search") for call_id in seconds]
    best = min(
        good_trace(order, seconds, limit=limit, edges=edges).makespan
        for order in permutations(calls)
    )
    assert low <= best + 1e-9


@given(networks)
def test_any_network_can_be_judged(network: Network):
    """A right answer earns all points on every network."""
    report = worthwhile.makespan_bounds(right("makespan_bounds", "relaxes_edges"), cases=[network])
    assert report.outcome is Outcome.PASSED


@given(st.lists(eighths, min_size=1, max_size=5), st.integers(1, 4))
def test_written_draws_agree_with_odds(samples: list[float], calls: int):
    """Writing down all draws gives what the odds give."""
    waits = Waits(tuple(samples), calls)
    assert right("expected_longest", "layers")(samples, calls) == pytest.approx(waits.answer)
    report = worthwhile.expected_longest(
        right("expected_longest", "one_call_at_a_time"), cases=[waits]
    )
    assert report.outcome is Outcome.PASSED


@given(st.integers(1, 20), st.integers(0, 200), st.integers(1, 60))
def test_rare_waits_agree_with_odds(slow: int, usual: int, calls: int):
    """The closed form for rare waits is what exact fractions give."""
    waits = Waits.rare(slow, slow + usual, calls)
    exact = right("expected_longest", "counts_each_value")(list(waits.samples), calls)
    assert waits.answer == pytest.approx(exact)


def test_rare_waits_agree_with_chance():
    """Batches drawn at random take on average what the case says."""
    waits, source = Waits.rare(1, 20, 10), random.Random(1)  # noqa: S311 - chance, not secrets
    drawn = fmean(max(source.choices(waits.samples, k=10)) for _ in range(20_000))
    assert drawn == pytest.approx(waits.answer, rel=0.03)


resources = st.sampled_from(["a", "b", "c", "a!", "b!"])
steps = st.tuples(st.integers(1, 40).map(lambda n: n / 8), resources)
chains = st.lists(st.lists(steps, min_size=1, max_size=3), min_size=1, max_size=4)


@given(chains, st.integers(1, 5), eighths, eighths, st.sampled_from([0.0, 0.125, 0.25, 0.5]))
def test_styles_agree_on_every_profile(
    calls: Any, limit: int, model_s: float, overhead_s: float, worth: float
):
    """Two independent right answers decide alike, and that decision passes when it is expected."""
    case = Case("any", "pays", calls, limit, model_s, overhead_s, worth)
    decided = right("should_parallelise", "match_statement")(case.profile())
    other = right("should_parallelise", "questions_in_a_list")
    assert other(case.profile()) == decided
    expected = Case("any", decided[1], calls, limit, model_s, overhead_s, worth)
    assert worthwhile.should_parallelise(other, cases=[expected]).outcome is Outcome.PASSED


@pytest.mark.parametrize("case", worthwhile.should_parallelise.cases, ids=lambda case: case.story)
def test_visible_cases_expect_what_the_table_says(case: Case):
    """Every visible case deserves the decision that is written beside it."""
    answer = right("should_parallelise", "rows_top_down")(case.profile())
    assert answer == (case.parallel, case.reason)
