"""The cases of notebook 02 against the mock: right ones are accepted, wrong ones refused."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any, get_args

import anthropic
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toollab.calls import ToolCall
from toollab.checks import Outcome, batches
from toollab.checks.batches import Asked, History, Stream, Turn
from toollab.checks.batches._asked import Api
from toollab.checks.batches._histories import FAULTS
from toollab.providers import Knobs, MockProvider, Replay, Reply, anthropic_client, openai_client

RIGHT = Path(__file__).resolve().parents[2] / "right_answers" / "02-multiple-tool-calls"
HELLO = {"role": "user", "content": "Hello."}
CLAUDE, GPT = anthropic_client(MockProvider()), openai_client(MockProvider())


def right(exercise: str, style: str) -> Any:
    """Return a right answer of the proof corpus."""
    path = RIGHT / exercise / f"{style}.py"
    namespace: dict[str, Any] = {"json": json, "ToolCall": ToolCall}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)  # noqa: S102
    return namespace[exercise]


def send(api: str, history: list[Any]) -> None:
    """Send a history through the vendor's client; a refusal is raised."""
    if api == "messages":
        CLAUDE.messages.create(model="claude-haiku-5-5", max_tokens=100, messages=history)
    elif api == "chat":
        GPT.chat.completions.create(model="gpt-6-luna", messages=history)
    else:
        GPT.responses.create(model="gpt-6-luna", input=history)


def refused(api: str, history: list[Any]) -> bool:
    """Tell whether the mock answers 400."""
    try:
        send(api, history)
    except (anthropic.BadRequestError, openai.BadRequestError):
        return True
    return False


turns = st.builds(
    lambda layout, **rest: Turn(tuple(layout), **rest),
    st.lists(st.sampled_from(["call", "text", "thinking", "search"]), max_size=8),
    cut=st.sampled_from(["max_tokens", "refusal", "pause_turn", "end_turn"]),
    seed=st.integers(0, 99),
)
asked = st.builds(
    lambda count, failed, **rest: Asked(
        count=count, failed=tuple(sorted({n % count for n in failed})), **rest
    ),
    st.integers(1, 6),
    st.sets(st.integers(0, 5)),
    api=st.sampled_from(get_args(Api)),
    thinks=st.booleans(),
    seed=st.integers(0, 99),
)
good_histories = st.builds(
    lambda counts, **rest: History(tuple(counts), **rest),
    st.lists(st.integers(0, 5), min_size=1, max_size=6),
    split=st.booleans(),
    seed=st.integers(0, 99),
)
spoilt_histories = st.builds(
    lambda fault, **rest: History((2, 3, 2, 0), ((fault, 1),), **rest),
    st.sampled_from(sorted(FAULTS)),
    split=st.booleans(),
    seed=st.integers(0, 99),
)
streams = st.builds(
    Stream,
    st.integers(0, 6),
    mixed=st.booleans(),
    late=st.booleans(),
    bundled=st.booleans(),
    repeats=st.sampled_from(["", "id", "name"]),
    cut=st.sampled_from(["length", "nothing", "first"]),
    fragment=st.integers(1, 30),
    seed=st.integers(0, 99),
)


@given(asked)
def test_right_answers_to_a_batch_are_accepted(case: Asked) -> None:
    """Whatever the batch, a right answer's entries pass the mock, and pass the checks."""
    for style in ("three_branches", "a_table", "in_call_order"):
        answer = right("answer_batch", style)
        send(case.api, [HELLO, *answer(case.api, case.response(), case.results)])
        report = batches.answer_batch(answer, cases=[case])
        assert report.outcome is Outcome.PASSED, str(report)


@given(asked)
def test_forgetting_a_result_or_the_calls_is_refused(case: Asked) -> None:
    """The mock refuses what the checks call wrong: a result too few, and no echo."""
    answer = right("answer_batch", "three_branches")
    fewer = partial(answer, case.api, case.response(), case.results[1:])
    if case.count > 1:
        assert refused(case.api, [HELLO, *fewer()])
    whole = answer(case.api, case.response(), case.results)
    assert refused(case.api, [HELLO, *whole[len(case.echo()) :]])


@given(good_histories)
def test_good_histories_are_accepted(case: History) -> None:
    """A history without faults passes the mock, and a right linter finds nothing in it."""
    assert case.findings == []
    send("messages", case.messages())
    for style in ("one_pass", "with_groupby"):
        assert list(right("lint_history", style)(case.messages())) == []


@given(spoilt_histories)
def test_spoilt_histories_are_refused(case: History) -> None:
    """Each fault makes the mock refuse the history, and the good twin is accepted."""
    assert case.findings
    assert refused("messages", case.messages())
    send("messages", case.messages(faulty=False))


@given(spoilt_histories)
def test_right_linters_find_what_was_planted(case: History) -> None:
    """Whatever the fault, right answers in two styles find it and nothing else."""
    for style in ("one_pass", "pairs_of_turn_and_reply"):
        report = batches.lint_history(right("lint_history", style), cases=[case])
        assert report.outcome is Outcome.PASSED, str(report)


@given(turns)
def test_right_extraction_is_never_called_wrong(case: Turn) -> None:
    """Whatever the layout, a right answer fails no check."""
    report = batches.extract_calls(right("extract_calls", "a_loop"), cases=[case])
    assert report.outcome is Outcome.PASSED, str(report)


@given(streams)
def test_right_accumulation_is_never_called_wrong(case: Stream) -> None:
    """Whatever the stream, right answers in two styles fail no check."""
    for style in ("columns", "looks_at_the_end_first"):
        report = batches.accumulate_deltas(right("accumulate_deltas", style), cases=[case])
        assert report.outcome is Outcome.PASSED, str(report)


@pytest.mark.parametrize("quirk", [None, "repeat id", "repeat name"])
@pytest.mark.parametrize("mixed", [False, True])
@given(st.integers(1, 5), st.integers(1, 12))
def test_streams_of_the_mock_are_put_together(
    quirk: Any, mixed: bool, count: int, fragment: int
) -> None:
    """What a right answer makes of the mock's own chunks is what the model said."""
    calls = Stream(count, seed=fragment).calls
    reply = Reply.of("Wait.", *(ToolCall(c["id"], c["name"], c["arguments"]) for c in calls))
    knobs = Knobs(interleave=mixed, fragment=fragment, stream_quirk=quirk)
    client = openai_client(MockProvider(model=Replay([reply]), knobs=knobs))
    chunks = client.chat.completions.create(model="gpt-6-luna", messages=[HELLO], stream=True)
    found = right("accumulate_deltas", "a_dict_of_calls")([chunk.to_dict() for chunk in chunks])
    assert found == calls


EXERCISES = [
    batches.extract_calls,
    batches.answer_batch,
    batches.lint_history,
    batches.accumulate_deltas,
]
ODD = [
    *(None, 0, "6", [], (), {}, [[1]], (1, 2), [None], [{}], [("missing", 1)], [["a", "b"]]),
    *(float("nan"), object(), [{"role": "user"}], [{"role": "assistant", "content": 1}]),
    [{"id": [], "name": {}, "arguments": {}}],
]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.title)
@pytest.mark.parametrize("value", ODD, ids=repr)
def test_odd_values_are_judged(exercise: Any, value: Any) -> None:
    """Whatever a function returns, every check judges it, and not one of them breaks."""
    report = exercise(lambda *_args, **_named: value)
    assert not [f for f in report.findings if f.saw.startswith("The check itself broke")]
    assert report.earned < report.possible


@pytest.mark.parametrize("api", get_args(Api))
@pytest.mark.parametrize(
    "odd", [1, None, {}, {"role": "user", "content": [1]}, {"role": "tool", "tool_call_id": []}]
)
def test_odd_entries_after_the_echo_are_judged(api: Any, odd: Any) -> None:
    """Whatever stands where results belong, the checks judge it and do not break."""
    case = Asked(api, 2)
    report = batches.answer_batch(lambda *_: [*case.echo(), odd], cases=[case])
    assert not [f for f in report.findings if f.saw.startswith("The check itself broke")]
    assert report.outcome is Outcome.FAILED
