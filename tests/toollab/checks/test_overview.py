"""The cases of notebook 01 say of themselves what is true, and any of them can be judged."""

from __future__ import annotations

import asyncio
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toollab.checks import Outcome, overview
from toollab.checks.overview import Chat, Log, Plan
from toollab.clock import attempt

ANSWERS = Path(__file__).resolve().parents[2] / "right_answers" / "01-overview"
NAMES = st.sampled_from(["get_price", "get_stock", "find_route"])


def right(exercise: str, style: str) -> Any:
    """Return a right answer of the proof corpus."""
    path = ANSWERS / exercise / f"{style}.py"
    namespace: dict[str, Any] = {}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)  # noqa: S102
    return namespace[exercise]


chats = st.builds(
    lambda counts, **rest: Chat(
        tuple(counts), fmean([n for n in counts if n]) if any(counts) else 0.0, **rest
    ),
    st.lists(st.integers(0, 6), min_size=1, max_size=8),
    results=st.sampled_from(["together", "apart", "merged"]),
    cut=st.booleans(),
    bare=st.booleans(),
    seed=st.integers(0, 99),
)
logs = st.builds(
    lambda turns, held, **rest: Log(
        tuple(map(tuple, turns)), held=tuple(f"call_{n}" for n in held), **rest
    ),
    st.lists(st.lists(NAMES, max_size=4), min_size=1, max_size=6),
    st.sets(st.integers(8, 20), max_size=4),
    harness=st.sampled_from(["after", "eager", "shuffled"]),
    gap=st.sampled_from([0.2, 0.9, 4.0]),
    rest=st.sampled_from([0.1, 1.0]),
)


@given(chats)
def test_transcript_has_what_the_chat_says(chat: Chat) -> None:
    """A transcript has the calls of each turn, unique ids, and no answer to what nobody asked."""
    messages = chat.transcript()
    turns = [m.get("calls", []) for m in messages if m["role"] == "assistant"]
    asked = [call["id"] for calls in turns for call in calls]
    answered = [result["id"] for m in messages for result in m.get("results", [])]
    assert tuple(map(len, turns)) == chat.calls_per_turn
    assert len(set(asked)) == len(asked)
    assert answered == asked[: len(answered)]
    assert answered == asked or chat.cut


@given(logs)
def test_log_has_what_the_turns_say(log: Log) -> None:
    """Turns do not overlap, a call is asked for inside its turn, and it runs after that."""
    events = log.events()
    assert [e["time"] for e in events] == sorted(e["time"] for e in events)
    inside, asked, started = False, list[str](), list[str]()
    for event in events:
        kind = event["type"]
        if kind in {"turn_start", "turn_end"}:
            assert inside == (kind == "turn_end")
            inside = not inside
        elif kind == "call":
            assert inside
            asked.append(event["id"])
        elif kind == "tool_start":
            assert event["id"] in asked
            started.append(event["id"])
        else:
            assert event["id"] in started
    assert asked == list(log.names)
    assert set(asked) - set(started) == set(asked) & set(log.held)


async def play(plan: Plan) -> None:
    """Live through a plan: the turns of the model, and the batches between them."""
    for batch in plan.lists():
        await asyncio.sleep(plan.model_s)
        if plan.concurrent:
            await asyncio.gather(*map(asyncio.sleep, batch))
        else:
            for seconds in batch:
                await asyncio.sleep(seconds)
    await asyncio.sleep(plan.model_s)


@pytest.mark.parametrize("plan", overview.estimate_latency.cases, ids=lambda plan: plan.told)
def test_plan_takes_what_it_says(plan: Plan) -> None:
    """On the simulated clock a plan takes its model turns and its waiting, to the microsecond."""
    assert attempt(play, plan).total == pytest.approx(plan.model_part + plan.waiting, abs=1e-6)


@given(chats)
def test_right_count_is_never_called_wrong(chat: Chat) -> None:
    """Whatever the chat, a right answer fails no check."""
    report = overview.count_round_trips(right("count_round_trips", "one_pass"), cases=[chat])
    assert report.outcome is Outcome.PASSED, str(report)


@given(logs)
def test_right_split_is_never_called_wrong(log: Log) -> None:
    """Whatever the log, a right answer fails no check."""
    report = overview.split_by_turn(right("split_by_turn", "open_and_close"), cases=[log])
    assert report.outcome is Outcome.PASSED, str(report)


@given(logs)
def test_every_log_can_be_drawn(log: Log) -> None:
    """The picture of a log shows each turn, and each call that ran."""
    ids = [span.call_id for span in log.trace()]
    ran = {event["id"] for event in log.events() if event["type"] == "tool_end"}
    assert sorted(ids) == sorted([*(f"turn {n + 1}" for n in range(len(log.turns))), *ran])


@pytest.mark.parametrize(
    "exercise",
    [overview.count_round_trips, overview.split_by_turn, overview.estimate_latency],
    ids=lambda exercise: exercise.title,
)
@pytest.mark.parametrize("value", [None, 0, "6", [], (), {}, [[1]], (1, 2), float("nan"), object()])
def test_odd_values_are_judged(exercise: Any, value: Any) -> None:
    """Whatever a function returns, every check judges it, and not one of them breaks."""
    report = exercise(lambda *_args, **_named: value)
    assert not [f for f in report.findings if f.saw.startswith("The check itself broke")]
    assert report.earned < report.possible
