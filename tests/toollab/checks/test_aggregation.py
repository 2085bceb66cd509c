"""The checks of notebook 04, held to oracles that know nothing of how they judge.

Every answer that an oracle calls right earns full marks, and every other one loses points.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import networkx as nx
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from toollab import ToolCall, ToolResult
from toollab.checks import Exercise, Outcome
from toollab.checks import aggregation as check

FEWER = settings(max_examples=settings().max_examples // 4)
"""For those that judge dozens of runs in each example."""

EXERCISES = (check.aggregate, check.dedupe_calls, check.fit_budget, check.merge_state)


def _always(answer: Any) -> Callable[..., Any]:
    return lambda *_given: answer


def _full(exercise: Exercise[Any, Any], fn: Callable[..., Any], case: Any) -> bool:
    report = exercise(fn, cases=[case])
    assert Outcome.UNJUDGED not in {f.outcome for f in report.findings if "broke" in f.saw}
    return report.earned == report.possible


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.title)
@pytest.mark.parametrize(
    "answer",
    [None, 0, "text", [], {}, [None], {"call_8": None}, {1: 2}, object(), [object()], [[]]],
    ids=repr,
)
def test_odd_answers_fail_and_break_nothing(exercise: Exercise[Any, Any], answer: Any) -> None:
    """Whatever comes back, no check breaks, and something is called wrong."""
    report = exercise(_always(answer))
    assert report.outcome is Outcome.FAILED
    assert not [f.saw for f in report.findings if "The check itself broke" in f.saw]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.title)
def test_an_exception_fails_and_breaks_nothing(exercise: Exercise[Any, Any]) -> None:
    """A function that raises is told so by name, wherever it was called."""

    def raises(*_given: Any) -> Any:
        raise LookupError("nowhere")

    report = exercise(raises)
    assert report.outcome is Outcome.FAILED
    assert any("LookupError: nowhere" in finding.saw for finding in report.findings)


# -- aggregate --------------------------------------------------------------------------------

_fates = st.lists(
    st.sampled_from(["ok", "blank", "failed", "mute", "silent", "retried", "broken"]), max_size=7
)
_arrivals = st.builds(
    check.Arrivals,
    _fates.map(tuple),
    strangers=st.integers(0, 2),
    seed=st.integers(0, 50),
)


def _answer_of(call: ToolCall, outcomes: Sequence[dict[str, Any]]) -> ToolResult:
    """Answer one call from a batch's outcomes, looking at every one of them."""
    mine = [o for o in outcomes if o["id"] == call.id]
    good = [o["value"] for o in mine if o["ok"]]
    if good:
        return ToolResult(call.id, good[0])
    text = " / ".join(f"{o['error']}: {o['message']}" for o in mine) or "silent"
    return ToolResult(call.id, text, is_error=True)


def _aggregated(calls: list[ToolCall], outcomes: list[dict[str, Any]]) -> list[ToolResult]:
    return [_answer_of(call, outcomes) for call in calls]


@FEWER
@given(_arrivals)
def test_a_sound_aggregate_earns_full_marks(case: check.Arrivals) -> None:
    """Answers looked up one by one are right for any fates and any order of arrival."""
    assert _full(check.aggregate, _aggregated, case)


@FEWER
@given(_arrivals, st.data())
def test_one_damaged_result_costs_points(case: check.Arrivals, data: st.DataObject) -> None:
    """A lost, doubled, moved, renamed, unmarked or emptied result is noticed."""
    case = replace(case, fates=(*case.fates, "ok"))
    place = data.draw(st.integers(0, len(case.fates) - 1))
    damage = data.draw(st.sampled_from(["lose", "double", "rename", "flip", "other words"]))

    def damaged(calls: list[ToolCall], outcomes: list[dict[str, Any]]) -> list[ToolResult]:
        results = _aggregated(calls, outcomes)
        one = results[place]
        instead = {
            "lose": [],
            "double": [one, one],
            "rename": [replace(one, id="call_0")],
            "flip": [replace(one, is_error=not one.is_error)],
            "other words": [replace(one, content="" if one.content else "something")],
        }
        return [*results[:place], *instead[damage], *results[place + 1 :]]

    assert not _full(check.aggregate, damaged, case)


@FEWER
@given(_arrivals, st.data())
def test_contents_that_change_places_are_noticed(case: check.Arrivals, data: st.DataObject) -> None:
    """Two calls that worked and are handed each other's answer cost points."""
    case = replace(case, fates=("ok", *case.fates, "retried"))
    good = [n for n, fate in enumerate(case.fates) if fate in {"ok", "retried"}]
    one, other = data.draw(st.permutations(good))[:2]

    def swapped(calls: list[ToolCall], outcomes: list[dict[str, Any]]) -> list[ToolResult]:
        results = _aggregated(calls, outcomes)
        results[one], results[other] = (
            replace(results[one], content=results[other].content),
            replace(results[other], content=results[one].content),
        )
        return results

    assert not _full(check.aggregate, swapped, case)


def test_arrivals_come_in_every_order_if_that_is_not_too_many() -> None:
    """Four outcomes arrive in all 24 orders; more of them in 12 of theirs, the first as asked."""
    for size, count in ((4, 24), (9, 12)):
        case = check.Arrivals(("ok",) * size)
        orders = [[outcome["id"] for outcome in order] for order in case.orders()]
        assert orders[0] == [call.id for call in case.calls()] != sorted(orders[0])
        assert len(orders) == len({tuple(order) for order in orders}) == count


# -- dedupe_calls -----------------------------------------------------------------------------

_leaf = st.sampled_from([0, 1, 20, "20", "1", "a", "b", None, 2.5])
_json = st.recursive(
    _leaf,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=4,
)
_arguments = st.dictionaries(st.sampled_from("xyz"), _json, max_size=3)
_asked = st.tuples(st.sampled_from(["get_status", "read_log", "restart"]), _arguments)


def _turned(value: Any, source: random.Random) -> Any:
    """Return the same JSON with its keys in another order."""
    if isinstance(value, list):
        return [_turned(inner, source) for inner in value]
    if isinstance(value, dict):
        keys = source.sample(list(value), len(value))
        return {key: _turned(value[key], source) for key in keys}
    return value


def _same(one: Any, other: Any) -> bool:
    """Compare JSON by walking through it; a text is no number."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[k], other[k]) for k in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


@st.composite
def _repeats(draw: st.DrawFn) -> check.Repeats:
    """Draw a batch with repeats; a graph of equal calls tells who runs for whom."""
    source = draw(st.randoms(use_true_random=False))
    kinds = draw(st.lists(_asked, min_size=1, max_size=4))
    asked = [
        (name, _turned(given, source))
        for name, given in draw(st.lists(st.sampled_from(kinds), max_size=8))
    ]
    graph = nx.Graph()
    graph.add_nodes_from(range(len(asked)))
    graph.add_edges_from(
        (a, b)
        for a, b in itertools.combinations(range(len(asked)), 2)
        if asked[a][0] == asked[b][0] != "restart" and _same(asked[a][1], asked[b][1])
    )
    first = {n: min(nx.node_connected_component(graph, n)) for n in graph}
    return check.Repeats(tuple((first[n], *asked[n]) for n in graph))


def _key(call: ToolCall) -> str:
    return f"{call.name} {json.dumps(call.arguments, sort_keys=True)}"


def _shared(calls: list[ToolCall], read_only: list[str]) -> dict[str, str]:
    return {
        call.id: next(c.id for c in calls if _key(c) == _key(call))
        if call.name in read_only
        else call.id
        for call in calls
    }


@given(_repeats())
def test_sound_sharing_earns_full_marks(case: check.Repeats) -> None:
    """The first call with the same canonical JSON runs for all, as the graph says."""
    assert _shared(case.calls(), list(case.read_only)) == case.runners()
    assert _full(check.dedupe_calls, _shared, case)


@FEWER
@given(_repeats(), st.data())
def test_another_runner_costs_points(case: check.Repeats, data: st.DataObject) -> None:
    """Pointing one id anywhere else, or nowhere, is noticed."""
    answer = case.runners()
    assume(answer)
    one = data.draw(st.sampled_from(sorted(answer)))
    others: list[str | None] = [None, "call_0", *(i for i in answer if i != answer[one])]
    other = data.draw(st.sampled_from(others))
    changed = {i: j for i, j in (answer | {one: other}).items() if j is not None}
    assert not _full(check.dedupe_calls, _always(changed), case)


# -- fit_budget -------------------------------------------------------------------------------


def _level(lengths: Sequence[int], room: int) -> int:
    """Return the highest level to which all can be filled, by trying every one."""
    return max(n for n in range(room + 1) if sum(min(length, n) for length in lengths) <= room)


def _cut_to(case: check.Haul, sizes: Sequence[int]) -> list[ToolResult]:
    """Cut each result to its size, the mark included."""
    mark = case.mark
    return [
        replace(r, content=r.content[: size - len(mark)] + mark) if size < len(r.content) else r
        for r, size in zip(case.results(), sizes, strict=True)
    ]


def _all_sizes(lengths: Sequence[int]) -> Iterator[tuple[int, ...]]:
    return itertools.product(*(range(min(1, length), length + 1) for length in lengths))


@FEWER
@given(st.lists(st.integers(0, 4), min_size=1, max_size=3), st.integers(0, 8), st.integers(0, 9))
@example([3, 3, 3], 8, 0)
@example([1, 4, 5], 9, 0)
def test_exactly_the_fair_sizes_earn_full_marks(lengths: list[int], extra: int, seed: int) -> None:
    """Of all ways to cut, those pass that fill up to the level, or one above while room is left."""
    room = len(lengths) + extra
    case = check.Haul(tuple(lengths), room, mark="~", seed=seed)
    level = _level(lengths, room)
    for sizes in _all_sizes(lengths):
        near = all(
            size in {min(length, level), min(length, level + 1)}
            for size, length in zip(sizes, lengths, strict=True)
        )
        fair = near and sum(sizes) <= room
        assert _full(check.fit_budget, _always(_cut_to(case, sizes)), case) == fair, sizes


@FEWER
@given(st.data(), st.lists(st.integers(0, 400), max_size=8), st.text("[]cut…~", max_size=9))
def test_errors_take_their_room_first(data: st.DataObject, lengths: list[int], mark: str) -> None:
    """With errors among them, the others share what these leave."""
    places = range(len(lengths))
    errors = tuple(n for n in places if data.draw(st.booleans()))
    good = [lengths[n] for n in places if n not in errors]
    least = sum(lengths[n] for n in errors) + len(good) * len(mark)
    case = check.Haul(
        tuple(lengths), least + data.draw(st.integers(0, 900)), errors=errors, mark=mark
    )
    level = _level(good, case.max_chars - sum(lengths[n] for n in errors))
    sizes = [length if n in errors else min(length, level) for n, length in enumerate(lengths)]
    assert _full(check.fit_budget, _always(_cut_to(case, sizes)), case)
    if errors and lengths[errors[0]]:
        broken = _cut_to(case, sizes)
        broken[errors[0]] = replace(broken[errors[0]], content=broken[errors[0]].content[:-1])
        assert not _full(check.fit_budget, _always(broken), case)


# -- merge_state ------------------------------------------------------------------------------

_words = st.lists(st.sampled_from("pqrs"), max_size=3)
_values = {
    "tokens": st.integers(-5, 5),
    "worst": st.integers(-5, 5),
    "sources": _words.map(lambda words: sorted(set(words))),
    "notes": _words,
    "plain": _leaf,
    "other": _leaf,
}
_update = st.none() | st.fixed_dictionaries({}, optional=_values)


def _joined(name: str, values: Sequence[Any]) -> Any:
    """Join all values of a key at once, not two by two."""
    if name == "tokens":
        return sum(values)
    if name == "worst":
        return max(values)
    chained = [word for words in values for word in words]
    if name == "sources":
        return sorted(set(chained)) if len(values) > 1 else values[0]
    return chained


@st.composite
def _states(draw: st.DrawFn) -> check.State:
    """Draw a base and updates, and write down what must come out."""
    base = draw(st.fixed_dictionaries({}, optional=_values))
    changes = tuple(draw(st.lists(_update, max_size=5)))
    written = {
        key: [change[key] for change in changes if change and key in change] for key in _values
    }
    clash = tuple(key for key in ("plain", "other") if len(written[key]) > 1)
    merged = dict(base)
    for key, values in written.items():
        if values and key in {"plain", "other"}:
            merged[key] = values[-1]
        elif values:
            merged[key] = _joined(key, [base[key], *values] if key in base else values)
    return check.State(
        base, changes, {} if clash else merged, clash=clash, seed=draw(st.integers(0, 9))
    )


def _answering(case: check.State) -> Callable[..., Any]:
    def merge(*_given: Any) -> dict[str, Any]:
        if case.clash:
            raise ValueError(f"two calls write {case.clash[0]}")
        return dict(case.merged)

    return merge


@given(_states())
def test_the_expected_state_earns_full_marks(case: check.State) -> None:
    """A state put together key by key, or a ValueError where two write, is right."""
    assert _full(check.merge_state, _answering(case), case)


@FEWER
@given(_states(), st.data())
def test_any_other_state_costs_points(case: check.State, data: st.DataObject) -> None:
    """A key lost, made up or with another value is noticed, and so is a state after a clash."""
    if case.clash:
        assert not _full(check.merge_state, _always(dict(case.base)), case)
        return
    state = dict(case.merged)
    key = data.draw(st.sampled_from([*state, "made up"]))
    if key in state and data.draw(st.booleans()):
        del state[key]
    else:
        state[key] = ["another value"]
    assert not _full(check.merge_state, _always(state), case)


@given(_states())
def test_reducers_give_the_expected_values(case: check.State) -> None:
    """The functions handed to the learner, folded in call order, give what the case expects."""
    assume(not case.clash)
    for key, reducer in case.functions().items():
        values = ([case.base[key]] if key in case.base else []) + case.written(key)
        if values:
            *_, last = itertools.accumulate(values, reducer)
            assert last == case.merged[key]
