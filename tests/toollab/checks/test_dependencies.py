"""The checks of notebook 05, held to networkx and to answers that are right by construction."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import networkx as nx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from toollab import ToolResult
from toollab.checks import Exercise, Outcome
from toollab.checks import dependencies as check
from toollab.checks.dependencies._references import same
from toollab.tools import REF

FEWER = settings(max_examples=max(settings().max_examples // 4, 5))
"""For those that play whole runs in each example."""

EXERCISES = (check.resolve_refs, check.find_cycle, check.run_dag)
_seeds = st.integers(0, 10_000)


def _graph(needs: Mapping[str, Sequence[str]]) -> nx.DiGraph:
    """Draw an edge from each call to each call it needs."""
    graph = nx.DiGraph()
    graph.add_nodes_from(needs)
    graph.add_edges_from((call, before) for call in needs for before in needs[call])
    return graph


def _mistakes(exercise: Exercise[Any, Any], fn: Callable[..., Any], *cases: Any) -> set[str]:
    report = exercise(fn, cases=cases)
    assert not [f.saw for f in report.findings if "The check itself broke" in f.saw]
    return {f.mistake for f in report.findings if f.outcome is Outcome.FAILED}


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.title)
@pytest.mark.parametrize(
    "answer",
    [0, "text", [], {}, [None], {"a": None}, {1: 2}, object(), [object()], [[]], ["a", "a"], True],
    ids=repr,
)
def test_odd_answers_fail_and_break_nothing(exercise: Exercise[Any, Any], answer: Any) -> None:
    """Whatever comes back, no check breaks, and something is called wrong."""

    def odd(*_given: Any) -> Any:
        return answer

    report = exercise(odd)
    assert report.outcome is Outcome.FAILED
    assert not [f.saw for f in report.findings if "The check itself broke" in f.saw]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.title)
@pytest.mark.parametrize("error", [LookupError("nowhere"), RecursionError(), OSError(5, "x")])
def test_an_exception_fails_and_breaks_nothing(
    exercise: Exercise[Any, Any], error: Exception
) -> None:
    """A function that always raises earns next to nothing, and no check breaks."""

    def raises(*_given: Any) -> Any:
        raise error

    report = exercise(raises)
    assert report.outcome is Outcome.FAILED
    assert report.earned <= 1
    assert not [f.saw for f in report.findings if "The check itself broke" in f.saw]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.title)
def test_checks_have_titles_and_points(exercise: Exercise[Any, Any]) -> None:
    """No two checks of an exercise share a title, and each is worth something."""
    assert len(set(exercise.checks)) == len(exercise.checks) >= 6
    assert exercise.points in {7, 8, 10}


# -- references ------------------------------------------------------------------------------


def _table(results: Mapping[str, Any]) -> dict[str, Any]:
    """List every path through the results with its value."""
    table: dict[str, Any] = {}
    todo = list(results.items())
    while todo:
        path, value = todo.pop()
        table[path] = value
        items = value.items() if isinstance(value, dict) else ()
        todo += [(f"{path}.{key}", item) for key, item in items]
        if isinstance(value, list):
            todo += [(f"{path}.{place}", item) for place, item in enumerate(value)]
    return table


def _resolved(arguments: Any, results: Mapping[str, Any]) -> Any:
    """Resolve by a table of all paths, the text cut at its references."""
    table = _table(results)

    def fill(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: fill(item) for key, item in value.items()}
        if isinstance(value, list):
            return [fill(item) for item in value]
        if not isinstance(value, str):
            return value
        pieces = REF.split(value)
        if pieces[::2] == ["", ""]:
            return table[pieces[1]]
        found = [table[piece] for piece in pieces[1::2]]
        pieces[1::2] = [one if isinstance(one, str) else json.dumps(one) for one in found]
        return "".join(pieces)

    return fill(arguments)


@given(_seeds)
def test_scenes_say_what_the_rules_say(seed: int) -> None:
    """What a scene expects is what the rules give, read off a table of all paths."""
    case = check.filling(seed)
    for kind in ("plain", "whole", "inside", "nested", "once"):
        scenes = getattr(case, kind)
        assert scenes
        for scene in scenes:
            assert same(_resolved(scene.arguments, scene.results), dict(scene.expected))
    for scene in case.missing:
        assert scene.missing not in _table(scene.results)
        assert f"${{{scene.missing}}}" in json.dumps(scene.arguments)


@FEWER
@given(_seeds)
def test_rules_earn_full_marks(seed: int) -> None:
    """The table's answers earn full marks on any scenes."""
    assert not _mistakes(check.resolve_refs, _resolved, check.filling(seed))


@FEWER
@given(_seeds)
def test_every_scene_of_results_tempts(seed: int) -> None:
    """On any scenes, searching results again, or losing types, is caught."""

    def again(arguments: Any, results: Any) -> Any:
        once = _resolved(arguments, results)
        return _resolved(once, results)

    def as_text(arguments: Any, results: Any) -> Any:
        table = _table(results)

        def write(found: re.Match[str]) -> str:
            return str(table[found[1]])

        return {
            name: REF.sub(write, value) if isinstance(value, str) else _resolved(value, results)
            for name, value in arguments.items()
        }

    case = check.filling(seed)
    assert "searched-again" in _mistakes(check.resolve_refs, again, case)
    caught = _mistakes(check.resolve_refs, as_text, case)
    assert caught & {"type-lost", "python-spelling"}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-3, 3) | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    )
)
def test_same_is_as_strict_as_json(value: Any) -> None:
    """Two values are the same if JSON writes them the same, whatever their order of keys."""
    assert same(value, json.loads(json.dumps(value)))
    assert not same(value, [value])
    assert not same([1], [True])
    assert not same([1], [1.0])
    assert not same((1,), [1])


# -- cycles ----------------------------------------------------------------------------------


@given(
    _seeds, st.integers(5, 25), st.integers(0, 5), st.sampled_from(["anywhere", "last", "behind"])
)
def test_mazes_have_the_cycle_they_say(seed: int, size: int, ring: int, where: Any) -> None:
    """A maze is cyclic as networkx sees it exactly if it says so; each id is a key."""
    case = check.maze(seed, size, ring=ring, where=where)
    graph = _graph(case.needs)
    assert set(graph) == set(case.needs)
    assert len(case.needs) == size
    assert nx.is_directed_acyclic_graph(graph) != case.cyclic == bool(ring)
    assert case.of_one == bool(list(nx.selfloop_edges(graph))) == (ring == 1)
    if 0 < ring < size and where == "last":
        first = next(iter(case.needs))
        reached = graph.subgraph({first, *nx.descendants(graph, first)})
        assert nx.is_directed_acyclic_graph(reached)


@FEWER
@given(_seeds, st.integers(4, 9), st.integers(2, 4))
def test_every_real_cycle_is_accepted(seed: int, size: int, ring: int) -> None:
    """Whichever of the cycles a learner returns, from whichever call on, it counts."""
    case = check.maze(seed, size, ring=ring)
    for cycle in nx.simple_cycles(_graph(case.needs)):
        turned = [*cycle[1:], cycle[0]]
        for path in (cycle, turned):

            def answer(_needs: Any, path: list[str] = path) -> list[str]:
                return [*path, path[0]]

            assert not _mistakes(check.find_cycle, answer, case)
            assert _mistakes(check.find_cycle, lambda _needs, p=path: p, case) == {"not-closed"}


@FEWER
@given(_seeds, st.integers(6, 9), st.data())
def test_no_other_path_is_accepted(seed: int, size: int, data: st.DataObject) -> None:
    """A path that is no simple cycle of the graph is called wrong."""
    case = check.maze(seed, size, ring=3)
    path = data.draw(st.lists(st.sampled_from(sorted(case.needs)), min_size=1, max_size=6))
    real = {tuple(cycle) for cycle in nx.simple_cycles(_graph(case.needs))}
    turned = {(*c[i:], *c[:i]) for c in real for i in range(len(c))}
    assume(not (len(path) > 1 and path[0] == path[-1] and tuple(path[:-1]) in turned))
    assert _mistakes(check.find_cycle, lambda _needs: path, case)


def test_layers_hold_more_paths_than_anyone_can_walk() -> None:
    """The layered graph has no cycle, and paths beyond counting one by one."""
    case = check.layered(30)
    graph = _graph(case.needs)
    assert nx.is_directed_acyclic_graph(graph)
    ways = dict.fromkeys(graph, 1)
    for call in reversed(list(nx.topological_sort(graph))):
        ways[call] = max(1, sum(ways[before] for before in graph.successors(call)))
    assert max(ways.values()) > 10**8


# -- runs ------------------------------------------------------------------------------------


@FEWER
@given(_seeds, st.integers(5, 19), st.integers(0, 3))
def test_plans_are_what_they_promise(seed: int, size: int, failing: int) -> None:
    """Networkx agrees on order, levels and descendants; levels lose time; names do not mix."""
    case = check.plan(seed, size, failing=failing)
    graph = _graph(case.needs).reverse()
    assert len(case.needs) == size
    assert len(case.errors) == failing
    assert nx.is_directed_acyclic_graph(graph)
    ends: dict[str, float] = {}
    for call in nx.topological_sort(graph):
        start = max((ends[before] for before in graph.predecessors(call)), default=0.0)
        ends[call] = start + case.seconds[call]
    good = case.calm().good()
    assert {s.call_id: s.end for s in good} == pytest.approx(ends)
    assert good.total == pytest.approx(max(ends.values()))
    total = sum(
        max(case.seconds[call] for call in level) for level in nx.topological_generations(graph)
    )
    assert case.calm().by_level().total == pytest.approx(total)
    assert total > good.total
    gone = case.spoilt()
    alive = [call for call in case.errors if call not in gone]
    assert set(gone) == {call for failed in alive for call in nx.descendants(graph, failed)}
    assert all(set(why) <= nx.ancestors(graph, call) & set(alive) for call, why in gone.items())
    assert not any(a in b for a in case.needs for b in case.needs if a != b)


async def _right(needs: dict[str, list[str]], tool: Callable[..., Any]) -> list[ToolResult]:
    """Run by futures, one for each call, which carry the text or the failed call's id."""
    answers = {call: asyncio.get_running_loop().create_future() for call in needs}

    async def one(call: str) -> ToolResult:
        found = [await answers[before] for before in needs[call]]
        cause = next((cause for _, cause in found if cause), "")
        if cause:
            answers[call].set_result(("", cause))
            return ToolResult(call, f"skipped: {cause} failed", is_error=True)
        inputs = {before: text for before, (text, _) in zip(needs[call], found, strict=True)}
        try:
            text = await tool(call, inputs)
        except Exception as error:  # noqa: BLE001 - any tool may raise anything
            answers[call].set_result(("", call))
            return ToolResult(call, repr(error), is_error=True)
        answers[call].set_result((text, ""))
        return ToolResult(call, text)

    return await asyncio.gather(*map(one, needs))


@FEWER
@given(_seeds, st.integers(5, 14), st.integers(0, 2))
def test_right_runner_earns_full_marks_on_any_plan(seed: int, size: int, failing: int) -> None:
    """A runner that does all that is asked is called right on every plan."""
    assert not _mistakes(check.run_dag, _right, check.plan(seed, size, failing=failing))


@FEWER
@given(_seeds, st.data())
def test_one_late_call_is_noticed(seed: int, data: st.DataObject) -> None:
    """A single call that starts a little late, anywhere in the plan, is noticed."""
    case = check.plan(seed, 8)
    slow = data.draw(st.sampled_from(sorted(case.needs)))

    async def late(needs: Any, tool: Any) -> Any:
        async def dawdle(call: str, inputs: Any) -> Any:
            if call == slow:
                await asyncio.sleep(0.001)
            return await tool(call, inputs)

        return await _right(needs, dawdle)

    assert _mistakes(check.run_dag, late, case) & {"polls", "waits-too-long"}


@FEWER
@given(_seeds, st.data())
def test_one_forgotten_dependency_is_noticed(seed: int, data: st.DataObject) -> None:
    """A single edge that is not waited for is noticed, in time or in what the call was given."""
    case = check.plan(seed, 8)
    before, after = data.draw(st.sampled_from(case.edges))

    async def hasty(needs: Any, tool: Any) -> Any:
        fewer = needs | {after: [one for one in needs[after] if one != before]}
        return await _right(fewer, tool)

    assert _mistakes(check.run_dag, hasty, case) & {"order-broken", "inputs-missing"}


@FEWER
@given(_seeds, st.integers(0, 2))
def test_one_call_at_a_time_is_noticed(seed: int, failing: int) -> None:
    """A right order is not enough: running serially is called by its name."""

    async def serial(needs: Any, tool: Any) -> Any:
        alone = asyncio.Lock()

        async def one(call: str, inputs: Any) -> Any:
            async with alone:
                return await tool(call, inputs)

        return await _right(needs, one)

    assert "serial" in _mistakes(check.run_dag, serial, check.plan(seed, 7, failing=failing))


@FEWER
@given(_seeds, st.data())
def test_one_lost_or_forged_result_is_noticed(seed: int, data: st.DataObject) -> None:
    """A result that is missing, doubled, or carries another text is noticed."""
    case = check.plan(seed, 6, failing=1)
    place = data.draw(st.integers(0, 5))
    how = data.draw(st.sampled_from(["drop", "double", "forge"]))

    async def tampered(needs: Any, tool: Any) -> Any:
        results = await _right(needs, tool)
        other = {
            "drop": [],
            "double": [results[place]] * 2,
            "forge": [ToolResult(results[place].id, "all is well")],
        }
        return results[:place] + other[how] + results[place + 1 :]

    assert _mistakes(check.run_dag, tampered, case)
