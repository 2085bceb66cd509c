"""Exercise `hedged`: ask a second replica if the first is slow, and pay for it only then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from toollab.checks import _probes as probes
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks._scenes import awaited, stopping, stops
from toollab.checks.patterns._asks import Ask
from toollab.checks.patterns._runs import (
    brought,
    close,
    hanging_up,
    named,
    no_waste,
    on_time,
    shown,
    soon,
    told,
)
from toollab.clock import Run, simulate
from toollab.tools import ToolError
from toollab.views import Picture, compare

__all__ = ("Asked", "hedged")


@dataclass(frozen=True)
class Asked:
    """What became of one read; `stopped` was cancelled while something was in flight."""

    case: Ask
    run: Run
    stopped: Run

    def start(self, replica: str) -> float | None:
        """Return when a replica was first asked, in seconds; `None` if it never was."""
        return min((span.start for span in self.run.trace.of(replica)), default=None)


hedged: Exercise[Ask, Asked] = Exercise(
    "A hedged read",
    cases=[
        Ask(2.0, 0.15, delay=0.3),
        Ask(0.15, 0.1, delay=0.3),
        Ask(0.4, 1.0, delay=0.3),
        Ask(0.1, 0.2, delay=0.5, failing=("east",)),
        Ask(1.0, 0.2, delay=0.3, failing=("west",)),
        Ask(0.5, 0.6, delay=0.3, failing=("east", "west")),
        Ask(2.0, 0.2, delay=0.3, read_only=False),
        Ask(0.2, 0.1, delay=0.3, failing=("east",), read_only=False),
        Ask(0.2, 0.1, delay=0.3, silent=("east",)),
    ],
)


@hedged.play
def _play(fn: Callable[..., Any], case: Ask) -> Asked:
    def run(play: Callable[..., Any]) -> Run:
        world = case.world()

        async def ask(replica: str) -> str:
            return await hanging_up(world.tools["ask"], replica=replica)

        replicas = list(case.replicas)
        return named(simulate(world, play, ask, replicas, case.delay, case.read_only), "replica")

    begun = max(case.starts.values())
    return Asked(case, run(awaited(fn)), run(stopping(fn, (begun + case.over) / 2)))


@hedged.picture
def _draw(seen: Asked) -> Picture:
    return compare(shown(seen.run, seen.case.over), seen.case.good())


def _calm(case: Ask) -> bool:
    """Tell whether no replica fails, in a read."""
    return case.read_only and not case.failing


@hedged.check("brings an answer")
def _answers(seen: Asked) -> None:
    if not _calm(seen.case):
        return
    _text(seen)


def _text(seen: Asked) -> None:
    """Ask for the answer of a replica that was asked."""
    probes.comes_back(seen.run)
    probes.does_not_block(seen.run)
    said = [span.content for span in seen.run.trace if span.state == "ok"]
    value = seen.run.value
    if type(value) is str and value in said:
        return
    raise Wrong(
        saw=f"“{value}”" if type(value) is str else f"a value of type {type(value).__name__}",
        expected="the text that a replica answered",
        hint="Return what the task brought, `task.result()`: not the task, and not a set of tasks.",
        mistake="no-answer",
    )


@hedged.check("a quick answer costs one request", needs=["brings an answer"])
def _quick(seen: Asked) -> None:
    case = seen.case
    if not _calm(case) or len(case.starts) > 1:
        return
    asked = seen.start(case.replicas[1])
    if asked is not None and case.silent:
        raise Wrong(
            saw=f"{case.replicas[0]} answered with an empty text at {case.first:g} s, and "
            f"{case.replicas[1]} was asked at {told(asked)}",
            expected="one request: the empty text is returned",
            hint="An empty text is an answer like any other: only an exception is a failure.",
            mistake="empty-is-none",
        )
    if asked is not None:
        raise Wrong(
            saw=f"the second replica was asked at {asked:g} s, and the answer came at "
            f"{case.over:g} s",
            expected=f"one request: the answer came before the delay of {case.delay:g} s",
            hint="Asking both at once is a race: it doubles the load of every read. A hedge waits "
            "first."
            if asked < 1e-6
            else "After the delay, look whether the answer is there.",
            mistake="asks-both",
        )
    _ends_on_time(seen)


def _ends_on_time(seen: Asked) -> None:
    if on_time(seen.run, seen.case.over):
        return
    late = seen.run.total > seen.case.over
    raise Wrong(
        saw=f"came back at {told(seen.run.total)}",
        expected=f"at {seen.case.over:g} s, with the first good answer",
        hint="Wait for whichever comes first, the answer or the end of the delay."
        if late
        else "The function came back before there was an answer.",
        mistake="too-slow" if late else "too-early",
    )


@hedged.check("a slow read is asked again elsewhere", needs=["brings an answer"])
def _slow(seen: Asked) -> None:
    case = seen.case
    if not _calm(case) or len(case.starts) == 1:
        return
    one, other = case.replicas
    if len(seen.run.trace.of(one)) > 1:
        raise Wrong(
            saw=f"{one} was asked twice, and {other} not in its place",
            expected=f"{other} is asked after {case.delay:g} s",
            hint="What made the first read slow is likely to make the second slow as well: ask the "
            "other replica.",
            mistake="same-replica",
        )
    asked = seen.start(other)
    if asked is None or not soon(asked, case.delay):
        when = "was never asked" if asked is None else f"was asked at {told(asked)}"
        raise Wrong(
            saw=f"{other} {when}",
            expected=f"{other} is asked at {case.delay:g} s",
            hint="The delay counts from the first request. asyncio.wait takes a timeout, and comes "
            "back when it is over; the read goes on."
            if asked is None or asked > case.delay
            else "Asked before the delay is over, every read costs two requests.",
            mistake="never-hedges"
            if asked is None
            else "hedges-late"
            if asked > case.delay
            else "asks-both",
        )


def _first_answer(seen: Asked) -> None:
    """Ask that the first good answer was returned, when it came."""
    case, run = seen.case, seen.run
    if on_time(run, case.over) and run.value == f"answered by {case.winner}":
        return
    one = case.replicas[0]
    lost = [span for span in run.trace.of(one) if span.state == "cancelled"]
    if case.winner == one and lost:
        raise Wrong(
            saw=f"the request to {one} was cancelled at {lost[0].end:g} s; it would have answered "
            f"at {case.over:g} s",
            expected=f"the answer of {one}, at {case.over:g} s",
            hint="asyncio.wait_for cancels what it waited for when the time is up. That is a "
            "retry. A hedge keeps the first request in flight: asyncio.wait does not cancel.",
            mistake="drops-first",
        )
    raise Wrong(
        saw=f"“{run.value}” at {told(run.total)}",
        expected=f"“answered by {case.winner}” at {case.over:g} s",
        hint="Both requests are in flight now, and the first good answer ends the wait: "
        "asyncio.wait with return_when=FIRST_COMPLETED.",
        mistake="waits-for-the-wrong-one",
    )


@hedged.check(
    "then the first answer counts, whoever gives it",
    points=2,
    needs=["brings an answer", "a slow read is asked again elsewhere"],
)
def _first_wins(seen: Asked) -> None:
    case = seen.case
    if _calm(case) and len(case.starts) > 1:
        _first_answer(seen)


@hedged.check("a failure is no answer", points=2)
def _failures(seen: Asked) -> None:
    case, run = seen.case, seen.run
    if not case.failing or not case.read_only:
        return
    if case.winner is None:
        _both_fail(seen)
        return
    if isinstance(run.error, ToolError | BaseExceptionGroup):
        raise Wrong(
            saw=f"{' and '.join(case.failing)} failed, and the error got out of the function",
            expected=f"the answer of {case.winner}, at {case.over:g} s",
            hint="A failed request is no answer while another one can still bring one.",
            mistake="failure-wins",
        )
    probes.comes_back(run)
    one, other = case.replicas
    asked = seen.start(other)
    early = one in case.failing and case.first < case.delay
    if early and asked is not None and asked > case.first and not close(asked, case.first):
        raise Wrong(
            saw=f"{one} failed at {case.first:g} s, {other} was asked at {asked:g} s",
            expected=f"{other} is asked at once",
            hint="The delay is for a read that may still answer. A failure is known now.",
            mistake="waits-after-failure",
        )
    _text(seen)
    if not on_time(run, case.over):
        raise Wrong(
            saw=f"came back at {told(run.total)}",
            expected=f"at {case.over:g} s, with the answer of {case.winner}",
            hint="When one of two requests fails, keep waiting for the other, and no longer.",
            mistake="late-after-failure",
        )


def _both_fail(seen: Asked) -> None:
    case, run = seen.case, seen.run
    words = f"{type(run.error).__name__}: {run.error}"
    if isinstance(run.error, BaseExceptionGroup):
        words = "; ".join(map(str, run.error.exceptions))
    if run.error is None or not any(f"{replica} is down" in words for replica in case.replicas):
        saw = brought(run.value) if run.error is None else words
        raise Wrong(
            saw=saw[:300],
            expected="the error of a replica, for both have failed",
            hint="There is no answer to return: let one of the two errors go on to the caller.",
            mistake="failure-hidden",
        )
    if not on_time(run, case.over):
        raise Wrong(
            saw=f"the error came at {told(run.total)}",
            expected=f"at {case.over:g} s, when both have failed",
            hint="One failure decides nothing while the other replica can still answer; two do.",
            mistake="failure-wins" if run.total < case.over else "late-after-failure",
        )


@hedged.check("the loser is stopped")
def _loser(seen: Asked) -> None:
    case, trace = seen.case, seen.run.trace
    answered = case.winner is not None and any(s.state == "ok" for s in trace.of(case.winner))
    if _calm(case) and len(case.starts) > 1 and answered:
        no_waste(seen.run, case.over, "the answer was there")
    else:
        probes.leaves_nothing_running(seen.run)
    stops(seen.stopped, "the read")


@hedged.check("what may not be done twice is sent once")
def _write(seen: Asked) -> None:
    case, run = seen.case, seen.run
    if case.read_only:
        return
    if len(run.trace) > 1:
        raise Wrong(
            saw=f"{len(run.trace)} requests, for read_only is false",
            expected="one request, however long it takes",
            hint="The slow request may still do its work: a second one would do it twice. That "
            "goes for a failure, too, for it may come after the work.",
            mistake="hedges-writes",
        )
    if case.winner is None:
        _both_fail(seen)
        return
    probes.comes_back(run)
    _text(seen)
    _ends_on_time(seen)
