"""Exercise `normalise_ids`: calls whose ids cannot be relied on, and ids that can."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from toollab.calls import ToolCall
from toollab.checks._answers import returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.vendors._requests import short
from toollab.clock import Run, attempt

__all__ = ("Emitted", "normalise_ids")

_USABLE = re.compile(r"[a-zA-Z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Emitted:
    """A batch whose calls came with `ids`, after those in `taken` were used in earlier turns."""

    ids: tuple[str, ...]
    taken: tuple[str, ...] = ()
    seed: int = 0

    @property
    def calls(self) -> list[ToolCall]:
        """The calls as they came: few names, and arguments that differ from call to call."""
        source = random.Random(self.seed)  # noqa: S311 - chance, not secrets
        names = ("get_customer", "get_orders")
        return [
            ToolCall(call_id, source.choice(names), {"customer_id": 1000 + place})
            for place, call_id in enumerate(self.ids)
        ]

    @property
    def kept(self) -> dict[int, str]:
        """The places whose id is usable and comes up for the first time, and that id."""
        return {
            place: call_id
            for place, call_id in enumerate(self.ids)
            if _USABLE.fullmatch(call_id)
            and call_id not in self.taken
            and call_id not in self.ids[:place]
        }


@dataclass(frozen=True, slots=True)
class _Named:
    case: Emitted
    run: Run
    again: Run

    @property
    def ids(self) -> list[str]:
        return [call.id for call in self.run.value]


normalise_ids: Exercise[Emitted, _Named] = Exercise(
    "Give every call an id of its own",
    cases=[
        Emitted(("call_a", "call_b")),
        Emitted(("call_1", "call_1", "call_2"), seed=1),
        Emitted(("", "functions.get_orders:0", ""), seed=2),
        Emitted(("call_1", "call_9", "call_1"), taken=("call_1", "call_2"), seed=3),
        Emitted(("", "", "call_1", "call_2", "call_0", "call_3"), seed=4),
        Emitted(("call_a", "call_ö"), seed=5),
        Emitted(("x" * 65, "x" * 64), seed=6),
        Emitted(("call_a", "call_b\n"), seed=7),
    ],
)


@normalise_ids.play
def _normalise(fn: Any, case: Emitted) -> _Named:
    def once() -> Run:
        return attempt(fn, case.calls, list(case.taken))

    return _Named(case, once(), once())


@normalise_ids.check("returns the same calls in the same order")
def _same_calls(seen: _Named) -> None:
    expected = "a list of ToolCall, one for each call given, in their order"
    value = returned(seen.run, expected)
    if type(value) not in (list, tuple) or not all(type(item) is ToolCall for item in value):
        raise Wrong(
            saw=short(value),
            expected=expected,
            hint="ToolCall is frozen: build a new one with another id, for instance with replace.",
            mistake="not-calls",
        )
    want = [(call.name, dict(call.arguments)) for call in seen.case.calls]
    got = [(call.name, dict(call.arguments)) for call in value]
    if got != want:
        lost = len(got) < len(want)
        raise Wrong(
            saw=f"{len(got)} calls: {short(got)}",
            expected=f"{len(want)} calls: {short(want)}",
            hint="Two calls with one id are still two calls: each has its own arguments."
            if lost
            else "Only the id may change; name, arguments and order stay.",
            mistake="drops-calls" if lost else "changes-calls",
        )


@normalise_ids.check("every id is usable", needs=("returns the same calls in the same order",))
def _usable(seen: _Named) -> None:
    for call_id in seen.ids:
        if type(call_id) is not str or not _USABLE.fullmatch(call_id):
            raise Wrong(
                saw=f"{call_id!r} in {short(seen.ids)}",
                expected="1 to 64 letters, digits, _ or - in each id",
                hint=_why_unusable(call_id),
                mistake="unusable-id",
            )


def _why_unusable(call_id: Any) -> str:
    """Say what such an id is refused for."""
    text = str(call_id)
    if len(text) > 64:
        return f"This id has {len(text)} characters, and 64 are allowed; a suffix counts, too."
    if text.endswith("\n"):
        return "In a pattern, `$` also fits before a line break at the end: use re.fullmatch."
    if text and not text.isascii():
        return "Letters are a-z and A-Z only: str.isalnum and `\\w` know many more."
    return (
        "An id that came empty, or with other characters, is refused as well: replace it even "
        "if it is unique."
    )


@normalise_ids.check(
    "no id comes twice", points=2, needs=("returns the same calls in the same order",)
)
def _unique(seen: _Named) -> None:
    case, ids = seen.case, seen.ids
    again = [call_id for call_id in ids if call_id in case.taken]
    twice = [call_id for call_id, times in Counter(ids).items() if times > 1]
    if again:
        raise Wrong(
            saw=f"{again[0]!r} in {short(ids)}, taken: {short(list(case.taken))}",
            expected="no id of an earlier turn",
            hint="An id has to be unique in the whole conversation, not only in its turn.",
            mistake="taken-id",
        )
    if twice:
        planted = twice[0] in case.ids and case.ids.count(twice[0]) == 1
        raise Wrong(
            saw=f"{twice[0]!r} twice in {short(ids)}; they came as {short(list(case.ids))}",
            expected="a different id for each call",
            hint="An id you made up was there already, on another call: look at all of them first."
            if planted
            else "The second call with an id needs a new one.",
            mistake="made-up-twin" if planted else "twins",
        )


@normalise_ids.check("good ids stay", needs=("returns the same calls in the same order",))
def _stay(seen: _Named) -> None:
    for place, call_id in seen.case.kept.items():
        if seen.ids[place] != call_id:
            raise Wrong(
                saw=f"{call_id!r} became {seen.ids[place]!r}",
                expected=f"{call_id!r}, as it came",
                hint="The vendor knows its call by the id it gave: change only what cannot stay. "
                "Of two calls with one id, the first keeps it.",
                mistake="renames-good",
            )


@normalise_ids.check(
    "gives the same ids every time", needs=("returns the same calls in the same order",)
)
def _every_time(seen: _Named) -> None:
    again = returned(seen.again, "the same list once more")
    ids = [call.id for call in again] if type(again) in (list, tuple) else []
    if ids != seen.ids:
        raise Wrong(
            saw=f"{short(seen.ids)}, then {short(ids)}",
            expected="equal ids for equal calls",
            hint="A conversation that is sent again needs the ids it had: count, "
            "instead of drawing by lot or remembering the last run.",
            mistake="other-ids-each-time",
        )
