"""The workspace does what its tools declare, and `tidy` does more than its hint says."""

from __future__ import annotations

from itertools import permutations

from toollab.clock import simulate
from toollab.tools import TIDY_HINTS, quarter_end, workspace


async def _in_order(calls, tools):
    return [await tools[call.name](**call.arguments) for call in calls]


def _outcome(calls):
    """Run calls one after another; return what each said and what is left."""
    world = workspace()
    run = simulate(world, _in_order, list(calls), world.tools)
    return run, world.state


def test_emission_order_is_what_the_user_meant():
    """In the order of emission every call succeeds, and each sees what came before it."""
    run, state = _outcome(quarter_end())
    assert run.error is None
    assert run.value[3] == "reports/q3.md, reports/q4.md"
    assert run.value[6] == "drafts/q4.md, notes.md, reports/q4.md"
    assert state["outbox"] == {"ada": "Q3: 41 orders"}
    assert set(state["files"]) == {"drafts/q4.md", "notes.md", "reports/q4.md"}


def test_mail_needs_the_file_that_is_deleted():
    """Whichever way the other calls stand, mail after delete fails and names the file."""
    calls = [call for call in quarter_end() if call.id in {"call_2", "call_5", "call_6"}]
    for order in permutations(calls):
        run, state = _outcome(order)
        late = [call.id for call in order].index("call_2") > [c.id for c in order].index("call_6")
        assert (run.error is not None) == late
        assert bool(state["outbox"]) != late


def test_the_same_file_under_two_names():
    """A path with dots and double slashes leads to the same file."""
    world = workspace()

    async def run():
        await world.tools["write_file"](path="./a//b.md", text="here")
        return await world.tools["read_file"](path="a/b.md/")

    assert simulate(world, run).value == "here"


def test_tidy_writes_whatever_its_hint_says():
    """`tidy` declares nothing, is hinted to be read-only, and deletes drafts."""
    assert TIDY_HINTS["readOnlyHint"]
    world = workspace()
    tidy = next(spec for spec in world.specs if spec.name == "tidy")
    assert tidy.reads is None is tidy.writes
    assert simulate(world, world.tools["tidy"]).value == "removed drafts/q4.md"
    assert "drafts/q4.md" not in world.state["files"]
