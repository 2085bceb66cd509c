"""Exercise `plan_waves`: as few waves as possible, and conflicts in emission order."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toollab.checks._answers import returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.clock import Run, attempt
from toollab.views import Picture, graph

__all__ = ("Surf", "plan_waves", "surf")


@dataclass(frozen=True)
class Surf:
    """A batch that was made wave by wave.

    `waves` maps each id to the earliest wave it can be in, from 0; its keys stand in emission
    order.  `needs` maps each id to those it refers to; `clashes` are pairs in either direction.
    """

    waves: Mapping[str, int]
    needs: Mapping[str, Sequence[str]]
    clashes: Sequence[tuple[str, str]]

    @property
    def ids(self) -> list[str]:
        """The ids in emission order."""
        return list(self.waves)

    @property
    def expected(self) -> list[list[str]]:
        """The waves, in emission order."""
        count = max(self.waves.values(), default=-1) + 1
        return [[call for call in self.ids if self.waves[call] == n] for n in range(count)]

    @property
    def ordered(self) -> list[tuple[str, str]]:
        """The clashes, each with the call that was emitted first before the other."""
        place = {call: number for number, call in enumerate(self.ids)}
        return [(a, b) if place[a] < place[b] else (b, a) for a, b in self.clashes]

    @property
    def told(self) -> str:
        """The batch in words, if it is small."""
        if len(self.ids) > 8:
            return f"{len(self.ids)} calls"
        refers = [f"{call} needs {', '.join(n)}" for call, n in self.needs.items() if n]
        clash = [f"{a} and {b} conflict" for a, b in self.clashes]
        who = ", ".join(self.ids) or "nothing at all"
        return f"emitted {who}; {'; '.join(refers + clash) or 'nobody waits'}"


def surf(seed: int, size: int, *, clashing: float = 0.6, deepest: int = 4) -> Surf:
    """Make a batch of `size` calls in at most `deepest` waves.

    `clashing` is the share of dependencies that are conflicts; the others are references.
    """
    chance = random.Random(seed)  # noqa: S311 - chance, not secrets
    ids = [f"call_{n}" for n in chance.sample(range(2, 99), size)]
    waves: dict[str, int] = {}
    needs: dict[str, list[str]] = {call: [] for call in ids}
    clashes: list[tuple[str, str]] = []
    for call in ids:
        high = max(waves.values(), default=-1) + 1
        wave = chance.randrange(min(high, deepest - 1) + 1)
        before = [one for one in waves if waves[one] == wave - 1]
        chosen = {chance.choice(before)} if before else set()
        lower = [one for one in waves if waves[one] < wave and one not in chosen]
        chosen |= set(chance.sample(lower, min(len(lower), chance.randrange(3))))
        waves[call] = wave
        for one in sorted(chosen):
            if chance.random() < clashing:
                clashes.append(chance.choice(((one, call), (call, one))))
            else:
                needs[call].append(one)
    chance.shuffle(clashes)
    return Surf(waves, needs, clashes)


@dataclass(frozen=True)
class Planned:
    """What was planned for one batch."""

    case: Surf
    run: Run

    @property
    def place(self) -> dict[str, int]:
        """The wave of each call, once the waves are known to be some."""
        return {call: n for n, wave in enumerate(self.run.value) for call in wave}

    def wave(self, call: str) -> str:
        """Name the wave of a call, counted from 1 as people do."""
        return f"wave {self.place[call] + 1}"


plan_waves: Exercise[Surf, Planned] = Exercise(
    "Waves that keep the order of conflicts",
    cases=[
        Surf(
            {"a": 0, "b": 1, "c": 0, "d": 2},
            {"a": [], "b": ["a"], "c": [], "d": []},
            [("d", "b"), ("c", "d")],
        ),
        Surf({"w": 0, "r": 1, "x": 0}, {"w": [], "r": [], "x": []}, [("r", "w")]),
        Surf({"r": 0, "w": 1}, {"r": [], "w": []}, [("w", "r")]),
        Surf(
            {"p": 0, "q": 1, "s": 0, "t": 1},
            {"p": [], "q": [], "s": [], "t": []},
            [("p", "q"), ("t", "s")],
        ),
        Surf({"a": 0, "b": 1, "c": 2}, {"a": [], "b": ["a"], "c": ["b"]}, []),
        Surf({"a": 0, "b": 1, "c": 2}, {"a": [], "b": [], "c": []}, [("b", "a"), ("b", "c")]),
        surf(1, 6),
        surf(2, 7, clashing=0.2),
        Surf({"a": 0, "b": 0, "c": 0}, {"a": [], "b": [], "c": []}, []),
        Surf({}, {}, []),
    ],
)


@plan_waves.play
def _play(fn: Callable[..., Any], case: Surf) -> Planned:
    needs = {call: list(befores) for call, befores in case.needs.items()}
    return Planned(case, attempt(fn, case.ids, needs, list(case.clashes)))


@plan_waves.picture
def _draw(seen: Planned) -> Picture | None:
    case = seen.case
    if not case.ids:
        return None
    before = {call: list(case.needs[call]) for call in case.ids}
    kinds = {(one, call): "data" for call in case.ids for one in case.needs[call]}
    for one, call in case.ordered:
        before[call].append(one)
        kinds[one, call] = "resource"
    return graph(before, kinds=kinds, title="References, and conflicts in emission order")


_WAVES = "returns waves of ids"
_ONCE = "every call is in one wave"


@plan_waves.check(_WAVES)
def _returns(seen: Planned) -> None:
    expected = f"{seen.case.expected!r:.160} for {seen.case.told}"
    value = returned(seen.run, expected)
    if type(value) in (list, tuple) and all(
        type(wave) in (list, tuple) and all(type(call) is str for call in wave) for wave in value
    ):
        return
    raise Wrong(
        saw=f"{value!r:.160}",
        expected=expected,
        hint="Return a list of waves, each a list of ids; a wave of one call is a list, too.",
        mistake="not-waves",
    )


@plan_waves.check(_ONCE, needs=[_WAVES])
def _whole(seen: Planned) -> None:
    got = [call for wave in seen.run.value for call in wave]
    lost = [call for call in seen.case.ids if call not in got]
    twice = sorted({call for call in got if got.count(call) > 1 or call not in seen.case.ids})
    empty = [n for n, wave in enumerate(seen.run.value) if not wave]
    if not lost and not twice and not empty:
        return
    raise Wrong(
        saw=f"{', '.join(lost)} in no wave"
        if lost
        else f"{', '.join(twice)} too often"
        if twice
        else f"wave {empty[0] + 1} of {len(seen.run.value)} is empty",
        expected="each call in exactly one wave, and no empty wave",
        hint="Every call that was emitted has to be run, and once. What is left when the loop "
        "ends is a wave, too."
        if seen.case.ids
        else "No call was emitted, so there is no wave: return an empty list.",
        mistake="calls-lost" if lost else "twice" if twice else "empty-wave",
    )


@plan_waves.check("a reference leads to an earlier wave", needs=[_ONCE])
def _needs(seen: Planned) -> None:
    for call, befores in seen.case.needs.items():
        for one in befores:
            if seen.place[one] >= seen.place[call]:
                raise Wrong(
                    saw=f"{one} in {seen.wave(one)}, {call} in {seen.wave(call)}; {seen.case.told}",
                    expected=f"{one} in an earlier wave: {call} refers to its result",
                    hint="A call can be filled in only when all calls it refers to are answered: "
                    "its wave is behind the wave of each of them.",
                    mistake="reference-open",
                )


@plan_waves.check("conflicting calls keep emission order", points=2, needs=[_ONCE])
def _clashes(seen: Planned) -> None:
    kept = [seen.place[one] < seen.place[call] for one, call in seen.case.ordered]
    if all(kept):
        return
    lost = [pair for pair, is_kept in zip(seen.case.ordered, kept, strict=True) if not is_kept]
    together = [(one, call) for one, call in lost if seen.place[one] == seen.place[call]]
    one, call = (together or lost)[0]
    raise Wrong(
        saw=f"{one} in {seen.wave(one)}, {call} in {seen.wave(call)}; {seen.case.told}",
        expected=f"{one} in an earlier wave: it was emitted first, and the two conflict",
        hint="Calls in one wave run together: two that conflict must not share one."
        if together
        else "A free place in an earlier wave is not enough: the call must come behind every "
        "conflicting call that was emitted before it. The pairs have no direction; `ids` has.",
        mistake="together" if together else "overtakes",
    )


@plan_waves.check("no call is later than it has to be", points=2, needs=[_ONCE])
def _early(seen: Planned) -> None:
    late = [call for call in seen.case.ids if seen.place[call] > seen.case.waves[call]]
    if not late:
        return
    count, fewest = len(seen.run.value), len(seen.case.expected)
    serial = count == len(seen.case.ids)
    raise Wrong(
        saw=f"{late[0]} in {seen.wave(late[0])} of {count}; {seen.case.told}",
        expected=f"{late[0]} in wave {seen.case.waves[late[0]] + 1} of {fewest}",
        hint="One call in each wave keeps every order, and wins nothing: what is free goes first."
        if serial
        else "A call waits only for the latest wave among those it refers to and those it "
        "conflicts with; a wave that closes for one call must not close for all.",
        mistake="serial" if serial else "later-than-needed",
    )


@plan_waves.check("a wave keeps emission order", needs=[_ONCE])
def _order(seen: Planned) -> None:
    place = {call: number for number, call in enumerate(seen.case.ids)}
    for wave in seen.run.value:
        wanted = sorted(wave, key=place.__getitem__)
        if list(wave) != wanted:
            raise Wrong(
                saw=", ".join(wave),
                expected=", ".join(wanted),
                hint="A set forgets the order: walk through `ids` when you fill the waves.",
                mistake="other-order",
            )
