"""Graphs of calls: laid out in layers, drawn with their cycles, and beside a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.toollab.views.pages import inside, read_html, read_svg, texts
from tests.toollab.views.traces import traces
from toollab.calls import ToolCall
from toollab.trace import Trace, good_trace
from toollab.views import graph, graph_run
from toollab.views._layers import Pass, lay_out_graph
from toollab.views._sketch import STATES
from toollab.views._svg import one_line

TRIP = {
    "flight": [],
    "visa": [],
    "hotel": ["flight"],
    "insurance": ["visa"],
    "budget": ["flight", "hotel"],
    "mail": ["hotel", "insurance", "budget"],
}
EDGES = tuple((before, after) for after, befores in TRIP.items() for before in befores)
KINDS = {edge: "control" if edge[1] == "mail" else "data" for edge in EDGES} | {
    ("flight", "budget"): "resource"
}
TOOK = {"flight": 1.0, "visa": 10.0, "hotel": 10.0, "insurance": 1.0, "budget": 0.5, "mail": 0.5}
CALLS = tuple(ToolCall(call, "run", {"call": call}) for call in TRIP)
GOOD = good_trace(CALLS, TOOK, edges=EDGES)
BY_LEVEL = good_trace(CALLS, TOOK, edges=(*EDGES, ("visa", "hotel"), ("flight", "insurance")))
RING = {"a": ["d"], "b": ["a"], "c": ["b"], "d": ["c"], "e": ["c"], "s": ["s"]}
BROKEN = good_trace(
    CALLS[:3],
    {call.id: TOOK[call.id] for call in CALLS[:3]},
    edges=(("flight", "hotel"),),
    outcome=lambda call: "error" if call.id == "visa" else "ok",
)
PICTURES = {
    "graph": lambda: graph(TRIP, kinds=KINDS),
    "graph-ring": lambda: graph(RING, marked=["a", "d", "c", "b", "a"], title="A cycle"),
    "graph-states": lambda: graph(
        {state: STATES[max(i - 2, 0) : i] for i, state in enumerate(STATES)},
        states={state: state for state in STATES},
        title="Every state there is",
    ),
    "graph-run": lambda: graph_run(TRIP, BY_LEVEL, 3.0, title="Level by level"),
    "graph-failed": lambda: graph_run(TRIP, BROKEN, title="The visa check failed"),
}

_names = st.text(min_size=1, max_size=30)
_graphs = st.lists(_names, max_size=9, unique=True).flatmap(
    lambda ids: (
        st.dictionaries(
            st.sampled_from(ids), st.lists(st.sampled_from([*ids, "nobody"]), max_size=4)
        )
        if ids
        else st.just({})
    )
)


@pytest.mark.parametrize("name", PICTURES)
def test_golden(name: str, golden: Callable[[str, str], None]) -> None:
    """A graph and its text form stay as they were when somebody last looked at them."""
    picture = PICTURES[name]()
    golden(f"{name}.svg", picture.svg)
    golden(f"{name}.txt", picture.text)


@given(_graphs)
def test_layers_lead_down_unless_there_is_a_cycle(needs: dict[str, list[str]]) -> None:
    """Each id has one place; downward edges go down layer by layer; the rest close cycles."""
    layers = lay_out_graph(needs)
    at = {slot: i for i, row in enumerate(layers.rows) for slot in row}
    assert len(at) == sum(map(len, layers.rows))
    assert {s for s in at if isinstance(s, str)} == {
        *needs,
        *(b for bs in needs.values() for b in bs),
    }
    for edge in set(layers.edges) - layers.upward:
        route = layers.route(edge)
        assert [at[slot] for slot in route] == list(range(at[edge[0]], at[edge[1]] + 1))
        assert all(isinstance(slot, Pass) for slot in route[1:-1])
    down = {edge: edge for edge in layers.edges if edge not in layers.upward}
    assert all(at[before] < at[after] for before, after in down)
    if layers.upward:
        assert _has_cycle(needs)


def _has_cycle(needs: dict[str, list[str]]) -> bool:
    """Close the relation *needs*, and see whether anything needs itself."""
    reach = {call: set(befores) for call, befores in needs.items()}
    for _ in reach:
        for far in reach.values():
            far |= {more for one in list(far) for more in reach.get(one, ())}
    return any(call in far for call, far in reach.items())


@given(_graphs, st.lists(_names, max_size=4))
def test_any_graph_gives_a_clean_picture(needs: dict[str, list[str]], marked: list[str]) -> None:
    """A graph of any ids, cycles included, stays on its paper and is drawn the same twice."""
    picture = graph(needs, marked=marked)
    root = read_svg(picture.svg)
    inside(root)
    read_html(picture.html)
    assert root.get("aria-label") == picture.alt
    assert texts(root, "desc") == [picture.text]
    assert picture == graph(needs, marked=marked)


@given(_graphs)
def test_text_form_tells_every_dependency(needs: dict[str, list[str]]) -> None:
    """The text form has a line for each call with all that it needs."""
    lines = graph(needs).text.splitlines()
    for call, befores in needs.items():
        starts = f"{one_line(call)}: needs "
        told = [line.removeprefix(starts) for line in lines if line.startswith(starts)]
        assert any(all(one_line(before) in line for before in befores) for line in told)


@given(_graphs, traces(), st.none() | st.floats(0, 2e6))
def test_any_run_gives_a_clean_picture(
    needs: dict[str, list[str]], trace: Trace, at: float | None
) -> None:
    """A graph beside any run, related to it or not, stays on its paper at every moment."""
    picture = graph_run(needs, trace, at)
    root = read_svg(picture.svg)
    inside(root)
    assert texts(root, "desc") == [picture.text]
    assert picture == graph_run(needs, trace, at)


@given(st.integers(0, 42).map(lambda half: half / 2))
def test_states_are_those_of_the_trace(at: float) -> None:
    """At each moment, a call is done, running or not, as its span and its needs say."""
    lines = graph_run(TRIP, BY_LEVEL, at).text.splitlines()
    span = {one.call_id: one for one in BY_LEVEL}
    for call, befores in TRIP.items():
        start, end = span[call].start, span[call].end
        assert end is not None
        ready = all((span[before].end or 0) <= at for before in befores)
        state = (
            "done"
            if end <= at
            else "running"
            if start <= at
            else "could run"
            if ready
            else "waiting"
        )
        assert f"{call}: {state}, needs {', '.join(befores) or 'nothing'}" in lines


def test_calls_below_a_failed_one_are_skipped() -> None:
    """What needs a failed call never runs, and so on down; the other branch goes on."""
    lines = graph_run(TRIP, BROKEN).text
    assert "insurance: skipped" in lines
    assert "mail: skipped" in lines
    assert "budget: could run" in lines


def test_each_state_looks_different_without_colour() -> None:
    """Border and sign alone tell the states apart."""
    root = read_svg(PICTURES["graph-states"]().svg)
    looks = set()
    for group in root.findall("{*}g"):
        box, sign = group.find("{*}rect"), group.find("{*}path")
        if box is not None and sign is not None:
            looks.add((box.get("stroke-width"), box.get("stroke-dasharray"), sign.get("d")))
    assert len(looks) == len(STATES)


def test_kinds_of_edges_differ_in_their_lines_and_are_explained() -> None:
    """Data, control and resource have lines of their own, and words beside samples of them."""
    root = read_svg(graph(TRIP, kinds=KINDS).svg)
    assert {"data", "control", "resource"} <= set(texts(root))
    lines = {}
    for group in root.findall("{*}g"):
        title, line = group.find("{*}title"), group.find("{*}path")
        if title is not None and line is not None and " needs " in (title.text or ""):
            lines[(title.text or "").partition(": ")[2]] = line.get("stroke-dasharray")
    assert len(set(lines.values())) == len(lines) == 3


def test_unknown_state_is_refused_in_a_sentence() -> None:
    """A misspelt state is no state."""
    with pytest.raises(ValueError, match=r"cannot be drawn as dnoe\. Hint: the states are done"):
        graph(TRIP, states={"flight": "dnoe"})


def test_moment_within_the_run_veils_the_rest() -> None:
    """Before the end, the moment is written out and the rest is faint; at the end nothing is."""
    early, late = graph_run(TRIP, GOOD, 3.0).svg, graph_run(TRIP, GOOD).svg
    assert "now 3 s" in early
    assert "fill-opacity" in early
    assert "now" not in texts(read_svg(late))
    assert "fill-opacity" not in late
    assert (
        graph_run(TRIP, replace(GOOD, total=50.0), 50.0).text.splitlines()[1].startswith("at 50 s")
    )
