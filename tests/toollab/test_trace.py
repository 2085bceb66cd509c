"""Laws of traces: what is computed from spans agrees with first principles."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toollab import Span, ToolCall, Trace, critical_path, good_trace
from toollab.trace import label

seconds = st.integers(1, 40).map(lambda tenths: tenths / 10)


@st.composite
def batches(draw: st.DrawFn) -> tuple[list[ToolCall], dict[str, float]]:
    """Draw a batch of calls and how long each takes."""
    durations = draw(st.lists(seconds, min_size=1, max_size=9))
    calls = [ToolCall(f"c{i}", "t", {"i": i}) for i in range(len(durations))]
    return calls, {call.id: d for call, d in zip(calls, durations, strict=True)}


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[ToolCall], dict[str, float], list[tuple[str, str]]]:
    """Draw a batch whose calls depend on earlier ones."""
    calls, durations = draw(batches())
    pairs = [(a.id, b.id) for i, b in enumerate(calls) for a in calls[:i]]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=12)) if pairs else []
    return calls, durations, edges


@given(batches(), st.integers(1, 10))
def test_a_good_trace_keeps_the_bounds(
    batch: tuple[list[ToolCall], dict[str, float]], limit: int
) -> None:
    """Max ≤ makespan ≤ sum, and the peak is the limit or the number of calls."""
    calls, durations = batch
    trace = good_trace(calls, durations, limit=limit)
    total, longest = sum(durations.values()), max(durations.values())
    assert longest - 1e-9 <= trace.makespan <= total + 1e-9
    assert trace.makespan >= total / limit - 1e-9
    assert trace.peak == min(limit, len(calls))
    assert math.isclose(trace.work, total)
    assert [span.call_id for span in trace] == [call.id for call in calls]


@given(batches())
def test_limit_one_is_serial_and_no_limit_is_the_longest(
    batch: tuple[list[ToolCall], dict[str, float]],
) -> None:
    """One at a time takes the sum; all at once takes the maximum."""
    calls, durations = batch
    assert math.isclose(good_trace(calls, durations, limit=1).makespan, sum(durations.values()))
    for limit in (None, len(calls), len(calls) + 3):
        assert good_trace(calls, durations, limit=limit).makespan == max(durations.values())


@given(graphs())
def test_a_good_trace_keeps_dependencies_and_is_as_long_as_its_critical_path(
    graph: tuple[list[ToolCall], dict[str, float], list[tuple[str, str]]],
) -> None:
    """Every edge is kept, and without a limit nothing else makes the run longer."""
    calls, durations, edges = graph
    trace = good_trace(calls, durations, edges=edges)
    assert all(trace.happens_before(before, after) for before, after in edges)
    path = critical_path(durations, edges)
    assert math.isclose(trace.makespan, sum(durations[c] for c in path))
    assert set(pairwise(path)) <= set(edges)


@given(graphs())
def test_the_critical_path_is_the_longest_path(
    graph: tuple[list[ToolCall], dict[str, float], list[tuple[str, str]]],
) -> None:
    """Its length is what networkx finds, with durations as weights."""
    _, durations, edges = graph
    oracle = nx.DiGraph()
    for call_id, duration in durations.items():
        oracle.add_edge((call_id, "in"), (call_id, "out"), weight=duration)
    oracle.add_edges_from((((a, "out"), (b, "in")) for a, b in edges), weight=0.0)
    longest = nx.dag_longest_path_length(oracle, weight="weight")
    assert math.isclose(sum(durations[c] for c in critical_path(durations, edges)), longest)


def test_a_cycle_has_no_critical_path() -> None:
    """Calls that wait for each other are named."""
    with pytest.raises(ValueError, match="a, b wait for each other"):
        critical_path({"a": 1.0, "b": 1.0}, [("a", "b"), ("b", "a")])


@given(batches(), st.integers(1, 4))
def test_overlap_and_precedence_exclude_each_other(
    batch: tuple[list[ToolCall], dict[str, float]], limit: int
) -> None:
    """Of two calls, either one happens before the other, or they overlap."""
    calls, durations = batch
    trace = good_trace(calls, durations, limit=limit)
    for a in calls:
        for b in calls:
            if a is not b:
                ordered = trace.happens_before(a.id, b.id) or trace.happens_before(b.id, a.id)
                assert ordered != trace.overlapped(a.id, b.id)
                assert trace.overlapped(a.id, b.id) == trace.overlapped(b.id, a.id)


@given(batches(), st.integers(1, 4))
def test_in_flight_starts_and_ends_at_nothing(
    batch: tuple[list[ToolCall], dict[str, float]], limit: int
) -> None:
    """The count goes up and down by one, never below zero, and ends at zero."""
    calls, durations = batch
    counts = [count for _, count in good_trace(calls, durations, limit=limit).in_flight()]
    assert all(abs(b - a) == 1 for a, b in pairwise([0, *counts]))
    assert min(counts) == 0 == counts[-1]


def test_an_empty_trace_is_all_zero() -> None:
    """Nothing ran: no peak, no work, no makespan."""
    assert (Trace().peak, Trace().work, Trace().makespan) == (0, 0.0, 0.0)


def test_label_pairs_equal_calls_in_order_and_counts_attempts() -> None:
    """Equal calls are told apart by emission order; a further span is a further attempt."""
    calls = [ToolCall(i, "t", {"x": 1}) for i in ("a", "b")] + [ToolCall("c", "t", {"x": 2})]
    spans = [Span("?", "t", {"x": x}, 0.0, i, 1.0, i + 10) for i, x in enumerate((1, 2, 1, 2, 1))]
    labelled = label(Trace(tuple(spans)), calls)
    assert [(s.call_id, s.attempt) for s in labelled] == [
        ("a", 1),
        ("c", 1),
        ("b", 1),
        ("c", 2),
        ("a", 2),
    ]


def test_label_keeps_the_name_of_a_span_nobody_asked_for() -> None:
    """A call made up by the learner's code stays visible under its own id."""
    span = Span("t#0", "t", {"x": 9}, 0.0, 1, 1.0, 2)
    assert label(Trace((span,)), [ToolCall("a", "t", {"x": 1})]).spans == (span,)


@given(st.lists(st.integers(0, 2), max_size=6), st.randoms(use_true_random=False))
def test_label_names_each_call_once_if_each_ran_once(arguments: list[int], random: object) -> None:
    """Whatever the order of the spans, each call gets exactly one."""
    calls = [ToolCall(f"c{n}", "t", {"x": x}) for n, x in enumerate(arguments)]
    spans = [Span("?", "t", c.arguments, 0.0, n, 1.0, 99 + n) for n, c in enumerate(calls)]
    random.shuffle(spans)  # type: ignore[attr-defined]
    spans = [replace(span, started=n) for n, span in enumerate(spans)]
    labelled = label(Trace(tuple(spans)), calls)
    assert sorted(s.call_id for s in labelled) == sorted(c.id for c in calls)
    assert {s.attempt for s in labelled} <= {1}
