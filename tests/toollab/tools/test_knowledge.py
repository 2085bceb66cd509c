"""The knowledge desk: what it finds, how uneven it is, and its plan of nine calls."""

from __future__ import annotations

import asyncio
from statistics import fmean, median

import networkx as nx
import pytest

from toollab import critical_path, good_trace, simulate
from toollab.tools import ToolError, ask_everywhere, knowledge_desk, refund_research
from toollab.tools.knowledge import SOURCES


async def everything(calls, tools):
    """Run a batch at once."""
    return await asyncio.gather(*(tools[call.name](**call.arguments) for call in calls))


def test_each_source_takes_its_usual_time():
    """Without a spread a batch over all sources ends with the slowest of them."""
    desk = knowledge_desk()
    run = simulate(desk, everything, ask_everywhere("late refund"), desk.tools)
    assert run.total == max(SOURCES.values())
    assert len(set(run.value)) == len(SOURCES)


def test_named_sources_only():
    """Named sources are searched, in the order in which they are named."""
    assert [call.id for call in ask_everywhere("x", "mail", "wiki")] == [
        "search_mail",
        "search_wiki",
    ]


def test_spread_keeps_the_median_and_lifts_the_mean():
    """Uneven searches stay usual in the middle, and a seed gives the same ones again."""
    desk, again = knowledge_desk(3, spread=1.0), knowledge_desk(3, spread=1.0)
    asked = [{"source": "forum", "query": f"question {n}"} for n in range(2000)]
    waits = [desk.latency("search", given) for given in asked]
    assert waits == [again.latency("search", given) for given in asked]
    assert median(waits) == pytest.approx(SOURCES["forum"], rel=0.1)
    assert fmean(waits) > 1.3 * median(waits)


@pytest.mark.parametrize(
    ("tool", "given"),
    [("search", {"source": "attic", "query": "refund"}), ("read", {"page": "none"})],
)
def test_unknown_places_are_errors(tool: str, given: dict[str, str]):
    """A source or page that is not there is a tool error that names it."""
    desk = knowledge_desk()
    run = simulate(desk, desk.tools[tool], **given)
    assert isinstance(run.error, ToolError)
    assert next(iter(given.values())) in str(run.error)


@pytest.mark.parametrize(("reading", "seen"), [(0.1, "no notes"), (0.3, "late")])
def test_notes_depend_on_who_is_first(reading: float, seen: str):
    """Reading beside writing gives the old or the new, by chance of time."""
    desk = knowledge_desk(latencies={"read_notes": reading})

    async def both():
        return await asyncio.gather(
            desk.tools["read_notes"](), desk.tools["save_note"](text="late")
        )

    assert simulate(desk, both).value == [seen, "saved as note 1"]


def test_plan_is_grahams():
    """Nine calls, a critical path of 12 s, and a fourth slot that makes a greedy run slower."""
    plan = refund_research()
    graph = nx.DiGraph(plan.edges)
    graph.add_nodes_from(plan.seconds)
    assert nx.is_directed_acyclic_graph(graph)
    assert {call.id for call in plan.calls} == set(plan.seconds)
    path = critical_path(plan.seconds, plan.edges)
    assert sum(plan.seconds[i] for i in path) == 12.0
    runs = {
        slots: good_trace(plan.calls, plan.seconds, limit=slots, edges=plan.edges).makespan
        for slots in (3, 4, 5)
    }
    assert runs == {3: 12.0, 4: 15.0, 5: 12.0}
