"""Exercise `dedupe_calls`: equal lookups share one run, and every id keeps its answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from toollab.calls import JSON, ToolCall
from toollab.checks._answers import returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.clock import Run, attempt

__all__ = ("Repeats", "dedupe_calls")

Asked = tuple[int, str, JSON]
"""`(place, tool, arguments)`: the place, from 0, of the call that is run for this one."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """A batch written down with its answer: which call is run for which.

    `asked` has a line for each call.  A tool in `read_only` has no effects.  `first` is the
    number in the first id.
    """

    asked: tuple[Asked, ...]
    read_only: tuple[str, ...] = ("get_status", "read_log", "search_log")
    first: int = 8

    def calls(self) -> list[ToolCall]:
        """Return the batch, arguments as fresh objects."""
        return [
            ToolCall(f"call_{self.first + place}", name, json.loads(json.dumps(given)))
            for place, (_, name, given) in enumerate(self.asked)
        ]

    def runners(self) -> dict[str, str]:
        """Return the answer: for each id the one that is run for it."""
        calls = self.calls()
        return {
            call.id: calls[place].id for call, (place, _, _) in zip(calls, self.asked, strict=True)
        }

    def writes(self) -> list[str]:
        """Return the ids of the calls that have effects."""
        return [call.id for call in self.calls() if call.name not in self.read_only]


@dataclass(frozen=True, slots=True)
class _Shared:
    case: Repeats
    run: Run

    @property
    def want(self) -> dict[str, str]:
        return self.case.runners()

    @property
    def got(self) -> dict[str, str]:
        return dict(self.run.value)


def _service(name: str, **more: JSON) -> dict[str, JSON]:
    return {"service": name, **more}


dedupe_calls: Exercise[Repeats, _Shared] = Exercise(
    "Share equal lookups",
    cases=[
        Repeats(
            (
                (0, "get_status", _service("checkout")),
                (0, "get_status", _service("checkout")),
                (2, "get_status", _service("search")),
                (3, "restart", _service("checkout")),
                (0, "get_status", _service("checkout")),
                (5, "restart", _service("checkout")),
            )
        ),
        Repeats(
            (
                (0, "search_log", {"service": "search", "lines": 20}),
                (0, "search_log", {"lines": 20, "service": "search"}),
                (2, "search_log", {"service": "search", "lines": "20"}),
                (3, "read_log", {"service": "search", "lines": 20}),
                (4, "search_log", {"filter": {"since": "12:00", "words": ["pool", "down"]}}),
                (4, "search_log", {"filter": {"words": ["pool", "down"], "since": "12:00"}}),
                (6, "read_log", {"from": "checkout", "to": "search"}),
                (7, "read_log", {"from": "search", "to": "checkout"}),
            )
        ),
    ],
)


@dedupe_calls.play
def _play(fn: Any, case: Repeats) -> _Shared:
    return _Shared(case, attempt(fn, case.calls(), list(case.read_only)))


@dedupe_calls.check("names a runner for every id")
def _every_id(seen: _Shared) -> None:
    expected = "a dict from each id to the id of the call that is run for it"
    value = returned(seen.run, expected)
    if not isinstance(value, dict) or not all(
        type(one) is str for pair in value.items() for one in pair
    ):
        raise Wrong(
            saw=f"a value of type {type(value).__name__}"
            + (" whose items are not ids" if isinstance(value, dict) else ""),
            expected=expected,
            hint="Keys and values are ids: texts such as call_8, not calls and not positions.",
            mistake="not-a-dict-of-ids",
        )
    ids = list(seen.want)
    lost = [i for i in ids if i not in value]
    if lost:
        raise Wrong(
            saw=f"no entry for {', '.join(lost)}",
            expected=f"an entry for each of the {len(ids)} ids",
            hint="A call that is not run still waits for an answer: an id left out is a request "
            "refused.",
            mistake="id-lost",
        )
    foreign = [one for pair in value.items() for one in pair if one not in ids]
    if foreign:
        raise Wrong(
            saw=f"{', '.join(dict.fromkeys(foreign))}, which is no id of this batch",
            expected="ids of the batch only",
            hint="Whoever runs for others is one of the calls of the batch.",
            mistake="foreign-id",
        )
    idle = sorted({one for one in value.values() if value[one] != one})
    if idle:
        raise Wrong(
            saw=f"{idle[0]} runs for another call, but {value[idle[0]]} runs for {idle[0]}",
            expected="whoever runs for others runs for itself too",
            hint="Point every equal call at the same one, not each at the one before it.",
            mistake="chained",
        )


@dedupe_calls.check("equal lookups share one run", points=2, needs=["names a runner for every id"])
def _share(seen: _Shared) -> None:
    want, got = seen.want, seen.got
    for one, other in _pairs(seen, same=True):
        if got[one.id] == got[other.id]:
            continue
        if list(one.arguments) != list(other.arguments) or str(one.arguments) != str(
            other.arguments
        ):
            mistake = "key-order"
            hint = (
                "The order of keys means nothing in JSON, at any depth: compare the arguments "
                "as json.dumps(arguments, sort_keys=True)."
            )
        elif all(got[i] == i for i in want):
            mistake, hint = (
                "nothing-shared",
                "A lookup that only reads gives equal calls one answer.",
            )
        else:
            mistake = "neighbours-only"
            hint = "Equal calls need not stand next to each other: remember every call you saw."
        raise Wrong(
            saw=f"{one.id} and {other.id} ask the same, and run as {got[one.id]} and "
            f"{got[other.id]}",
            expected=f"both run as {want[one.id]}",
            hint=hint,
            mistake=mistake,
        )


def _pairs(seen: _Shared, *, same: bool) -> list[tuple[ToolCall, ToolCall]]:
    """Return the pairs of calls that share a run in the answer, or those that do not."""
    calls, want = seen.case.calls(), seen.want
    return [
        (one, other)
        for place, one in enumerate(calls)
        for other in calls[place + 1 :]
        if (want[one.id] == want[other.id]) == same
    ]


@dedupe_calls.check("different calls stay apart", needs=["names a runner for every id"])
def _apart(seen: _Shared) -> None:
    got, writes = seen.got, seen.case.writes()
    for one, other in _pairs(seen, same=False):
        if got[one.id] != got[other.id] or {one.id, other.id} <= set(writes):
            continue
        if one.name != other.name:
            mistake, hint = "name-ignored", "Two tools can take the same arguments: compare both."
        elif str(one.arguments).replace("'", "") == str(other.arguments).replace("'", ""):
            mistake = "types-lost"
            hint = 'The text "20" and the number 20 are different arguments: str() hides that.'
        elif sorted(_leaves(one.arguments)) == sorted(_leaves(other.arguments)):
            mistake = "values-only"
            hint = (
                "The same values under other keys, or in another order of a list, ask for "
                "something else."
            )
        else:
            mistake, hint = (
                "arguments-ignored",
                "Two calls of one tool with other arguments differ.",
            )
        raise Wrong(
            saw=f"{one.id} and {other.id} share a run: {_shown([one, other])}",
            expected="each gets an answer of its own",
            hint=hint,
            mistake=mistake,
        )


def _leaves(value: JSON) -> list[str]:
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in _leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in _leaves(inner)]
    return [str(value)]


def _shown(calls: Sequence[ToolCall]) -> str:
    return " and ".join(f"{call.name}({json.dumps(call.arguments)})" for call in calls)


@dedupe_calls.check("calls with effects all run", needs=["names a runner for every id"])
def _effects(seen: _Shared) -> None:
    got = seen.got
    lazy = [i for i in seen.case.writes() if got[i] != i]
    if lazy:
        raise Wrong(
            saw=f"{lazy[0]} is not run: {got[lazy[0]]} runs for it",
            expected="every call runs whose tool is not in read_only",
            hint="Two equal transfers may both be meant. Only a tool that is known to read may "
            "be run once for two calls.",
            mistake="effect-shared",
        )


@dedupe_calls.check("the first of equal calls runs", needs=["equal lookups share one run"])
def _first(seen: _Shared) -> None:
    want, got = seen.want, seen.got
    late = [i for i in want if want[i] == i != got[i] and want[got[i]] == i]
    if late:
        raise Wrong(
            saw=f"{got[late[0]]} runs for {late[0]}, which was asked for before it",
            expected=f"{late[0]} runs",
            hint="Keep the first call you see of its kind, and do not overwrite it later.",
            mistake="last-runs",
        )
