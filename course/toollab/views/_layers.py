"""Lay a graph of calls out in layers, each call below all it needs.

Nothing here knows pixels: a place is a layer and a slot in it.  An edge that passes a layer has
a slot of its own there, so that lines run between the boxes and not through them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from toollab.trace import Edge

__all__ = ("Layers", "Pass", "lay_out_graph")


@dataclass(frozen=True, slots=True)
class Pass:
    """The slot through which an edge passes a layer."""

    edge: Edge
    layer: int


Slot = str | Pass


@dataclass(frozen=True, slots=True)
class Layers:
    """Calls and passing edges, layer by layer from the top, each from left to right.

    `upward` holds the edges that cannot lead down: those that close a cycle.
    """

    rows: tuple[tuple[Slot, ...], ...]
    edges: tuple[Edge, ...]
    upward: frozenset[Edge]

    def route(self, edge: Edge) -> list[Slot]:
        """Return the slots of a downward edge, from its first call to its last."""
        passes = [slot for row in self.rows for slot in row if isinstance(slot, Pass)]
        return [edge[0], *(one for one in passes if one.edge == edge), edge[1]]


def lay_out_graph(needs: Mapping[str, Iterable[str]]) -> Layers:
    """Put every call below the calls it needs; `needs` maps a call's id to those ids.

    Ids that are only needed get a place too.  In a cycle, one call has to stand above something
    it needs: the one that is named first.
    """
    edges = tuple(
        dict.fromkeys((before, after) for after, befores in needs.items() for before in befores)
    )
    nodes = list(dict.fromkeys([*needs, *(before for before, _ in edges)]))
    layer = _layers(nodes, edges)
    upward = frozenset(edge for edge in edges if layer[edge[0]] >= layer[edge[1]])
    rows: list[list[Slot]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for node in nodes:
        rows[layer[node]].append(node)
    for edge in edges:
        for between in range(layer[edge[0]] + 1, layer[edge[1]]):
            rows[between].append(Pass(edge, between))
    links = [
        pair
        for edge in edges
        if edge not in upward
        for pair in _steps(edge, layer[edge[0]], layer[edge[1]])
    ]
    _untangle(rows, links)
    return Layers(tuple(map(tuple, rows)), edges, upward)


def _layers(nodes: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Give each call a layer, the first that lies below all it needs."""
    befores = {node: [a for a, b in edges if b == node and a != b] for node in nodes}
    layer: dict[str, int] = {}
    while len(layer) < len(nodes):
        left = [node for node in nodes if node not in layer]
        ready = [node for node in left if all(before in layer for before in befores[node])]
        layer |= {
            node: 1
            + max((layer[before] for before in befores[node] if before in layer), default=-1)
            for node in ready or left[:1]
        }
    return layer


def _steps(edge: Edge, top: int, bottom: int) -> list[tuple[Slot, Slot]]:
    stops: list[Slot] = [edge[0], *(Pass(edge, i) for i in range(top + 1, bottom)), edge[1]]
    return list(pairwise(stops))


def _untangle(rows: list[list[Slot]], links: Sequence[tuple[Slot, Slot]]) -> None:
    """Order each layer by where its neighbours stand, down and up a few times: fewer crossings."""
    above: dict[Slot, list[Slot]] = {}
    below: dict[Slot, list[Slot]] = {}
    for one, other in links:
        below.setdefault(one, []).append(other)
        above.setdefault(other, []).append(one)
    down, up = range(1, len(rows)), range(len(rows) - 2, -1, -1)
    for indices, near, step in ((down, above, -1), (up, below, 1)) * 3:
        for index in indices:
            _settle(rows[index], rows[index + step], near)


def _settle(row: list[Slot], fixed: Sequence[Slot], near: Mapping[Slot, Sequence[Slot]]) -> None:
    """Sort a layer by the mean place of its neighbours in the layer that stays."""
    at = {slot: (place + 0.5) / len(fixed) for place, slot in enumerate(fixed)}
    own = {slot: (place + 0.5) / len(row) for place, slot in enumerate(row)}

    def mean(slot: Slot) -> float:
        places = [at[other] for other in near.get(slot, ()) if other in at]
        return sum(places) / len(places) if places else own[slot]

    row.sort(key=mean)
