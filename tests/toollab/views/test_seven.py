"""An operator's view of one moment of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.toollab.views.pages import inside, read_svg, texts
from tests.toollab.views.traces import traces
from toollab.calls import ToolCall
from toollab.trace import Span, Trace, good_trace
from toollab.views.seven import seven_steps

CALLS = tuple(ToolCall(one, f"do_{one}") for one in ("order", "refund", "mail", "ship"))
NEEDS = {"order": [], "refund": ["order"], "mail": ["refund"], "ship": ["order"]}


def _span(call: str, start: float, end: float, state: str = "ok", attempt: int = 1) -> Span:
    order = (round(start * 100), round(end * 100))
    return Span(
        call,
        f"do_{call}",
        {},
        start,
        order[0],
        end,
        order[1],
        state,
        attempt=attempt,  # type: ignore[arg-type]
    )


RUN = Trace(
    (
        _span("order", 0.0, 0.4),
        _span("ship", 0.41, 1.0, "error"),
        _span("ship", 1.5, 2.0, attempt=2),
        _span("refund", 4.0, 5.0),
        _span("mail", 5.01, 5.3, "error"),
    ),
    total=5.3,
)
HELD = {"refund": 4.0}


def _lines(at: float) -> list[str]:
    return seven_steps(CALLS, NEEDS, RUN, at=at, held=HELD, answer="Paid.").text.splitlines()[1:]


def test_golden_seven_steps(golden: Callable[[str, str], None]) -> None:
    """A moment at which one call runs again and one waits for a person stays as it looked."""
    picture = seven_steps(CALLS, NEEDS, RUN, at=1.7, held=HELD, answer="Paid.")
    golden("seven-steps.svg", picture.svg)
    golden("seven-steps.txt", picture.text)


@pytest.mark.parametrize(
    ("at", "step", "told"),
    [
        (0.2, 3, "waiting for approval: refund; waiting: mail (for refund), ship (for order)"),
        (0.2, 4, "running: order"),
        (0.2, 5, "0 of 4 came back: none"),
        (1.2, 4, "nothing runs; about to be tried again: ship"),
        (1.7, 4, "running: ship (attempt 2)"),
        (3.0, 5, "2 of 4 came back: order, ship"),
        (3.0, 6, "the model waits for the answers to all calls"),
        (4.5, 3, "started: order, refund, ship; waiting: mail (for refund)"),
        (5.3, 5, "4 of 4 came back: order, refund, mail (failed), ship"),
        (5.3, 6, "4 of 4 calls answered after 5.3 s"),
        (5.3, 7, "Paid."),
    ],
)
def test_each_step_tells_the_moment(at: float, step: int, told: str) -> None:
    """What runs, what waits and for what, and what came back follow the trace."""
    assert _lines(at)[step - 1].endswith(told)


def test_the_answer_is_not_told_before_its_time() -> None:
    """What the model says appears only when the results have gone back."""
    assert not any("Paid." in line for line in _lines(5.2))


def test_without_a_moment_the_run_is_over() -> None:
    """The end of the run is what is shown if nobody asks for another moment."""
    assert seven_steps(CALLS, NEEDS, RUN) == seven_steps(CALLS, NEEDS, RUN, at=RUN.total)


def test_a_yes_moves_a_call_from_the_person_to_its_turn() -> None:
    """Once approved, a call that has not started waits for its turn and for nobody."""
    early = Trace(RUN.spans, RUN.total)
    told = seven_steps(CALLS, NEEDS, early, at=3.0, held={"refund": 2.0}).text
    assert "refund (for its turn)" in told
    assert "approval" not in told


def test_a_run_in_which_nothing_ran_has_no_answers() -> None:
    """An empty trace is a run that has not begun, not one that is over."""
    told = seven_steps(CALLS, NEEDS, Trace(), at=3.0, answer="Paid.").text
    assert "0 of 4 came back: none" in told
    assert "Paid." not in told


@given(st.floats(0, 3, allow_nan=False))
def test_every_call_stands_in_one_place(at: float) -> None:
    """At any moment of a plain run, each call is waiting, running or back, and only one of them."""
    took = {"order": 0.4, "refund": 1.0, "mail": 0.3, "ship": 0.8}
    trace = good_trace(CALLS, took, edges=[(a, b) for b in NEEDS for a in NEEDS[b]])
    lines = seven_steps(CALLS, NEEDS, trace, at=at).text.splitlines()
    waiting = lines[3].partition("waiting: ")[2]
    running = lines[4].partition("running: ")[2]
    back = lines[5].partition("came back: ")[2]
    waits = {piece.partition(" (")[0] for piece in waiting.split("), ") if piece}
    placed = [*waits, *filter(None, running.split(", ")), *filter("none".__ne__, back.split(", "))]
    assert sorted(placed) == sorted(call.id for call in CALLS)


@given(traces(), st.floats(0, 1e6, allow_nan=False), st.text(max_size=60))
def test_any_run_gives_a_clean_picture(trace: Trace, at: float, answer: str) -> None:
    """Odd ids, states and moments stay on their paper, with seven steps and the same bytes."""
    calls = [ToolCall(one, "tool") for one in dict.fromkeys(span.call_id for span in trace)]
    needs = {call.id: [a for a, b in trace.edges if b == call.id] for call in calls}
    held = {call.id: trace.total / 2 for call in calls[::2]}
    picture = seven_steps(calls, needs, trace, at=at, held=held, answer=answer)
    root = read_svg(picture.svg)
    inside(root)
    assert "7. Synthesis" in texts(root)
    assert len(picture.text.splitlines()) == 8
    again = replace(trace, spans=tuple(trace.spans))
    assert picture == seven_steps(calls, needs, again, at=at, held=held, answer=answer)
