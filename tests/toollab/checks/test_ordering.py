"""The cases of notebook 07 are what they say, by the word of independent oracles."""

from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from toollab.checks.ordering import line_up, net, run_ordered, stable_order
from toollab.checks.ordering._line_ups import ALONE
from toollab.trace import good_trace

sizes = st.lists(st.integers(0, 4), max_size=6)


@given(st.integers(0, 99), sizes)
def test_a_line_up_is_the_segments_it_was_drawn_from(seed: int, drawn: list[int]):
    """Barriers are alone, ids are emitted in order, and their texts sort differently."""
    made = line_up(seed, *drawn)
    assert [len(segment) for segment in made.segments] == [size or 1 for size in drawn]
    ids = [call.id for call in made.batch.calls]
    assert [call_id for segment in made.segments for call_id in segment] == ids
    by_id = {call.id: call for call in made.batch.calls}
    for size, segment in zip(drawn, made.segments, strict=True):
        assert all((by_id[i].name in ALONE) == (size == 0) for i in segment)


@given(st.integers(0, 99), sizes)
def test_the_good_run_of_a_line_up_is_its_segments_in_a_row(seed: int, drawn: list[int]):
    """Arithmetic over segments and list scheduling over edges give the same makespan."""
    made = line_up(seed, *drawn)
    total = sum(max(made.batch.seconds[i] for i in segment) for segment in made.segments)
    trace = good_trace(made.batch.calls, made.batch.seconds, edges=made.edges)
    assert abs(trace.makespan - total) < 1e-6


@given(st.integers(0, 200), st.integers(0, 9), st.sampled_from([0.1, 0.3, 0.6]))
def test_networkx_and_the_check_agree_on_the_stable_order(seed: int, size: int, density: float):
    """The lexicographic topological order passes; any other order loses points."""
    made = net(seed, size, density)
    graph = nx.DiGraph()
    graph.add_nodes_from(made.ids)
    graph.add_edges_from(made.edges)
    place = {call_id: n for n, call_id in enumerate(made.ids)}
    oracle = list(nx.lexicographical_topological_sort(graph, key=place.__getitem__))
    assert stable_order(lambda _ids, _edges: oracle, cases=[made]).earned == stable_order.points
    for other in nx.all_topological_sorts(graph):
        if other != oracle:
            found = stable_order(lambda _ids, _edges, other=other: other, cases=[made])
            assert found["ties keep emission order"].mistake == "not-stable"
            break


def test_a_runner_that_returns_nonsense_is_told_so():
    """Values that are no results fail a check and never raise."""
    for value in (None, 7, [None], "text", [[]], object()):

        async def runner(calls: object, registry: object, barriers: object, value: object = value):
            del calls, registry, barriers
            return value

        report = run_ordered(runner)
        assert report.earned == 0
        assert report["returns a list of results"].mistake
