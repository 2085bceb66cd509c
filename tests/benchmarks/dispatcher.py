"""Measure the capstone's reference dispatcher: `python -m tests.benchmarks.dispatcher FILE…`.

Each line of a file is a record with `id`, `source`, `calls` and `edges`; a record that is no
dependency graph is named by its number and skipped.  Pseudo-calls, such as the one that joins an
answer, count as calls; with `--no-pseudo` they and their edges are left out.  Latencies are
simulated, drawn for each graph and seed.  Only the overhead takes real time.
"""

# ruff: noqa: T201 - a command speaks by printing

from __future__ import annotations

import ast
import asyncio
import gc
import json
import os
import platform
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import fmean, median
from time import perf_counter
from typing import Any

from autograder.release.course import here
from tests.benchmarks.graphs import Graph, graphs
from tests.benchmarks.runners import RUNNERS
from toollab.calls import ToolCall, ToolResult, ToolSpec
from toollab.clock import simulate
from toollab.tools import Tool, World
from toollab.trace import critical_path, label

SEEDS = range(5)
LIMITS = (None, 1, 2, 3)
CALLS, REPEATS = 200, 15
CLOSE = 1e-6

Run = Callable[[ToolCall], Awaitable[ToolResult]]
Needs = Mapping[str, Sequence[str]]
Subject = Callable[[Sequence[ToolCall], Needs, Run, int | None], Awaitable[Any]]


@dataclass
class Score:
    """What one subject did at one limit, over graphs and seeds.

    `ratios` are to the critical path without a limit, else to the larger of it and the work
    divided by the limit, which no dispatcher can beat.  `over`: runs longer than the critical
    path or, with a limit m, than Graham's bound, work / m + (1 - 1 / m) x path.  `broken`: runs
    that raised, left a call out, ran it twice, ran it too early or ran too many at once.
    """

    ratios: list[float] = field(default_factory=list)
    over: int = 0
    broken: int = 0

    @property
    def shown(self) -> str:
        """Mean and worst ratio, and what went wrong."""
        if not self.ratios:
            return "–"
        wrong = f", {self.broken} broken" if self.broken else ""
        return f"{fmean(self.ratios):.3f} ({max(self.ratios):.3f}){wrong}"

    def __add__(self, other: Score) -> Score:
        return Score(self.ratios + other.ratios, self.over + other.over, self.broken + other.broken)


def reference() -> Subject:
    """Take the dispatcher out of the solution notebook; all its calls may run."""
    course = here()
    cells = json.loads(course.source(course.names(["12"])[0]).read_text(encoding="utf-8"))["cells"]
    code = {c["id"]: ast.parse("".join(c["source"])) for c in cells if c["cell_type"] == "code"}
    used = {node.id for node in ast.walk(code["dispatch"]) if isinstance(node, ast.Name)}
    body: list[ast.stmt] = []
    for node in code["set-up"].body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            node.names = [name for name in node.names if (name.asname or name.name) in used]
            body += [node] if node.names else []
    part = ast.Module([*body, *code["dispatch"].body], type_ignores=[])
    names: dict[str, Any] = {"__name__": "dispatcher"}
    exec(compile(part, "notebook 12", "exec"), names)  # noqa: S102 - the course's own code
    dispatch = names["dispatch"]

    async def subject(
        calls: Sequence[ToolCall], needs: Needs, run: Run, limit: int | None
    ) -> list[ToolResult]:
        verdicts = {call.id: "run" for call in calls}
        recorded: list[ToolResult] = []
        places = limit or len(calls)
        found = await dispatch(calls, needs, verdicts, run, recorded.append, [], places)
        return list(found)

    return subject


async def by_levels(
    calls: Sequence[ToolCall], needs: Needs, run: Run, limit: int | None
) -> list[ToolResult]:
    """Gather what needs nothing more, and go on only when all of that has ended."""
    places = asyncio.Semaphore(limit or len(calls))

    async def one(call: ToolCall) -> ToolResult:
        async with places:
            return await run(call)

    found: dict[str, ToolResult] = {}
    while len(found) < len(calls):
        ready = [c for c in calls if c.id not in found and found.keys() >= set(needs[c.id])]
        found |= {result.id: result for result in await asyncio.gather(*map(one, ready))}
    return [found[call.id] for call in calls]


async def gathered(
    calls: Sequence[ToolCall], _needs: Needs, run: Run, _limit: int | None
) -> list[ToolResult]:
    """Gather everything, as `asyncio.gather` does: no dependencies, no limit."""
    return await asyncio.gather(*map(run, calls))


def played(graph: Graph, seed: int, subject: Subject, limit: int | None) -> Score:
    """Run one graph on simulated time."""
    seconds = graph.seconds(seed)
    world = World(
        [
            Tool(
                ToolSpec("run", "Run one call."),
                lambda _state, call: f"{call} is fine",
                lambda given, _chance: seconds[given["call"]],
            )
        ]
    )

    async def run(call: ToolCall) -> ToolResult:
        return ToolResult(call.id, await world.tools["run"](call=call.id))

    found = simulate(world, subject, graph.calls, graph.needs, run, limit)
    asked = [ToolCall(call.id, "run", {"call": call.id}) for call in graph.calls]
    trace = label(found.trace, asked)
    path = sum(seconds[call] for call in critical_path(seconds, graph.edges))
    least, bound = path, path
    if limit:
        share = sum(seconds.values()) / limit
        least, bound = max(path, share), share + (1 - 1 / limit) * path
    right = (
        not found.error
        and len(found.value) == len(asked)
        and sorted(span.call_id for span in trace) == sorted(seconds)
        and all(trace.happens_before(a, b) for a, b in graph.edges)
        and (limit is None or trace.peak <= limit)
    )
    return Score([found.total / least], int(found.total > bound + CLOSE), int(not right))


def score(all_graphs: Iterable[Graph], subject: Subject, limit: int | None) -> Score:
    """Run all graphs with all seeds."""
    runs = (played(graph, seed, subject, limit) for graph in all_graphs for seed in SEEDS)
    return sum(runs, Score())


def overhead(subjects: Mapping[str, Subject]) -> dict[str, tuple[float, float]]:
    """Return for each subject µs a call, and its ratio to the first in the same round."""
    calls = [ToolCall(f"c{number}", "run") for number in range(CALLS)]
    needs: Needs = {call.id: [] for call in calls}
    taken: dict[str, list[float]] = {name: [] for name in subjects}

    async def run(call: ToolCall) -> ToolResult:
        return ToolResult(call.id, "fine")

    async def timed(subject: Subject) -> float:
        begun = perf_counter()
        found = await subject(calls, needs, run, None)
        took = perf_counter() - begun
        if len(found) != CALLS:
            raise RuntimeError(f"{len(found)} results for {CALLS} calls. Hint: look at the runner.")
        return took

    for repeat in range(-2, REPEATS):  # the first two warm up
        for name, subject in subjects.items():
            gc.collect()
            took = asyncio.run(timed(subject))
            if repeat >= 0:
                taken[name].append(took)
    first = next(iter(taken.values()))
    return {
        name: (
            median(own) / CALLS * 1e6,
            median(a / b for a, b in zip(own, first, strict=True)),
        )
        for name, own in taken.items()
    }


def _row(*cells: object) -> None:
    print(f"| {' | '.join(map(str, cells))} |")


def _head(*cells: str) -> None:
    print()
    _row(*cells)
    _row(*["---"] * len(cells))


def main(arguments: list[str]) -> None:
    """Print three tables: all graphs, independent batches, overhead."""
    names = [name for name in arguments if not name.startswith("--")]
    if not names:
        raise SystemExit(__doc__)
    found = list(graphs(map(Path, names), pseudo="--no-pseudo" not in arguments))
    ours = reference()
    cores, python = len(os.sched_getaffinity(0)), platform.python_version()
    print(f"{cores} cores, Python {python}; {len(SEEDS)} seeds a graph; ratios: mean (worst)")
    _graph_table(found, ours)
    _batch_table([graph for graph in found if not graph.edges], ours)


def _graph_table(found: Sequence[Graph], ours: Subject) -> None:
    limits = [f"limit {limit}" if limit else "no limit" for limit in LIMITS]
    _head(
        "source",
        "graphs",
        "calls",
        "edges",
        "subject",
        *limits,
        "over the path",
        "over Graham's bound",
    )
    sums: dict[str, list[Score]] = {}
    rows = {
        source: [g for g in found if g.source == source] for g in found for source in [g.source]
    }
    for source, some in [*rows.items(), ("all", list(found))]:
        size = (len(some), sum(len(g.calls) for g in some), sum(len(g.edges) for g in some))
        for name, subject in (("dispatcher", ours), ("level by level", by_levels)):
            if source == "all":
                scores = sums[name]
            else:
                scores = [score(some, subject, limit) for limit in LIMITS]
                before = sums.get(name, [Score()] * len(LIMITS))
                sums[name] = [a + b for a, b in zip(before, scores, strict=True)]
            runs = sum(len(s.ratios) for s in scores[1:])
            free = f"{scores[0].over} of {len(scores[0].ratios)}"
            over = f"{sum(s.over for s in scores[1:])} of {runs}"
            _row(source, *size, name, *(s.shown for s in scores), free, over)


def _batch_table(found: Sequence[Graph], ours: Subject) -> None:
    every = frozenset(limit for limit in LIMITS if limit)
    subjects: dict[str, tuple[Subject, frozenset[int], str]] = {
        "`asyncio.gather`": (gathered, frozenset(), "dependencies; a limit"),
        "dispatcher": (ours, every, "–"),
        "level by level": (by_levels, every, "a start before the whole level before has ended"),
    }
    for runner in RUNNERS:
        if runner.installed:
            one = partial(_without_needs, runner.make())
            subjects[f"{runner.name} {runner.installed}"] = (one, runner.limits, runner.cannot)
    costs = overhead({name: subject for name, (subject, _, _) in subjects.items()})
    limits = [f"limit {limit}" if limit else "no limit" for limit in LIMITS]
    print(f"\n{len(found)} graphs without edges; overhead: {CALLS} calls, {REPEATS} repeats;")
    print("a package's overhead holds all that it does around the calls, a scripted model too")
    _head("subject", *limits, "µs a call", "times gather", "cannot express")
    for name, (subject, able, cannot) in subjects.items():
        shown = [
            score(found, subject, limit).shown if not limit or limit in able else "–"
            for limit in LIMITS
        ]
        cost, ratio = costs[name]
        _row(name, *shown, f"{cost:.1f}", f"{ratio:.2f}", cannot)
    for runner in RUNNERS:
        if not runner.installed:
            _row(runner.name, *["not installed"] * (len(LIMITS) + 2), runner.cannot)


async def _without_needs(
    dispatch: Callable[..., Awaitable[Any]],
    calls: Sequence[ToolCall],
    _needs: Needs,
    run: Run,
    limit: int | None,
) -> Any:
    return await dispatch(calls, run, limit)


if __name__ == "__main__":
    main(sys.argv[1:])
