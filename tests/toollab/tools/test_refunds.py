"""The refund desk: effects, keys, and answers that get lost."""

from __future__ import annotations

import asyncio

import pytest

from toollab import simulate
from toollab.tools.refunds import EFFECTS, broken_kettle, by_call, kettle_needs, refund_desk


def test_one_key_is_one_effect_and_two_are_two() -> None:
    """The same key gets the same answer and no second effect; another key gets its own."""
    desk = refund_desk()

    async def pay() -> list[str]:
        tool = desk.tools["refund"]
        keys = [{"idempotency_key": key} for key in ("a", "a", "b")]
        return [await tool(order=881, eur=10, **more) for more in (*keys, {}, {})]

    answers = simulate(desk, pay).value
    assert answers[0] == answers[1]
    assert len(set(answers)) == len(desk.state["refunds"]) == 4


def test_a_lost_answer_is_no_lost_effect() -> None:
    """The effect has happened when the connection breaks."""
    desk = refund_desk(lost={"send_email": 1})
    run = simulate(desk, desk.tools["send_email"], to="ada@example.com", text="hello")
    assert isinstance(run.error, ConnectionError)
    assert len(desk.state["mailbox"]) == 1


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("get_order", {"order": 1}),
        ("get_stock", {"item": "moon"}),
        ("refund", {"order": 881, "eur": 150}),
        ("ship_replacement", {"order": 902, "item": "lamp"}),
    ],
)
def test_impossible_wishes_are_refused(tool: str, given: dict[str, object]) -> None:
    """A tool that cannot do what it is asked says so and changes nothing."""
    desk = refund_desk()
    run = simulate(desk, desk.tools[tool], **given)
    assert type(run.error).__name__ == "ToolError"
    assert not desk.state["refunds"]
    assert not desk.state["shipments"]


def test_the_batch_fits_the_desk() -> None:
    """Each of the six calls is one that the desk can run, and the model never sees a key."""
    desk, calls = refund_desk(), broken_kettle()
    assert set(desk.catalogue) == set(EFFECTS) == {call.name for call in calls}
    assert list(kettle_needs()) == [call.id for call in calls]
    assert not any("idempotency_key" in spec.parameters["properties"] for spec in desk.specs)

    async def all_of_them() -> None:
        await asyncio.gather(*(desk.tools[c.name](**c.arguments) for c in calls))

    run = simulate(desk, all_of_them)
    assert [span.call_id for span in by_call(run.trace, calls)] == [call.id for call in calls]
