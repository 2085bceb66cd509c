"""The checks of notebook 11, held to brute force, networkx and rules written another way."""

from __future__ import annotations

import fnmatch
import itertools
import json
import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toollab import ToolCall, ToolSpec
from toollab.checks import Exercise, Outcome
from toollab.checks import detection as check
from toollab.tools import MARKS

FEWER = settings(max_examples=max(settings().max_examples // 4, 5))
EXERCISES = (check.references, check.conflicts, check.plan_waves)
REASONS = ("read after write", "write after read", "write after write")
_seeds = st.integers(0, 10_000)


def _mistakes(exercise: Exercise[Any, Any], fn: Callable[..., Any], *cases: Any) -> set[str]:
    report = exercise(fn, cases=cases)
    assert not [f.saw for f in report.findings if "The check itself broke" in f.saw]
    return {f.mistake for f in report.findings if f.outcome is Outcome.FAILED}


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.title)
@pytest.mark.parametrize(
    "answer",
    [0, "text", [], {}, [None], {"a": None}, object(), [object()], [[]], ["a", "a"], True, [[0]]],
    ids=repr,
)
def test_odd_answers_fail_and_break_nothing(exercise: Exercise[Any, Any], answer: Any) -> None:
    """Whatever comes back, no check breaks, and something is called wrong."""
    report = exercise(lambda *_given: answer)
    assert report.outcome is Outcome.FAILED
    assert not [f.saw for f in report.findings if "The check itself broke" in f.saw]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.title)
def test_an_exception_earns_nothing(exercise: Exercise[Any, Any]) -> None:
    """A function that always raises earns nothing, and no check breaks."""

    def raises(*_given: Any) -> Any:
        raise OSError(5, "x")

    report = exercise(raises)
    assert report.outcome is Outcome.FAILED
    assert report.earned == 0
    assert not [f.saw for f in report.findings if "The check itself broke" in f.saw]


def test_checks_have_titles_and_points() -> None:
    """No two checks of an exercise share a title; the points are those of the cards."""
    for exercise, points in zip(EXERCISES, (6, 10, 8), strict=True):
        assert len(set(exercise.checks)) == len(exercise.checks) >= 6
        assert exercise.points == points


# -- references ------------------------------------------------------------------------------


def _referred(arguments: Any, ids: Sequence[str]) -> list[str]:
    """Find references without a pattern: try every place, every mark, every id."""
    texts, todo = [], [arguments]
    while todo:
        value = todo.pop()
        todo += value.values() if isinstance(value, dict) else value if type(value) is list else []
        texts += [value] if isinstance(value, str) else []

    def ends(rest: str) -> bool:
        return not (rest[:1].isalnum() or rest[:1] == "_")

    def price(one: str, rest: str) -> bool:
        return one.isdecimal() and rest[:1] in {".", ","} and rest[1:2].isdecimal()

    found = set()
    for text, mark in itertools.product(texts, MARKS):
        for place in range(len(text)):
            if text.startswith(mark, place):
                behind = text[place + len(mark) :]
                fits = [one for one in ids if behind.startswith(one)]
                fits = [one for one in fits if ends(behind[len(one) :])]
                longest = max(fits, key=len, default=None)
                if longest is not None and not price(longest, behind[len(longest) :]):
                    found.add(longest)
    return [one for one in ids if one in found]


@given(_seeds)
def test_mentions_say_what_the_rules_say(seed: int) -> None:
    """What a scene expects is what the rules give; each kind of scene is there."""
    scenes = check.mentions(seed).scenes
    for scene in scenes:
        assert _referred(scene.arguments, scene.ids) == list(scene.expected)
    kinds = {"mark", "deep", "once", "whole", "plain", "no price"}
    assert {scene.kind for scene in scenes} == kinds


@FEWER
@given(_seeds)
def test_rules_of_references_earn_full_marks(seed: int) -> None:
    """Trying every place earns full marks on any scenes."""
    assert not _mistakes(check.references, _referred, check.mentions(seed))


@FEWER
@given(_seeds, st.sampled_from(MARKS))
def test_each_mark_is_needed(seed: int, mark: str) -> None:
    """On any scenes, whoever does not know one of the marks is noticed."""
    either = "|".join(re.escape(one) for one in MARKS if one != mark)

    def without(arguments: Any, ids: Sequence[str]) -> list[str]:
        names = "|".join(map(re.escape, sorted(ids, key=len, reverse=True)))
        found = re.findall(rf"(?:{either})({names})(?!\w)", json.dumps(arguments))
        return [one for one in ids if one in found]

    assert "mark-missed" in _mistakes(check.references, without, check.mentions(seed))


# -- conflicts -------------------------------------------------------------------------------


def _touched(call: ToolCall, paths: Sequence[str]) -> list[str]:
    """Name resources by filling in with `str.format`, normalised as a file system does."""
    found = []
    for path in paths:
        names = re.findall(r"\{(\w+)\}", path)
        values = [call.arguments.get(name) for name in names]
        for chosen in itertools.product(*(v if type(v) is list else [v] for v in values)):
            fill = {n: "*" if v is None else str(v) for n, v in zip(names, chosen, strict=True)}
            found.append(posixpath.normpath("/" + path.format(**fill)).replace("//", "/"))
    return found


def _overlap(one: str, other: str) -> bool:
    """Lay two paths over each other, either one's stars read as file name patterns."""
    a, b = one.strip("/").split("/"), other.strip("/").split("/")
    size = min(len(a), len(b))
    return all(
        x == y or "*" in x or "*" in y or fnmatch.fnmatchcase(x, y)
        for x, y in zip(a[:size], b[:size], strict=True)
    )


def _reasons(first: ToolCall, second: ToolCall, tools: Mapping[str, ToolSpec]) -> list[str]:
    specs = [tools.get(first.name), tools.get(second.name)]
    if any(spec is None or spec.reads is None or spec.writes is None for spec in specs):
        return ["unknown"]
    (r1, w1), (r2, w2) = (
        (_touched(call, spec.reads or ()), _touched(call, spec.writes or ()))
        for call, spec in zip((first, second), specs, strict=True)
        if spec is not None
    )
    meet = [any(_overlap(x, y) for x in a for y in b) for a, b in ((w1, r2), (r1, w2), (w1, w2))]
    return list(itertools.compress(REASONS, meet))


@given(_seeds)
def test_encounters_say_what_bernstein_says(seed: int) -> None:
    """What a scene expects is what the three conditions give, in both orders."""
    scenes = check.encounters(seed).scenes
    for scene in scenes:
        for one in (scene, scene.turned):
            assert set(_reasons(one.first, one.second, one.tools)) == set(one.expected), one.told
    kinds = {"reasons", "apart", "folder", "spelling", "anything", "list", "unknown"}
    assert {scene.kind for scene in scenes} == kinds


@FEWER
@given(_seeds)
def test_bernstein_earns_full_marks(seed: int) -> None:
    """Conditions computed another way earn full marks on any scenes."""
    assert not _mistakes(check.conflicts, _reasons, check.encounters(seed))


@FEWER
@given(_seeds, st.sampled_from(REASONS))
def test_each_forgotten_reason_is_noticed(seed: int, reason: str) -> None:
    """On any scenes, whoever never names one of the reasons fails one check, and no other."""

    def without(first: ToolCall, second: ToolCall, tools: Mapping[str, ToolSpec]) -> list[str]:
        return [one for one in _reasons(first, second, tools) if one != reason]

    report = check.conflicts(without, cases=[check.encounters(seed)])
    failed = {f.check: f.mistake for f in report.findings if f.outcome is Outcome.FAILED}
    assert failed == {"names every reason": "reason-missed"}


# -- waves -----------------------------------------------------------------------------------


def _graph(case: check.Surf) -> nx.DiGraph:
    graph = nx.DiGraph([(before, call) for call in case.ids for before in case.needs[call]])
    graph.add_nodes_from(case.ids)
    graph.add_edges_from(case.ordered)
    return graph


_surfs = st.builds(
    check.surf,
    _seeds,
    st.integers(0, 14),
    clashing=st.sampled_from([0.0, 0.5, 1.0]),
    deepest=st.integers(1, 6),
)


@given(_surfs)
def test_surfs_are_what_networkx_layers(case: check.Surf) -> None:
    """The waves of a batch are its topological generations, in emission order."""
    graph = _graph(case)
    assert nx.is_directed_acyclic_graph(graph)
    layers = [sorted(layer, key=case.ids.index) for layer in nx.topological_generations(graph)]
    assert case.expected == layers


@FEWER
@given(_seeds, st.integers(1, 5))
def test_no_fewer_waves_would_do(seed: int, size: int) -> None:
    """Brute force over all ways to deal calls to waves finds none that is shorter and legal."""
    case = check.surf(seed, size)
    edges = list(_graph(case).edges)
    fewest = min(
        len(set(chosen))
        for chosen in itertools.product(range(size), repeat=size)
        if all(chosen[case.ids.index(one)] < chosen[case.ids.index(other)] for one, other in edges)
    )
    assert len(case.expected) == fewest


@FEWER
@given(_surfs, st.data())
def test_each_call_put_elsewhere_is_noticed(case: check.Surf, data: st.DataObject) -> None:
    """A right plan earns full marks; with any one call in another wave it does not."""
    plan = case.expected
    assert not _mistakes(check.plan_waves, lambda *_given: plan, case)
    if len(case.ids) < 2:
        return
    call = data.draw(st.sampled_from(case.ids))
    wave = data.draw(st.integers(0, len(plan)))
    moved = [[one for one in w if one != call] for w in [*plan, []]]
    moved[wave].append(call)
    moved = [w for w in moved if w]
    if [sorted(w) for w in moved] != [sorted(w) for w in plan]:
        assert _mistakes(check.plan_waves, lambda *_given: moved, case)
