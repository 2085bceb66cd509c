"""Dependency graphs of recorded calls, with latencies to play them with."""

# ruff: noqa: T201 - a command speaks by printing

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import networkx as nx

from toollab.calls import ToolCall
from toollab.trace import Edge

__all__ = ("Graph", "graphs")


@dataclass(frozen=True)
class Graph:
    """The calls of one record and what each needs."""

    source: str
    name: str
    calls: list[ToolCall]
    edges: list[Edge]

    @property
    def needs(self) -> dict[str, list[str]]:
        """What each call needs, by id."""
        return {call.id: [a for a, b in self.edges if b == call.id] for call in self.calls}

    def seconds(self, seed: int) -> dict[str, float]:
        """Draw how long each call takes: mostly short, sometimes long."""
        chance = random.Random(f"{seed} {self.name}")  # noqa: S311 - chance, not secrets
        return {call.id: round(chance.lognormvariate(-0.7, 0.8), 3) + 0.001 for call in self.calls}


def graphs(paths: Iterable[Path], *, pseudo: bool) -> Iterator[Graph]:
    """Yield the graphs of files; name what is skipped on stderr."""
    for path in paths:
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            if not line.strip():
                continue
            try:
                yield _graph(json.loads(line), pseudo=pseudo)
            except (ValueError, KeyError, TypeError) as error:
                print(f"{path.name}, line {number}: {error}; skipped", file=sys.stderr)


def _graph(data: Mapping[str, Any], *, pseudo: bool) -> Graph:
    gone = set() if pseudo else set(data.get("pseudo_calls", ()))
    calls = [ToolCall(c["id"], c["name"]) for c in data["calls"] if not gone & {c["id"], c["name"]}]
    ids, every = {call.id for call in calls}, {call["id"] for call in data["calls"]}
    edges = [(a, b) for a, b in data["edges"] if {a, b} <= ids or not {a, b} <= every]
    if len(every) < len(data["calls"]):
        raise ValueError("several calls have the same id")
    if any(not {a, b} <= ids for a, b in edges):
        raise ValueError("an edge leads to a call that is not there")
    if not nx.is_directed_acyclic_graph(nx.DiGraph(edges)):
        raise ValueError("its edges form a cycle")
    if data.get("truth") == "defect" or not calls:
        raise ValueError("its source is malformed" if calls else "it has no calls")
    return Graph(data["source"], data["id"], calls, edges)
