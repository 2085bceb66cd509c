"""Exercise `first_k`: the first good answers of many reads, and no read left running."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from toollab.checks import _probes as probes
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks._scenes import awaited, stopping, stops
from toollab.checks.patterns._races import Race
from toollab.checks.patterns._runs import (
    brought,
    drawn,
    hanging_up,
    named,
    no_waste,
    on_time,
    shown,
    told,
)
from toollab.clock import Run, simulate
from toollab.tools import ToolError, World
from toollab.trace import State
from toollab.views import Picture, compare

__all__ = ("Raced", "first_k")


@dataclass(frozen=True)
class Raced:
    """What became of one race; `stopped` was cancelled on the way."""

    race: Race
    run: Run
    stopped: Run


first_k: Exercise[Race, Raced] = Exercise(
    "The first answers that are good",
    cases=[
        Race({"wiki": 1.0, "mail": 3.0, "forum": 0.5, "tickets": 2.0}, 2),
        Race({"wiki": 1.5, "mail": 0.25, "forum": 0.75, "tickets": 4.0}, 2, ("mail",)),
        Race({"east": 0.5, "west": 0.25, "north": 1.0}, 1),
        Race({"a": 0.5, "b": 3.0, "c": 1.0, "d": 2.0}, 3, ("a", "c")),
        Race({"east": 0.5, "west": 0.5, "north": 1.0}, 1),
        Race({"wiki": 1.0, "mail": 0.5, "forum": 2.0}, 2, silent=("mail",)),
    ],
)


@first_k.play
def _play(fn: Callable[..., Any], case: Race) -> Raced:
    def run(play: Callable[..., Any]) -> Run:
        world = case.world()
        reads = [_read(world, source) for source in case.seconds]
        return named(simulate(world, play, reads, case.k), "source")

    early = min(case.seconds.values()) / 2
    return Raced(case, run(awaited(fn)), run(stopping(fn, early)))


def _read(world: World, source: str) -> Callable[[], Awaitable[str]]:
    async def read() -> str:
        return await hanging_up(world.tools["read"], source=source)

    return read


@first_k.picture
def _draw(seen: Raced) -> Picture:
    case = seen.race
    ends = {source: min(seconds, case.over) for source, seconds in case.seconds.items()}
    states: dict[str, State] = {
        source: "cancelled" if seconds > case.over else "error" if source in case.failing else "ok"
        for source, seconds in case.seconds.items()
    }
    return compare(
        shown(seen.run, case.over), drawn("read", "source", dict.fromkeys(ends, 0.0), ends, states)
    )


@first_k.check("returns a list of k texts")
def _returns(seen: Raced) -> None:
    case = seen.race
    if not (case.failing or case.tied or case.silent):
        probes.comes_back(seen.run)
        _texts(seen)


def _texts(seen: Raced) -> None:
    """Ask for a list of k texts."""
    case, value = seen.race, seen.run.value
    if type(value) is list and len(value) == case.k and all(type(item) is str for item in value):
        return
    failed = type(value) is list and any(isinstance(item, BaseException) for item in value)
    kinds = [type(item).__name__ for item in value] if type(value) is list else []
    raise Wrong(
        saw=f"a list of {', '.join(kinds)}" if kinds else f"a value of type {type(value).__name__}",
        expected=f"a list of {case.k} texts",
        hint="An exception object is a failure that nobody raised: it is no answer."
        if failed
        else "Return the texts that the reads brought: not tasks, and neither more nor fewer "
        "than k.",
        mistake="failure-counted" if failed else "not-k-texts",
    )


def _comes_back(run: Run, expected: str = "the other reads go on") -> None:
    """Ask that the function came back although some reads failed."""
    group = isinstance(run.error, BaseExceptionGroup)
    if _escaped(run):
        raise Wrong(
            saw="a read failed, and its error got out of the function",
            expected=expected,
            hint="One failed read ends nothing: it is only no answer. A TaskGroup cancels the "
            "others when a task raises."
            if group
            else "One failed read ends nothing: look whether it failed before you ask a task "
            "for its result.",
            mistake="failure-escapes",
        )
    probes.comes_back(run)


def _escaped(run: Run) -> bool:
    """Tell whether the error of a read got out."""
    return isinstance(run.error, ToolError | BaseExceptionGroup)


@first_k.check(
    "the first good answers, as they came in", points=2, needs=["returns a list of k texts"]
)
def _first(seen: Raced) -> None:
    case = seen.race
    if not case.enough:
        return
    _hears_the_silent(seen)
    _comes_back(seen.run)
    _no_more_than_k(seen)
    _texts(seen)
    got = list(seen.run.value)
    if case.accepts(got):
        return
    if sorted(got) == sorted(case.answers):
        mistake = "order-of-reads"
        hint = (
            "These are the right answers in another order. asyncio.wait hands you sets, which "
            "have no order: note each answer when it comes in."
        )
    elif any("found in" not in item for item in got):
        mistake, hint = "failure-counted", "The text of an error is no answer: leave it out."
    else:
        mistake = "not-the-first"
        hint = "Take answers in the order in which reads end, not in the order of the list."
    raise Wrong(saw=_quoted(got), expected=_quoted(case.answers), hint=hint, mistake=mistake)


def _hears_the_silent(seen: Raced) -> None:
    """Ask that an empty text was taken for an answer."""
    case, run = seen.race, seen.run
    unheard = type(run.value) is list and "" in case.answers and "" not in run.value
    if case.silent and (unheard or type(run.error) is LookupError):
        raise Wrong(
            saw=_quoted(run.value) if unheard else f"LookupError: {run.error}",
            expected=_quoted(case.answers),
            hint="An empty text is an answer like any other: only a read that raises brings none.",
            mistake="empty-is-none",
        )


def _no_more_than_k(seen: Raced) -> None:
    """Ask that no answer is kept beyond the k-th, although it came at the same moment."""
    case, value = seen.race, seen.run.value
    if case.tied and type(value) is list and len(value) > case.k:
        raise Wrong(
            saw=f"{len(value)} answers, for k = {case.k}: two reads ended at the same moment",
            expected=f"a list of {case.k}",
            hint="asyncio.wait hands you all tasks that are done, and that can be more than you "
            "still need: stop at the k-th.",
            mistake="more-than-k",
        )


def _quoted(texts: list[Any]) -> str:
    return ", ".join(f"“{text}”" for text in texts)


@first_k.check(
    "all start at once, and the last answer needed ends the wait",
    needs=["returns a list of k texts"],
)
def _in_time(seen: Raced) -> None:
    case, run = seen.race, seen.run
    if not case.enough or case.silent or run.error is not None:
        return  # an error that got out is a mistake of its own, and so is an unheard empty text
    probes.does_not_block(run)
    starts = {span.call_id: span.start for span in run.trace}
    late = next((s for s in case.seconds if starts.get(s, 1.0) > 1e-6), None)
    if late is not None:
        when = f"at {starts[late]:g} s" if late in starts else "never"
        raise Wrong(
            saw=f"{late} was started {when}",
            expected="every read starts at 0 s",
            hint="Nobody knows who will be quick: start all of them, then wait.",
            mistake="starts-late",
        )
    if not on_time(run, case.over):
        last = max(case.seconds.values())
        waits = on_time(run, last)
        raise Wrong(
            saw=f"came back at {told(run.total)}",
            expected=f"at {case.over:g} s, with the answer of {case.good[case.k - 1]}",
            hint="gather and a TaskGroup come back when everybody has: asyncio.as_completed, or "
            "asyncio.wait with FIRST_COMPLETED, lets you look after each."
            if waits
            else "Look after each read that ends whether you have enough.",
            mistake="waits-for-all" if waits else "too-slow" if run.total > case.over else "early",
        )


@first_k.check("the losers are stopped", points=2, needs=["returns a list of k texts"])
def _losers(seen: Raced) -> None:
    if seen.race.enough and not seen.race.silent:
        no_waste(seen.run, seen.race.over, "the answers were there")
    else:
        probes.leaves_nothing_running(seen.run)
    stops(seen.stopped, "the race")


@first_k.check("says at once that there will not be enough")
def _too_few(seen: Raced) -> None:
    case, run = seen.race, seen.run
    if case.enough:
        return
    expected = f"a LookupError at {case.over:g} s: {case.k} good answers cannot come any more"
    if type(run.error) is not LookupError:
        if _escaped(run):
            _comes_back(run, expected)
        if run.error is not None and not isinstance(run.error, Exception):
            probes.comes_back(run)
        saw = (
            brought(run.value) if run.error is None else f"{type(run.error).__name__}: {run.error}"
        )
        raise Wrong(
            saw=saw[:300],
            expected=expected,
            hint="Fewer answers than asked for look like enough to a caller who does not count: "
            "raise LookupError(…) yourself.",
            mistake="too-few-unsaid",
        )
    if not on_time(run, case.over):
        raise Wrong(
            saw=f"the LookupError came at {told(run.total)}",
            expected=expected,
            hint="After each failure, count: answers so far and reads that still run. Together "
            "fewer than k means that waiting is of no use.",
            mistake="says-late",
        )
