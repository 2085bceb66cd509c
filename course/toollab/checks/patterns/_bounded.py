"""Exercise `map_bounded`: a map that takes the next item only when somebody is free for it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from toollab.calls import JSON, ToolCall, ToolSpec
from toollab.checks import _probes as probes
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks._scenes import awaited, stopping, stops
from toollab.checks.patterns._runs import close, hanging_up, named, on_time, told
from toollab.clock import Run, simulate
from toollab.tools import Fault, Tool, ToolError, World, key_of
from toollab.trace import Trace, good_trace
from toollab.views import Picture, compare

__all__ = ("Feed", "Mapped", "feed", "map_bounded")

_SCHEMA: Mapping[str, JSON] = {
    "type": "object",
    "properties": {"item": {"type": "string"}},
    "required": ["item"],
}


@dataclass(frozen=True)
class Feed:
    """Items with the seconds that work on each takes, in the order of the source.

    Work on `failing`, if that names an item, raises.
    """

    seconds: Mapping[str, float]
    limit: int
    failing: str | None = None

    def good(self) -> Trace:
        """Return the run in which a slot is filled as soon as it is free."""
        calls = [ToolCall(item, "work", {"item": item}) for item in self.seconds]
        return good_trace(calls, self.seconds, limit=self.limit)

    def in_chunks(self) -> float:
        """Return the seconds that a run takes which waits for every `limit` items together."""
        waits = list(self.seconds.values())
        return sum(max(waits[n : n + self.limit]) for n in range(0, len(waits), self.limit))

    @property
    def fails_at(self) -> float:
        """When the failing item fails, in seconds."""
        return next(s.end or 0.0 for s in self.good() if s.call_id == self.failing)

    def world(self) -> World:
        """Make a world in which work takes its seconds, and fails where it has to."""
        keys = {item: key_of("work", {"item": item}) for item in self.seconds}
        bad = [] if self.failing is None else [self.failing]
        return World(
            [
                Tool(
                    ToolSpec("work", "Work on one item.", _SCHEMA), lambda _state, item: _done(item)
                )
            ],
            latencies={keys[item]: seconds for item, seconds in self.seconds.items()},
            faults={keys[item]: Fault(ToolError(f"{item} is broken")) for item in bad},
        )


def _done(item: str) -> str:
    return f"{item} done"


def feed(seed: int, size: int, limit: int, *, failing: bool = False) -> Feed:
    """Make a feed by chance, with a few items that take long; one fails, in the middle."""
    source = random.Random(seed)  # noqa: S311 - chance, not secrets
    waits = [source.choice((0.25, 0.5, 0.75, 1.0, 4.0)) + n / 1024 for n in range(size)]
    first = source.randrange(7, 10)  # names whose order as texts is another one
    names = [f"page {first + n}" for n in range(size)]
    broken = names[size // 2] if failing else None
    return Feed(dict(zip(names, waits, strict=True)), limit, broken)


@dataclass
class _Tap:
    """The source under test: counts what was taken and what was finished."""

    world: World
    items: list[str]
    taken: int = 0
    finished: int = 0
    most: int = 0
    pulls: list[float] = field(default_factory=list)

    def next_item(self) -> str | None:
        """Hand out the next item, or `None`."""
        if self.taken == len(self.items):
            return None
        self.taken += 1
        self.most = max(self.most, self.taken - self.finished)
        self.pulls.append(self.world.now())
        return self.items[self.taken - 1]

    async def work(self, item: str) -> str:
        """Work on an item."""
        try:
            return await hanging_up(self.world.tools["work"], item=item)
        finally:
            self.finished += 1


@dataclass(frozen=True)
class Mapped:
    """What became of one feed: the run, the most items that were taken and not finished.

    `pulls` holds the second at which each item was taken.  `stopped` was cancelled on the way.
    """

    feed: Feed
    run: Run
    most: int
    pulls: tuple[float, ...]
    stopped: Run


map_bounded: Exercise[Feed, Mapped] = Exercise(
    "A bounded map",
    cases=[
        Feed({"page 1": 10.0} | {f"page {n}": 1.0 for n in range(2, 11)}, 2),
        feed(1, 12, 3),
        Feed({"b": 1.0, "": 0.5, "a": 0.75}, 2),
        Feed({}, 3),
        feed(2, 11, 3, failing=True),
    ],
)


@map_bounded.play
def _play(fn: Callable[..., Any], case: Feed) -> Mapped:
    def run(play: Callable[..., Any]) -> tuple[Run, _Tap]:
        world = case.world()
        tap = _Tap(world, list(case.seconds))
        done = simulate(world, play, tap.next_item, tap.work, case.limit)
        return named(done, "item"), tap

    whole, tap = run(awaited(fn))
    early = min(case.seconds.values(), default=1.0) / 2
    return Mapped(case, whole, tap.most, tuple(tap.pulls), run(stopping(fn, early))[0])


@map_bounded.picture
def _draw(seen: Mapped) -> Picture | None:
    if not seen.feed.seconds or seen.feed.failing is not None:
        return None
    return compare(seen.run.trace, seen.feed.good())


def _well(seen: Mapped) -> bool:
    """Tell whether no item fails."""
    return seen.feed.failing is None


@map_bounded.check("returns a list")
def _returns(seen: Mapped) -> None:
    if not _well(seen):
        return
    probes.comes_back(seen.run)
    probes.does_not_block(seen.run)
    if type(seen.run.value) is not list:
        raise Wrong(
            saw=f"a value of type {type(seen.run.value).__name__}",
            expected="a list of texts",
            hint="Return one list, with what work brought for each item; for no items, an empty "
            "one.",
            mistake="not-a-list",
        )


@map_bounded.check("one result for each item, in their order", needs=["returns a list"])
def _in_order(seen: Mapped) -> None:
    items = list(seen.feed.seconds)
    expected = [_done(item) for item in items]
    if not _well(seen) or seen.run.value == expected:
        return
    got = list(map(str, seen.run.value))
    finished = sorted(seen.run.trace, key=lambda span: span.ended or 0)
    if sorted(got) != sorted(expected):
        early = _ended_by_empty(seen)
        mistake = "falsy-end" if early else "result-lost"
        hint = (
            "An empty text is an item like any other: only None ends the source."
            if early
            else "Every item brings one result: look what becomes of the last ones."
        )
    elif got == [span.content for span in finished]:
        mistake = "completion-order"
        hint = "Work ends in another order than items come: keep a place for each item."
    else:
        mistake, hint = "other-order", "Note the place of an item when you take it."
    raise Wrong(saw=_few(got), expected=_few(expected), hint=hint, mistake=mistake)


def _ended_by_empty(seen: Mapped) -> bool:
    """Tell whether an empty text was taken for the end of the source."""
    return "" in seen.feed.seconds and not seen.run.trace.of("")


def _few(texts: list[str]) -> str:
    more = f" … ({len(texts)} in all)" if len(texts) > 6 else ""
    return ", ".join(f"“{text}”" for text in texts[:6]) + more


@map_bounded.check("exactly limit in flight", points=2, needs=["returns a list"])
def _in_flight(seen: Mapped) -> None:
    if _well(seen) and not _ended_by_empty(seen):  # that is a mistake of its own
        probes.reaches_peak(seen.run, min(seen.feed.limit, len(seen.feed.seconds)))


@map_bounded.check(
    "a free slot is filled at once",
    points=2,
    needs=["returns a list", "exactly limit in flight"],
)
def _at_once(seen: Mapped) -> None:
    if not _well(seen) or _ended_by_empty(seen):
        return
    good, run = seen.feed.good(), seen.run
    starts = {span.call_id: span.start for span in run.trace}
    late = [s for s in good if not close(starts.get(s.call_id, -1.0), s.start)]
    if not late and close(run.total, good.total):
        return
    if close(run.total, seen.feed.in_chunks()) and run.trace.peak > 1:
        raise Wrong(
            saw=f"{told(run.total)} in all",
            expected=f"{good.total:g} s",
            hint="In chunks the slowest item keeps the slots of all others empty. Let each slot "
            "take its next item by itself.",
            mistake="chunks",
        )
    probes.takes(run, good.total)
    first = late[0].call_id
    raise Wrong(
        saw=f"work on “{first}” began at {starts.get(first, -1.0):g} s",
        expected=f"at {late[0].start:g} s",
        hint="Work on items in the order in which they come, each as soon as a slot is free.",
        mistake="other-start",
    )


@map_bounded.check("takes an item only when a slot is free", points=2, needs=["returns a list"])
def _back_pressure(seen: Mapped) -> None:
    limit, most = seen.feed.limit, seen.most
    if not _well(seen) or most <= limit:
        return
    whole = most == len(seen.feed.seconds) and most > limit + 1
    raise Wrong(
        saw=f"{most} items taken and not finished",
        expected=f"{limit} at most: one for each slot",
        hint="A semaphore bounds what runs, not what waits: the source was read to its end before "
        "the first result. Take the slot first, then the item."
        if whole
        else "An item was taken while every slot was busy: take the slot first, then the item.",
        mistake="reads-all" if whole else "takes-ahead",
    )


@map_bounded.check("a failure stops the rest")
def _failure(seen: Mapped) -> None:
    stops(seen.stopped, "the map")
    if _well(seen):
        return
    case, run = seen.feed, seen.run
    words = f"{type(run.error).__name__}: {run.error}"
    if isinstance(run.error, BaseExceptionGroup):
        words = "; ".join(map(str, run.error.exceptions))
    if run.error is None or f"{case.failing} is broken" not in words:
        raise Wrong(
            saw="it returned a list all the same" if run.error is None else words[:300],
            expected=f"the error of {case.failing}",
            hint="Let what work raises go on to the caller, as it is or in an ExceptionGroup.",
            mistake="failure-hidden",
        )
    moment = next((s.end or 0.0 for s in run.trace if s.state == "error"), case.fails_at)
    after = [span.call_id for span in run.trace if span.start > moment + 1e-6]
    if after:
        raise Wrong(
            saw=f"{after[0]} was begun after {case.failing} had failed, at {told(moment)}",
            expected="no further item is taken",
            hint="gather raises the first error, and the others go on. A TaskGroup stops them.",
            mistake="goes-on",
        )
    probes.leaves_nothing_running(run)
    if not on_time(run, moment):
        raise Wrong(
            saw=f"the error came at {told(run.total)}",
            expected=f"at {told(moment)}, when {case.failing} failed",
            hint="What is in flight when a work fails is cancelled: nobody needs it any more.",
            mistake="fails-late",
        )
