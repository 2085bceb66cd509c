"""Shifts of calls that need each other, some of which fail, are held or are denied."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from toollab.calls import ToolCall, ToolResult
from toollab.checks.dependencies import plan
from toollab.trace import Edge, Trace, good_trace

__all__ = ("Shift", "shift")


@dataclass(frozen=True)
class Shift:
    """Calls with what each needs, its seconds and its fate.

    `errors` maps ids to `result` (the call brings an error result) or `raises`.  `held` waits for
    a decision, `denied` has been decided against, `done` was answered before, with an error if it
    is among the `broken`.
    """

    needs: Mapping[str, Sequence[str]]
    seconds: Mapping[str, float]
    limit: int = 2
    errors: Mapping[str, str] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()

    @property
    def calls(self) -> list[ToolCall]:
        """The calls, in emission order."""
        return [ToolCall(call, "run", {"call": call}) for call in self.needs]

    @property
    def verdicts(self) -> dict[str, str]:
        """What has been decided about each call."""
        words = {"held": self.held, "denied": self.denied, "answered": self.done}
        return {c: next((w for w, ids in words.items() if c in ids), "run") for c in self.needs}

    @property
    def answered(self) -> list[ToolResult]:
        """The results from before."""
        return [
            ToolResult(call, f"ToolError: {call} was down", is_error=True)
            if call in self.broken
            else ToolResult(call, f"{call} was fine")
            for call in self.needs
            if call in self.done
        ]

    def calm(self) -> Shift:
        """Return the same calls with nothing failing, held, denied or done."""
        none = frozenset[str]()
        return replace(self, errors={}, held=none, denied=none, done=none, broken=none)

    def fates(self) -> dict[str, str]:
        """Say of each call: `ok`, `error`, `denied`, `done`, `skipped` or `pending`."""
        fates: dict[str, str] = {}
        while len(fates) < len(self.needs):
            for call, befores in self.needs.items():
                if call not in fates and fates.keys() >= set(befores):
                    fates[call] = self._fate(call, befores, fates)
        return fates

    def _fate(self, call: str, befores: Sequence[str], fates: Mapping[str, str]) -> str:
        before = {fates[one] for one in befores}
        if call in self.done:
            return "done"
        if before & {"error", "denied", "skipped"} or self.broken & set(befores):
            return "skipped"
        if call in self.denied:
            return "denied"
        if call in self.held or "pending" in before:
            return "pending"
        return "error" if call in self.errors else "ok"

    def causes(self, call: str) -> set[str]:
        """Return the failed or denied calls that a skipped call has to thank for it."""
        fates = self.fates()
        found: set[str] = set()
        for before in self.needs[call]:
            if fates[before] in {"error", "denied"} or before in self.broken:
                found.add(before)
            elif fates[before] == "skipped":
                found |= self.causes(before)
        return found

    @property
    def running(self) -> list[str]:
        """The calls that should reach their tool."""
        return [call for call, fate in self.fates().items() if fate in {"ok", "error"}]

    @property
    def edges(self) -> list[Edge]:
        """What must be answered before what, among the calls that run."""
        runs = set(self.running)
        return [(a, b) for b in self.needs for a in self.needs[b] if {a, b} <= runs]

    def good(self) -> Trace:
        """Return the trace of a run that wastes nothing."""
        runs = set(self.running)
        return good_trace(
            [call for call in self.calls if call.id in runs],
            {call: self.seconds[call] for call in self.needs if call in runs},
            limit=self.limit,
            edges=self.edges,
            outcome=lambda call: "error" if call.id in self.errors else "ok",
        )


def shift(seed: int, size: int, *, limit: int = 3) -> Shift:
    """Make a shift by chance in which calls fail, are held, are denied and were done before.

    Something is skipped, and something waits for a call that is held.  What the denied call needs
    goes well, so that nobody can ask which of two reasons counts.
    """
    chance = random.Random(seed)  # noqa: S311 - chance, not secrets
    base = plan(seed, size)
    for attempt in range(1, 10_000):
        if attempt % 50 == 0:  # a plan costs more than the lots that are drawn in it
            base = plan(seed * 101 + attempt, size)
        ids = list(base.needs)
        one, two, three, four, five = chance.sample(ids, 5)
        firsts = [call for call in ids if not base.needs[call]]
        made = Shift(
            base.needs,
            base.seconds,
            limit,
            errors={one: "result", two: "raises"},
            held=frozenset({three}),
            denied=frozenset({four}),
            done=frozenset({five} & set(firsts)),
        )
        fates = made.fates()
        words = list(fates.values())
        if (
            {"error", "denied", "skipped", "ok", "done"} <= set(words)
            and fates[one] == fates[two] == "error"
            and words.count("pending") > 1
            and {fates[before] for before in base.needs[four]} <= {"ok", "done"}
        ):
            return made
    raise ValueError(f"No shift of {size} calls was found. Hint: take a larger size.")
