"""Edges, waves, cycles and conflicts of one record.

An edge is an order that something speaks for: a reference, resources that two tools declare, or,
beside tools that declare theirs, a tool that declares nothing and names no call it needs.  A
conflict is a pair that must not overlap.  Where no tool of a record declares anything, references
alone decide, and the pairs they leave open are called undecided.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from itertools import combinations

from autograder.detection.reading import Record
from autograder.detection.reference import Detector
from toollab.calls import JSON, ToolCall, ToolSpec

__all__ = ("Found", "detect")

Pair = tuple[str, str]
REFERENCE = "reference"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in one record.

    `reasons` says of each edge and each conflict why it is there.  `broad` holds the edges that
    would be gone without declarations of whole classes, such as `orders` where no argument says
    which: there the least is known.  `waves` leave out the calls in
    `stuck`: those on a cycle, and those that wait for one.  `dangling` holds references to calls
    that are not there: `(call, argument, reference)`.
    """

    id: str
    edges: list[Pair]
    waves: list[list[str]]
    cycles: list[list[str]]
    conflicts: list[Pair]
    undecided: list[Pair]
    reasons: dict[Pair, list[str]]
    broad: list[Pair]
    stuck: list[str]
    dangling: list[tuple[str, str, str]]


def detect(record: Record, by: Detector, *, strict: bool = False) -> Found:
    """Find what depends on what; `strict`: undecided pairs are conflicts, and edges, too."""
    calls = [_by_id(call, record.calls) for call in record.calls]
    ids = [call.id for call in calls]
    needs = {call.id: by.references(call.arguments, ids) for call in calls}
    cycles = list(_cycles(needs))
    order = _stable_order(needs)
    by_id = {call.id: call for call in calls}
    tools = {name: by.sharpen(tool) for name, tool in record.tools.items()}

    reasons: dict[Pair, list[str]] = {
        (one, call): [REFERENCE] for call in ids for one in needs[call]
    }
    conflicts: list[Pair] = []
    undecided: list[Pair] = []
    rest = [call for call in ids if call not in order]
    for pair in combinations([*order, *rest], 2):
        why = by.conflicts(by_id[pair[0]], by_id[pair[1]], tools)
        if why == [UNKNOWN] and not (record.declares or strict):
            if pair not in reasons and pair[::-1] not in reasons:
                undecided.append(pair)
        elif why:
            conflicts.append(pair)
            reasons.setdefault(pair, []).extend(why)

    def counts(pair: Pair) -> bool:
        if reasons[pair] != [UNKNOWN] or strict:
            return True
        unknown = [one for one in pair if _is_unknown(by_id[one], record)]
        return any(not needs[one] for one in unknown)

    place = {call: number for number, call in enumerate(ids)}

    def emitted(pair: Pair) -> tuple[int, int]:
        return place[pair[0]], place[pair[1]]

    edges = sorted(filter(counts, reasons), key=emitted)
    named = {name: _named(tool) for name, tool in tools.items()}
    return Found(
        record.id,
        edges,
        by.plan_waves(
            order,
            {call: needs[call] for call in order},
            [pair for pair in conflicts if {*pair} <= set(order)],
        ),
        cycles,
        sorted(conflicts, key=emitted),
        sorted(undecided, key=emitted),
        reasons,
        [
            pair
            for pair in edges
            if not {REFERENCE, UNKNOWN} & {*reasons[pair]}
            and not by.conflicts(by_id[pair[0]], by_id[pair[1]], named)
        ],
        rest,
        [one for call in calls for one in _dangling(call, ids, by.marks)],
    )


def _named(tool: ToolSpec) -> ToolSpec:
    """Return the tool with those resources only that an argument names."""

    def kept(paths: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if paths is None else tuple(path for path in paths if "{" in path)

    return replace(tool, reads=kept(tool.reads), writes=kept(tool.writes))


def _is_unknown(call: ToolCall, record: Record) -> bool:
    tool = record.tools.get(call.name)
    return tool is None or tool.reads is None or tool.writes is None


def _by_id(call: ToolCall, calls: Sequence[ToolCall]) -> ToolCall:
    """Return the call with odd references made plain ones.

    `<output-of-Some-Tool>` names a tool and means its calls; `var9.price$` has lost its opening
    mark; `{"$ref": "var9"}` is how JSON writes one.
    """
    ids: dict[str, list[str]] = {}
    for one in calls:
        if one.id != call.id:
            ids.setdefault(re.sub(r"[\s_]+", "-", one.name).casefold(), []).append(one.id)

    def named(found: re.Match[str]) -> str:
        known = ids.get(re.sub(r"[\s_]+", "-", found[1]).casefold(), ())
        return " ".join(f"<{one}>" for one in known) or found[0]

    words = [one.id for one in calls if not one.id.isdecimal()]
    either = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    closed = re.compile(rf"(?<![\w${{#<-])({either})[.\[][\w.\[\]]*\$(?!\w)")

    def fill(value: JSON) -> JSON:
        if isinstance(value, dict):
            if value.keys() == {"$ref"} and isinstance(value["$ref"], str):
                return "$" + value["$ref"].lstrip("#/$")
            return {key: fill(item) for key, item in value.items()}
        if isinstance(value, list):
            return [fill(item) for item in value]
        if not isinstance(value, str):
            return value
        value = re.sub(r"<output-of-([^<>]+)>", named, value)
        return closed.sub(r"<\1>", value) if words else value

    return ToolCall(call.id, call.name, fill(dict(call.arguments)))


def _cycles(needs: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Yield cycles, each an id path along the edges, until no call is left on one."""
    left = dict(needs)
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            yield list(error.args[1])
            left = {call: befores for call, befores in left.items() if call not in error.args[1]}
        else:
            return


def _stable_order(needs: Mapping[str, Sequence[str]]) -> list[str]:
    """Return all calls that no cycle keeps from running: the emitted order as far as it may be."""
    ids = list(needs)
    place = {call: number for number, call in enumerate(ids)}
    waiting = {call: len(befores) for call, befores in needs.items()}
    after: dict[str, list[str]] = {call: [] for call in ids}
    for call, befores in needs.items():
        for one in befores:
            after[one].append(call)
    ready = [place[call] for call in ids if not waiting[call]]
    order: list[str] = []
    while ready:
        call = ids[heapq.heappop(ready)]
        order.append(call)
        for other in after[call]:
            waiting[other] -= 1
            if not waiting[other]:
                heapq.heappush(ready, place[other])
    return order


def _dangling(
    call: ToolCall, ids: Sequence[str], marks: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield references that look like those to a call, and lead to none.

    What looks like an id has the letters of one, and other digits.
    """
    shapes = {re.sub(r"\d+", "0", one) for one in ids if not one.isdecimal()}
    either = "|".join(map(re.escape, sorted(marks, key=len, reverse=True)))
    wanted = re.compile(rf"(?:{either})([\w-]*\w)[\w.\[\]]*\s?[$}}>]*")
    for name, value in call.arguments.items():
        for text in _texts(value):
            for found in wanted.finditer(text):
                one = found[1]
                if one not in ids and re.sub(r"\d+", "0", one) in shapes:
                    yield call.id, name, found[0].strip()


def _texts(value: JSON) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
