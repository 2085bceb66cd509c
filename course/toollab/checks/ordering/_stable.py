"""The exercise *stable order*, verified place by place against the edges."""

from __future__ import annotations

import random
from dataclasses import dataclass

from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.ordering._line_ups import Function, own_code
from toollab.clock import Run, Stuck, attempt
from toollab.trace import Edge

__all__ = ("Net", "net", "stable_order")


@dataclass(frozen=True)
class Net:
    """Call ids in emission order and what each has to wait for."""

    ids: tuple[str, ...]
    edges: tuple[Edge, ...]

    def waits_for(self, call_id: str) -> set[str]:
        """Return the ids that come before this one."""
        return {before for before, after in self.edges if after == call_id}


def net(seed: int, size: int, density: float = 0.3) -> Net:
    """Make `size` ids and random edges without a cycle, many of them against emission order."""
    source = random.Random(seed)  # noqa: S311 - chance, not secrets
    first = source.randrange(7, 10)
    ids = [f"call_{first + n}" for n in range(size)]
    hidden = source.sample(ids, size)
    edges = [
        (one, other)
        for place, one in enumerate(hidden)
        for other in hidden[place + 1 :]
        if source.random() < density
    ]
    source.shuffle(edges)
    return Net(tuple(ids), tuple(edges))


@dataclass(frozen=True)
class Sorted:
    """What came back for one net."""

    net: Net
    run: Run

    @property
    def error(self) -> BaseException | None:
        """What the function raised."""
        return self.run.error

    @property
    def gave_up(self) -> bool:
        """Whether many ids were too much; the last check tells it."""
        return isinstance(self.error, Stuck) and len(self.net.ids) > _FEW


_FEW = 10
"""So many ids have few enough orders to try them all."""


stable_order: Exercise[Net, Sorted] = Exercise(
    "A stable order",
    cases=[
        Net(("call_9", "call_10", "call_11"), ()),
        Net(("a", "b", "c", "d"), (("d", "a"), ("b", "c"), ("d", "a"))),
        net(5, 7),
        net(6, 20, 0.2),
    ],
)


@stable_order.play
def _play_order(fn: Function, case: Net) -> Sorted:
    edges = [list(edge) for edge in case.edges]
    return Sorted(case, attempt(fn, list(case.ids), edges, cpu_seconds=2.0))


@stable_order.check("returns every id once")
def _order_whole(seen: Sorted) -> None:
    if seen.gave_up:
        return
    own_code(seen.run)
    value = seen.run.value
    expected = f"the {len(seen.net.ids)} ids, each once"
    if type(value) not in (list, tuple) or any(type(item) is not str for item in value):
        raise Wrong(
            saw=f"a value of type {type(value).__name__} that is no list of ids",
            expected=expected,
            hint="Return a list of the ids you were given.",
            mistake="not-ids",
        )
    if sorted(value) != sorted(seen.net.ids):
        lost = [call_id for call_id in seen.net.ids if call_id not in value]
        raise Wrong(
            saw=f"{', '.join(lost)} missing" if lost else f"{len(value)} ids",
            expected=expected,
            hint="An id without edges belongs to the order as well."
            if lost
            else "Put each id into the order once, however many edges lead to it.",
            mistake="ids-lost" if lost else "ids-twice",
        )


@stable_order.check("respects every edge", points=2, needs=["returns every id once"])
def _order_edges(seen: Sorted) -> None:
    if seen.gave_up:
        return
    place = {call_id: n for n, call_id in enumerate(seen.run.value)}
    for before, after in seen.net.edges:
        if place[before] > place[after]:
            reverse = all(place[b] > place[a] for b, a in seen.net.edges)
            raise Wrong(
                saw=f"{after} stands before {before}",
                expected=f"{before} first: {after} waits for it",
                hint="An edge (before, after) says that `before` comes first, not `after`."
                if reverse
                else "An id may be placed once all ids it waits for have been placed.",
                mistake="edges-reversed" if reverse else "edge-broken",
            )


@stable_order.check("ties keep emission order", points=2, needs=["respects every edge"])
def _order_stable(seen: Sorted) -> None:
    if seen.gave_up:
        raise Wrong(
            saw=f"no answer in time for {len(seen.net.ids)} ids",
            expected="an answer at once",
            hint="There are too many orders to try them all: build the one that is wanted, place "
            "by place.",
            mistake="tries-all-orders",
        )
    emitted = {call_id: n for n, call_id in enumerate(seen.net.ids)}
    placed: set[str] = set()
    for chosen in seen.run.value:
        for other in seen.net.ids[: emitted[chosen]]:
            if other not in placed and seen.net.waits_for(other) <= placed:
                raise Wrong(
                    saw=f"{chosen} was placed while {other}, emitted earlier, was free to go",
                    expected=f"{other} before {chosen}",
                    hint="At every place, look at all ids that are free, and take the one that "
                    "was emitted first. Neither the text of an id nor the moment it became free "
                    "counts.",
                    mistake="not-stable",
                )
        placed.add(chosen)
