"""Exercise `split_by_turn`: from a log of events to the batches the model asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from toollab.checks._answers import returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.overview._cases import Log
from toollab.clock import Run, attempt
from toollab.views import Picture, timeline

__all__ = ("split_by_turn",)


@dataclass(frozen=True, slots=True)
class _Split:
    case: Log
    run: Run

    @property
    def error(self) -> BaseException | None:
        return self.run.error


split_by_turn: Exercise[Log, _Split] = Exercise(
    "Split a log into batches",
    cases=[
        Log((("get_weather", "get_weather", "get_profile"), ("get_weather", "send_email"), ())),
        Log(
            (("get_stock",), ("get_price", "get_stock"), (), ("get_price",), ()), gap=2.0, rest=0.2
        ),
        Log((("search_docs",) * 3, ()), harness="eager", gap=0.8),
        Log(
            (("get_price", "get_stock", "get_price"), ("get_stock",), ()),
            harness="shuffled",
            held=("call_9",),
        ),
        Log((("get_price",), ("get_stock", "get_price"))),
    ],
)


@split_by_turn.play
def _split(fn: Any, case: Log) -> _Split:
    return _Split(case, attempt(fn, case.events()))


@split_by_turn.picture
def _log_picture(seen: _Split) -> Picture:
    return timeline(seen.case.trace(), title="The log as a timeline", critical=())


@split_by_turn.check("returns lists of call ids")
def _lists(seen: _Split) -> None:
    expected = "a list of batches, each a list of call ids"
    value = returned(seen.run, expected)
    good = type(value) in (list, tuple) and all(type(batch) in (list, tuple) for batch in value)
    if good and all(type(call_id) is str for batch in value for call_id in batch):
        return
    flat = good or (type(value) in (list, tuple) and all(type(item) is str for item in value))
    raise Wrong(
        saw=repr(value)[:200],
        expected=expected,
        hint="Put the text event['id'] into an inner list, one inner list for each turn."
        if flat
        else "The outer value is a list; a dict or a generator still has to be turned into one.",
        mistake="not-lists",
    )


@split_by_turn.check("keeps every call once", needs=("returns lists of call ids",))
def _every_call(seen: _Split) -> None:
    got = [call_id for batch in seen.run.value for call_id in batch]
    ids = list(seen.case.names)
    lost = [call_id for call_id in ids if call_id not in got]
    if got and set(got) <= set(seen.case.names.values()):
        raise Wrong(
            saw=_shown([list(batch) for batch in seen.run.value]),
            expected=_shown(seen.case.batches),
            hint="A batch holds the ids of its calls: two calls may have the same name.",
            mistake="names-for-ids",
        )
    if lost:
        never = [call_id for call_id in lost if call_id in seen.case.held]
        raise Wrong(
            saw=f"no {', '.join(lost)} in any batch",
            expected=f"all {len(ids)} calls",
            hint="A call counts when the model asks for it, even if it is never started."
            if never
            else "Each event of type call belongs to a batch, also the first and the last one.",
            mistake="counts-started" if never else "lost-calls",
        )
    if len(got) > len(ids):
        raise Wrong(
            saw=f"{len(got)} ids for {len(ids)} calls",
            expected="each call once",
            hint="A call has up to three events (call, tool_start, tool_end): take one of them.",
            mistake="counts-events",
        )


@split_by_turn.check(
    "one batch for each turn that calls", points=2, needs=("keeps every call once",)
)
def _batches(seen: _Split) -> None:
    got = [list(batch) for batch in seen.run.value]
    if sorted(map(sorted, got)) == sorted(map(sorted, seen.case.batches)):
        return
    mistake = _why_not(seen.case, got)
    raise Wrong(
        saw=_shown(got),
        expected=_shown(seen.case.batches),
        hint=_HINTS[mistake],
        mistake=mistake,
    )


def _shown(batches: Sequence[Sequence[str]]) -> str:
    return " ".join(f"[{', '.join(batch)}]" for batch in batches) or "no batch"


_HINTS = {
    "empty-batch": "A turn that only writes text asks for nothing: it is no batch.",
    "by-name": "The same tool may be called in two turns: its name says nothing about turns.",
    "by-answer": "A harness may answer one call while the model still asks for the next: "
    "an answer does not end the turn.",
    "by-time": "A slow model can pause inside a turn: a gap in time ends nothing.",
    "one-call-a-batch": "Calls between the same turn_start and turn_end belong together.",
    "one-batch": "A new turn begins a new batch.",
    "other-batches": "Only turn_start and turn_end say where a turn begins and ends.",
}


def _why_not(case: Log, got: list[list[str]]) -> str:
    """Name the rule by which the calls were parted, from which neighbours are still together."""
    names, events = case.names, case.events()
    at = {e["id"]: e["time"] for e in events if e["type"] == "call"}
    ends = [e["time"] for e in events if e["type"] == "tool_end"]
    pairs = list(pairwise(names))
    together = [any(a in batch and b in batch for batch in got) for a, b in pairs]
    by_name = {frozenset(i for i in names if names[i] == name) for name in names.values()}
    gaps = [round(at[b] - at[a], 6) for a, b in pairs]
    near = [gap for gap, kept in zip(gaps, together, strict=True) if kept]
    far = [gap for gap, kept in zip(gaps, together, strict=True) if not kept]
    signs = {
        "empty-batch": not all(got),
        "by-name": {frozenset(batch) for batch in got} == by_name
        or together == [names[a] == names[b] for a, b in pairs],
        "by-answer": together == [not any(at[a] < end <= at[b] for end in ends) for a, b in pairs],
        "by-time": bool(near and far) and max(near) < min(far),
        "one-call-a-batch": not any(together),
        "one-batch": all(together),
    }
    return next((mistake for mistake, found in signs.items() if found), "other-batches")


@split_by_turn.check("keeps the order of emission", needs=("one batch for each turn that calls",))
def _emission_order(seen: _Split) -> None:
    got = [list(batch) for batch in seen.run.value]
    if got == seen.case.batches:
        return
    raise Wrong(
        saw=_shown(got),
        expected=_shown(seen.case.batches),
        hint="Batches and calls stay in the order in which the model asked, "
        "however they were run or are spelt.",
        mistake="other-order",
    )
