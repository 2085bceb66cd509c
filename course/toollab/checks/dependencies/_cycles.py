"""Exercise `find_cycle`: calls that wait for each other, shown as a path."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from toollab.checks import _probes as probes
from toollab.checks._answers import returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.clock import Run, attempt
from toollab.views import Picture, graph

__all__ = ("Maze", "find_cycle", "layered", "maze")

Needs = Mapping[str, Sequence[str]]

_MOST_CPU = 3.0
"""Processor seconds for one graph; walking each dependency once takes thousandths of one."""


@dataclass(frozen=True)
class Maze:
    """A graph that was built to have cycles, or to have none.

    `many_paths` says that there are far too many paths to walk each of them.
    """

    needs: Needs
    cyclic: bool
    many_paths: bool = False

    @property
    def of_one(self) -> bool:
        """Whether some call needs itself."""
        return any(call in befores for call, befores in self.needs.items())

    @property
    def told(self) -> str:
        """The graph in words, if it is small."""
        if not 0 < len(self.needs) <= 8:
            return f"{len(self.needs) or 'no'} calls"
        return "; ".join(
            f"{call} needs {', '.join(b) or 'nothing'}" for call, b in self.needs.items()
        )


def maze(
    seed: int,
    size: int,
    *,
    ring: int = 0,
    where: Literal["anywhere", "last", "behind"] = "anywhere",
) -> Maze:
    """Make a graph of `size` calls, around a ring of so many of them (none if 0).

    Every other dependency follows a hidden order, so the ring is the only way to a cycle.  The
    ring's calls are emitted `last`, or stand `behind` calls that lead to it, or `anywhere`.
    """
    chance = random.Random(seed)  # noqa: S311 - chance, not secrets
    calls = [f"call_{number}" for number in chance.sample(range(1, 100), size)]
    order = chance.sample(calls, size)
    needs: dict[str, list[str]] = {call: [] for call in order}
    fewest = 1 if where == "behind" else 0
    for place, call in enumerate(order):
        for before in chance.sample(order[:place], min(place, chance.randrange(fewest, 3))):
            needs[call].append(before)
    around = order[:ring] if where == "behind" else chance.sample(order, ring)
    around.sort(key=order.index)
    for before, after in pairwise(around):
        if before not in needs[after]:
            needs[after].insert(chance.randrange(len(needs[after]) + 1), before)
    if around:
        needs[around[0]].append(around[-1])
    if where == "last":
        # Nothing outside leads to the ring: whoever starts at the first call never sees it.
        for call in set(order) - set(around):
            needs[call] = [before for before in needs[call] if before not in around]
        calls = [call for call in calls if call not in around] + around
    elif where == "behind":
        calls = [call for call in reversed(order) if call not in around] + around
    return Maze({call: tuple(needs[call]) for call in calls}, cyclic=bool(around))


def layered(layers: int, wide: int = 2) -> Maze:
    """Make a graph without a cycle in which each call needs all of the layer before."""
    rows = [[f"call_{wide * row + i}" for i in range(wide)] for row in range(layers)]
    needs = {call: tuple(rows[n - 1] if n else ()) for n, row in enumerate(rows) for call in row}
    return Maze(dict(reversed(needs.items())), cyclic=False, many_paths=True)


@dataclass(frozen=True)
class Found:
    """What was found in a graph."""

    case: Maze
    run: Run


find_cycle: Exercise[Maze, Found] = Exercise(
    "A cycle, shown as a path",
    cases=[
        Maze({"a": ("c",), "b": ("a",), "c": ("b",)}, cyclic=True),
        Maze({"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c")}, cyclic=False),
        Maze(
            {"mail": ("total",), "total": ("hotel",), "hotel": ("flight", "total"), "flight": ()},
            cyclic=True,
        ),
        Maze({"pay": ("hotel", "pay"), "hotel": ("flight",), "flight": ()}, cyclic=True),
        maze(1, 7, ring=3, where="last"),
        Maze({}, cyclic=False),
        layered(30),
    ],
)


@find_cycle.play
def _play(fn: Callable[..., Any], case: Maze) -> Found:
    needs = {call: list(befores) for call, befores in case.needs.items()}
    return Found(case, attempt(fn, needs, cpu_seconds=_MOST_CPU if case.many_paths else 20.0))


@find_cycle.picture
def _draw(seen: Found) -> Picture:
    path = seen.run.value if _is_path(seen.run.value) else ()
    title = "The graph, and the path that was returned" if path else "The graph"
    return graph(seen.case.needs, marked=path, title=title)


def _is_path(value: Any) -> bool:
    return type(value) in (list, tuple) and all(type(call) is str for call in value)


@find_cycle.check("returns a path or None")
def _returns(seen: Found) -> None:
    if not seen.case.many_paths:
        _path(seen)


def _path(seen: Found) -> list[str] | None:
    """Ask for a list of ids or None, and return that."""
    run, expected = seen.run, "a list of ids, or None"
    if run.error is None and run.value is None:
        return None
    value = returned(run, f"{expected}, for {seen.case.told}")
    if _is_path(value):
        return list(value)
    raise Wrong(
        saw=f"{value!r:.160} for {seen.case.told}",
        expected=expected,
        hint="The model needs more than a yes or no: return the ids along the cycle."
        if isinstance(value, bool)
        else "Return a list of the ids along the cycle, in order.",
        mistake="not-a-path",
    )


@find_cycle.check("finds nothing where there is no cycle")
def _nothing(seen: Found) -> None:
    if seen.case.cyclic or seen.case.many_paths:
        return
    path = _path(seen)
    if path is None:
        return
    raise Wrong(
        saw=f"{' → '.join(path) or 'an empty list'} for {seen.case.told}",
        expected="None",
        hint="Two calls may need the same third one: meeting a call again is a cycle only if it is "
        "still on the path that led here."
        if path
        else "None says that there is no cycle.",
        mistake="diamond-taken-for-cycle" if path else "empty-path",
    )


@find_cycle.check("finds a cycle wherever it is")
def _somewhere(seen: Found) -> None:
    case = seen.case
    if not case.cyclic or case.of_one or _path(seen):
        return
    mistake = "cycle-missed" if _reaches_a_ring(case.needs) else "first-part-only"
    hint = _MISSED[mistake]
    raise Wrong(saw=f"None for {case.told}", expected="a cycle", hint=hint, mistake=mistake)


_MISSED = {
    "cycle-missed": "Follow every call that is needed, not only the first, and go on until a call "
    "comes back that is still on the path.",
    "first-part-only": "One does not get everywhere from the first call: search from each call.",
}


def _reaches_a_ring(needs: Needs) -> bool:
    """Tell whether one can walk for ever from the first call."""
    here = {next(iter(needs))}
    for _ in needs:
        here = {before for call in here for before in needs[call]}
    return bool(here)


@find_cycle.check("a call that needs itself is a cycle")
def _of_one(seen: Found) -> None:
    if not seen.case.of_one:
        return
    path = _path(seen)
    if path and set(path) == {path[0]} <= set(seen.case.needs.get(path[0], ())):
        return  # whether it is closed is judged on longer cycles
    raise Wrong(
        saw=f"{' → '.join(path) if path else path} for {seen.case.told}",
        expected="that call, twice",
        hint="A call that needs itself waits for ever, too: a cycle of one, such as pay → pay.",
        mistake="self-loop",
    )


@find_cycle.check("the path is a real cycle", points=2, needs=["finds a cycle wherever it is"])
def _real(seen: Found) -> None:
    if not seen.case.cyclic or seen.case.of_one:
        return
    path, needs = _path(seen) or [], seen.case.needs
    steps = list(pairwise(path))
    if not steps or path[0] != path[-1]:
        mistake = (
            "lead-in"
            if path[-1] in path[:-1]
            else "not-closed"
            if path[0] in needs.get(path[-1], ()) and all(b in needs.get(a, ()) for a, b in steps)
            else "unordered"
        )
    elif len(set(path)) < len(steps):
        mistake = "twice-round"
    elif all(b in needs.get(a, ()) for a, b in steps):
        return
    else:
        backwards = all(a in needs.get(b, ()) for a, b in steps)
        mistake = "backwards" if backwards else "no-such-dependency"
    raise Wrong(
        saw=f"{' → '.join(path)} for {seen.case.told}",
        expected="a path on which each call needs the next and the last id is the first",
        hint=_UNREAL[mistake],
        mistake=mistake,
    )


_UNREAL = {
    "lead-in": "The search walked a while before it met the cycle: cut off what comes before the "
    "first place of the last id.",
    "not-closed": "Put the first id at the end again: that closes the cycle.",
    "unordered": "These ids do not stand in an order in which each needs the next.",
    "twice-round": "Only the first id stands twice on the path, at its two ends.",
    "backwards": "Read the path aloud with “needs” between the ids: it says the opposite. Walk "
    "from a call to what it needs.",
    "no-such-dependency": "Two neighbours on the path do not need each other. A call that was only "
    "visited does not belong there: take it off when the search leaves it.",
}


@find_cycle.check("does not walk every path")
def _quick(seen: Found) -> None:
    if not seen.case.many_paths:
        return
    try:
        probes.comes_back(seen.run)
    except Wrong as wrong:
        raise Wrong(
            saw=f"for {seen.case.told} without a cycle: {wrong.saw}",
            expected="an answer at once",
            hint="Many paths lead to the same call. Remember a call whose needs have all been "
            "followed without meeting a cycle: it need not be searched again.",
            mistake="every-path",
        ) from None
