"""Measure the reference detector: `python -m tests.benchmarks.detection FILE…`.

Each line of a file is a record as `python -m autograder detect` reads it, with the truth beside:
`edges`, `truth` (what they rest on) and `source`; for runs of a simulator `order_pairs`,
`ambiguous` and `mutex_pairs`; and `pseudo_calls`, such as the one that joins the answer.  Edges
are compared as they stand.  Where a simulator told the order, what follows by transitivity counts
as found and as true; ambiguous calls and pairs that may come in either order are left out.
The last column is the precision, with right and found edges, where references or resources that
both calls name decide: without edges that rest on the declaration of a whole class.
"""

# ruff: noqa: T201 - a command speaks by printing

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import networkx as nx

from autograder import detection
from autograder.release.course import here

UNSCORED = ("defect", "order-only-unrecoverable")
COLUMNS = ("source", "truth", "records", "true edges", "found", "precision", "recall", "named")

Pair = tuple[str, str]


@dataclass
class Score:
    """Counts over the records of one source."""

    records: int = 0
    found: int = 0
    right: int = 0
    true: int = 0
    reached: int = 0
    named: int = 0
    named_right: int = 0

    def add(self, found: Iterable[Pair], broad: Iterable[Pair], data: Mapping[str, Any]) -> None:
        """Count one record; `broad` are found edges that rest on whole classes."""
        found, allowed, true, reached = compared(set(found), data)
        self.records += 1
        self.found += len(found)
        self.right += len(found & allowed)
        self.true += len(true)
        self.reached += len(true & reached)
        self.named += len(found - {*broad})
        self.named_right += len((found - {*broad}) & allowed)

    @property
    def precision(self) -> float | None:
        """The share of found edges that are true; `None` if none was found."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """The share of true edges that were found; `None` if there are none."""
        return self.reached / self.true if self.true else None


def compared(
    found: set[Pair], data: Mapping[str, Any]
) -> tuple[set[Pair], set[Pair], set[Pair], set[Pair]]:
    """Return the found edges, those allowed, the true edges, and those that the found ones keep."""
    true = {(one, other) for one, other in data["edges"]}
    if data["truth"] != "executed":
        return found, true, true, found
    true = {(one, other) for one, other in data.get("order_pairs", data["edges"])}
    either = {frozenset(pair) for pair in data.get("mutex_pairs", ())}
    left_out = set(data.get("ambiguous", ()))

    def counts(pair: Pair) -> bool:
        return not left_out & {*pair} and frozenset(pair) not in either

    def closed(pairs: set[Pair]) -> set[Pair]:
        return set(nx.transitive_closure(nx.DiGraph(list(pairs))).edges)

    return set(filter(counts, found)), closed(true), set(filter(counts, true)), closed(found)


def measure(paths: Iterable[Path], *, pseudo: bool = True) -> dict[tuple[str, str], Score]:
    """Measure the reference detector; without `pseudo`, leave such calls out of the count."""
    course = here()
    by = detection.detector(course.source(course.names(["11"])[0]))
    scores: dict[tuple[str, str], Score] = {}
    for line in _lines(paths):
        data = json.loads(line)
        if data["truth"] in UNSCORED:
            continue
        found = detection.detect(detection.record(line), by)
        edges = found.edges
        if not pseudo:
            gone = set(data.get("pseudo_calls", ()))
            gone |= {call["id"] for call in data["calls"] if call["name"] in gone}
            edges = [pair for pair in edges if not gone & {*pair}]
            data["edges"] = [pair for pair in data["edges"] if not gone & {*pair}]
        scores.setdefault((data["source"], data["truth"]), Score()).add(edges, found.broad, data)
    return scores


def _lines(paths: Iterable[Path]) -> Iterator[bytes]:
    for path in paths:
        yield from filter(bytes.strip, path.read_bytes().splitlines())


def _shown(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"


def main(arguments: list[str]) -> None:
    """Print a table, once with and once without pseudo-calls."""
    if not arguments:
        raise SystemExit(__doc__)
    paths = [Path(name) for name in arguments]
    for pseudo in (True, False):
        print(f"\n{'with' if pseudo else 'without'} pseudo-calls\n")
        print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
        for (source, truth), score in measure(paths, pseudo=pseudo).items():
            shares = f"{_shown(score.precision)} | {_shown(score.recall)}"
            counts = f"{score.records} | {score.true} | {score.found}"
            share = score.named_right / score.named if score.named else None
            named = f"{_shown(share)} ({score.named_right} of {score.named})"
            print(f"| {source} | {truth} | {counts} | {shares} | {named} |")


if __name__ == "__main__":
    main(sys.argv[1:])
