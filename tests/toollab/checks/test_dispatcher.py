"""The checks of notebook 12, held to networkx and to the solution under seeded trouble."""

from __future__ import annotations

import asyncio
import builtins
from collections.abc import Callable
from typing import Any

import networkx as nx
import pytest
from anthropic import BadRequestError
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.proofs.corpus import COURSE
from toollab import ToolCall, ToolResult, critical_path, simulate
from toollab.checks import Exercise, Outcome
from toollab.checks import dispatcher as check
from toollab.providers import MockProvider, anthropic_client
from toollab.tools.refunds import EFFECTS, broken_kettle, kettle_needs, refund_desk

FEWER = settings(max_examples=max(settings().max_examples // 10, 5))
EXERCISES = (check.call_safely, check.repair_history, check.dispatch)
CLAUDE = anthropic_client(MockProvider())
_seeds = st.integers(0, 10_000)


@pytest.fixture(scope="module")
def solved() -> dict[str, Any]:
    """The three solutions, out of the source notebook."""
    names: dict[str, Any] = {"__builtins__": builtins}
    for exercise in COURSE.select(["12-best-practices"]):
        for cell in (*exercise.given, exercise.solution):
            exec(cell, names)  # noqa: S102 - running a notebook's cell is the point
    return names


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.title)
@pytest.mark.parametrize("answer", [0, "text", [], {}, [None], object(), [[]], True], ids=repr)
def test_odd_answers_fail_and_break_nothing(exercise: Exercise[Any, Any], answer: Any) -> None:
    """Whatever comes back, no check breaks, and something is called wrong."""

    def odd(*_given: Any) -> Any:
        return answer

    report = exercise(odd)
    assert report.outcome is Outcome.FAILED
    assert not [f.saw for f in report.findings if "The check itself broke" in f.saw]


@FEWER
@given(_seeds, st.integers(9, 14))
def test_shifts_are_what_they_promise(seed: int, size: int) -> None:
    """Networkx agrees on what is skipped and what is pending."""
    case = check.shift(seed, size)
    graph = nx.DiGraph([(a, b) for b in case.needs for a in case.needs[b]])
    graph.add_nodes_from(case.needs)
    fates = case.fates()

    def behind(word: str) -> set[str]:
        sources = [call for call in case.needs if fates[call] == word]
        return {call for one in sources for call in nx.descendants(graph, one)} - case.done

    skipped = behind("error") | behind("denied")
    assert {call for call, fate in fates.items() if fate == "skipped"} == skipped
    waiting = {c for c in case.held if fates[c] == "pending"}
    reached = waiting | {c for one in waiting for c in nx.descendants(graph, one)}
    assert {c for c, fate in fates.items() if fate == "pending"} == reached - skipped
    assert all(case.causes(call) <= nx.ancestors(graph, call) for call in skipped)


def test_the_solution_holds_under_seeded_trouble(
    solved: dict[str, Any], sample: Callable[..., list[int]]
) -> None:
    """Whatever fails, is held, denied, done before or stopped, all properties hold."""
    for seed in sample(range(500), 50):
        case = check.shift(seed, 9 + seed % 6, limit=1 + seed % 4)
        report = check.dispatch(solved["dispatch"], cases=[case])
        assert report.earned == report.possible, f"seed {seed}\n{report}"


@FEWER
@given(_seeds, st.integers(9, 14))
def test_without_a_limit_the_critical_path_is_all(
    solved: dict[str, Any], seed: int, size: int
) -> None:
    """The makespan is the critical path's length; with a limit it is within Graham's bound."""
    case = check.shift(seed, size).calm()
    length = sum(case.seconds[c] for c in critical_path(case.seconds, case.edges))

    async def sleep(call: ToolCall) -> ToolResult:
        await asyncio.sleep(case.seconds[call.id])
        return ToolResult(call.id, "fine")

    for limit in (size, 2):
        given = (case.calls, dict(case.needs), case.verdicts, sleep, lambda _result: None, [])
        run = simulate(refund_desk(), solved["dispatch"], *given, limit)
        assert len(run.value) == size
        if limit == size:
            assert run.total == pytest.approx(length)
        best = max(length, sum(case.seconds.values()) / limit)
        assert run.total <= (2 - 1 / limit) * best + 1e-6


@FEWER
@given(
    st.dictionaries(st.sampled_from(["refund", "ship_replacement", "add_note"]), st.integers(0, 2)),
    st.floats(0.05, 9.0),
    st.booleans(),
)
def test_the_two_dispatching_exercises_do_everything_once(
    solved: dict[str, Any], lost: dict[str, int], stop: float, approved: bool
) -> None:
    """Answers are lost and the process is stopped, and yet each effect with a key happens once."""
    desk, calls, needs = refund_desk(lost=lost), broken_kettle(), kettle_needs()
    journal: list[ToolResult] = []

    async def one_round(verdict: str) -> Any:
        async def run(call: ToolCall) -> Any:
            rest = (EFFECTS[call.name], "turn_1", 2.0, [0.5, 1.0])
            return await solved["call_safely"](call, desk.tools[call.name], *rest)

        known = list(journal)
        verdicts = dict.fromkeys(needs, "run") | {"refund": verdict}
        verdicts |= {result.id: "answered" for result in known}
        return await solved["dispatch"](calls, needs, verdicts, run, journal.append, known, 2)

    async def day() -> Any:
        first = asyncio.ensure_future(one_round("held"))
        await asyncio.wait([first], timeout=stop)
        first.cancel()
        await asyncio.wait([first])
        await one_round("held")
        return await one_round("run" if approved else "denied")

    run = simulate(desk, day)
    assert run.error is None
    assert [result.id for result in run.value] == [call.id for call in calls]
    assert sorted(result.id for result in journal) == sorted(needs)
    assert run.trace.peak <= 2
    assert not run.unfinished()
    assert run.left == 0
    effects = ("refunds", "shipments", "mailbox", "notes")
    done = {name: len(desk.state[name]) for name in effects}
    assert done == {"refunds": approved, "shipments": 1, "mailbox": approved, "notes": 1}


def accepted(history: list[Any]) -> bool:
    """Tell whether the mock takes a history; words of the model at its end are answered first."""
    if history[-1]["role"] == "assistant" and isinstance(history[-1]["content"], str):
        history = [*history, {"role": "user", "content": "Thank you."}]
    try:
        CLAUDE.messages.create(model="claude-haiku-5-5", max_tokens=100, messages=history)
    except BadRequestError:
        return False
    return True


@given(st.builds(check.broken, _seeds, st.integers(1, 7)))
def test_the_mock_refuses_a_broken_history_and_takes_its_twin(case: check.Broken) -> None:
    """What the checks call broken is refused, and what they call whole is accepted."""
    assert not accepted(case.messages())
    assert accepted(case.messages(whole=True))


@given(st.builds(check.broken, _seeds, st.integers(1, 7)))
def test_a_repaired_history_is_accepted(solved: dict[str, Any], case: check.Broken) -> None:
    """Whatever is broken, the solution passes every check, and the mock takes what it repaired."""
    repair = solved["repair_history"]
    report = check.repair_history(repair, cases=[case])
    assert report.earned == report.possible, str(report)
    assert accepted(repair(case.messages()))


@given(st.builds(check.broken, _seeds, st.integers(1, 7)))
def test_a_stop_at_a_plain_text_costs_one_check(solved: dict[str, Any], case: check.Broken) -> None:
    """Who raises where a content is a text is judged without such texts on all the rest."""

    def stops(messages: list[Any]) -> Any:
        if any(isinstance(message["content"], str) for message in messages):
            raise TypeError("string indices must be integers, not 'str'")
        return solved["repair_history"](messages)

    report = check.repair_history(stops, cases=[case])
    failed = {f.check: f.mistake for f in report.findings if f.outcome is Outcome.FAILED}
    assert failed == {"what was there is still there": "stops-at-text"}
    assert report.earned == report.possible - 1


@given(st.builds(check.broken, _seeds, st.integers(1, 7)))
def test_a_history_without_plain_texts_says_the_same(case: check.Broken) -> None:
    """To the mock it makes no difference whether a text stands alone or in a list."""
    assert not accepted(case.messages(listed=True))
    assert accepted(case.messages(whole=True, listed=True))
    contents = [message["content"] for message in case.messages(listed=True)]
    assert all(isinstance(content, list) for content in contents)


@pytest.mark.parametrize("case", check.repair_history.cases, ids=repr)
def test_the_visible_histories_are_broken_or_whole(case: check.Broken) -> None:
    """The mock refuses exactly those in which a call has no result; it takes all their twins."""
    missing = any(case.missing(number) for number in range(len(case.turns)))
    assert accepted(case.messages()) is not missing
    assert accepted(case.messages(whole=True))
