"""One call with a time limit, for a tool that awaits and for a tool that blocks."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from types import CoroutineType
from typing import Any

from toollab.calls import ToolCall, ToolResult
from toollab.checks import _probes as probes
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks._scenes import (
    ERRORS,
    Function,
    all_well,
    awaited,
    no_error_results,
    stopping,
    stops,
    tells,
)
from toollab.clock import Run, simulate
from toollab.tools import Batch
from toollab.trace import good_trace, label
from toollab.views import Picture, compare

__all__ = ("Errand", "call_with_timeout", "errand")

_UNKNOWN = "outcome unknown"


@dataclass(frozen=True)
class Errand:
    """One call, a time limit, and how long the tool takes: once within it, once beyond.

    All times are in seconds.
    """

    call: ToolCall
    limit: float
    early: float
    late: float
    error: Exception

    def batch(self, seconds: float, error: Exception | None = None) -> Batch:
        """Return this call alone as a batch that takes so long."""
        errors = {self.call.id: error} if error is not None else {}
        return Batch((self.call,), {self.call.id: seconds}, errors)


def errand(seed: int) -> Errand:
    """Make a case whose numbers depend on the seed."""
    source = random.Random(seed)  # noqa: S311 - chance, not secrets
    limit = source.randrange(4, 20) / 10
    call = ToolCall(f"call_{source.randrange(2, 99)}", "get_stock", {"key": f"k{seed}"})
    early = round(limit * source.choice((0.25, 0.5)), 3)
    late = round(limit * source.choice((1.5, 2.0, 4.0)), 3)
    return Errand(call, limit, early, late, source.choice(ERRORS[1:]))


@dataclass(frozen=True)
class Timed:
    """What a learner's function did with one errand, one run a situation.

    `awaiting` runs had a coroutine tool, `blocking` ones a plain function; an `effect` run was
    told that the tool has side effects.
    """

    errand: Errand
    awaiting_early: Run
    blocking_early: Run
    awaiting_late: Run
    blocking_late: Run
    awaiting_effect: Run
    blocking_effect: Run
    awaiting_error: Run
    blocking_error: Run
    stopped: Run

    @property
    def error(self) -> BaseException | None:
        """What it raised when the tool was well and in time."""
        return self.awaiting_early.error


call_with_timeout: Exercise[Errand, Timed] = Exercise(
    "One call with a time limit", cases=[errand(1), errand(2)]
)


@call_with_timeout.play
def _play(fn: Function, errand: Errand) -> Timed:
    def run(batch: Batch, play: Function, *, blocking: bool = False, effect: bool = False) -> Run:
        world = batch.world()
        tool = (world.blocking_tools if blocking else world.tools)[errand.call.name]
        given = (errand.call, tool, errand.limit)
        told: dict[str, Any] = {"side_effects": True} if effect else {}
        run = simulate(world, play, *given, expect=1, **told)
        return replace(run, trace=label(run.trace, batch.calls))

    early, late = errand.batch(errand.early), errand.batch(errand.late)
    faulty = errand.batch(errand.early, errand.error)
    play = awaited(fn)
    return Timed(
        errand,
        awaiting_early=run(early, play),
        blocking_early=run(early, play, blocking=True),
        awaiting_late=run(late, play),
        blocking_late=run(late, play, blocking=True),
        awaiting_effect=run(late, play, effect=True),
        blocking_effect=run(late, play, effect=True, blocking=True),
        awaiting_error=run(faulty, play),
        blocking_error=run(faulty, play, blocking=True),
        stopped=run(late, stopping(fn, errand.limit / 2)),
    )


def _result(run: Run, errand: Errand) -> ToolResult:
    """Ask for one result with the call's id, and return it."""
    probes.comes_back(run)
    kind = type(run.value)
    if kind not in (ToolResult, CoroutineType):
        one = "There is one call here, so there is one result: return it as it is."
        made = "Make a result of what the tool gave: ToolResult(call.id, text)."
        raise Wrong(
            saw=f"a value of type {kind.__name__}",
            expected="one ToolResult",
            hint=one if kind in (list, tuple) else made,
            mistake="not-a-result",
        )
    results = probes.results_of([run.value])
    probes.answers_each_call_once(results, [errand.call])
    return results[0]


@call_with_timeout.check("an answer in time is passed on")
def _in_time(seen: Timed) -> None:
    for run in (seen.awaiting_early, seen.blocking_early):
        all_well(run)
        result = _result(run, seen.errand)
        no_error_results([result])
        probes.runs_each_call_once(run, [seen.errand.call])
        probes.good_contents([result], [seen.errand.call], run)
        probes.takes(run, seen.errand.early)


@call_with_timeout.check("a blocking tool leaves the loop free")
def _loop_is_free(seen: Timed) -> None:
    all_well(seen.blocking_early)
    probes.does_not_block(seen.blocking_early)


@call_with_timeout.check(
    "a failing tool becomes an error result", needs=["an answer in time is passed on"]
)
def _fails(seen: Timed) -> None:
    for run in (seen.awaiting_error, seen.blocking_error):
        result = _result(run, seen.errand)
        tells(replace(run, value=[result]), seen.errand.batch(seen.errand.early, seen.errand.error))


@call_with_timeout.check(
    "a late answer becomes an error result, on time",
    points=2,
    needs=["a blocking tool leaves the loop free"],
)
def _too_late(seen: Timed) -> None:
    _comes_back_late(seen.awaiting_late, seen)
    if seen.awaiting_late.unfinished():
        raise Wrong(
            saw="the coroutine was still running when the function returned",
            expected="it is cancelled",
            hint="A coroutine can be stopped, so stop it: wait_for and timeout do, unless "
            "shield keeps them from it.",
            mistake="left-running",
        )
    _comes_back_late(seen.blocking_late, seen)


def _comes_back_late(run: Run, seen: Timed) -> None:
    """Ask of a run whose tool was too slow that it gave up at its limit and said so."""
    if isinstance(run.error, TimeoutError):
        raise Wrong(
            saw="TimeoutError came out of the function",
            expected="a ToolResult with is_error=True",
            hint="The model needs an answer to every call: catch TimeoutError and tell it.",
            mistake="timeout-raised",
        )
    result = _result(run, seen.errand)
    if run.total > seen.errand.limit + 1e-6:
        raise Wrong(
            saw=f"back after {run.total:g} s",
            expected=f"back after {seen.errand.limit:g} s, the limit",
            hint="Something waits for the tool all the same: a `with` around a pool waits for "
            "its threads, and looking at the time afterwards is too late.",
            mistake="waits-anyway",
        )
    probes.error_results([result], [result.id])
    probes.takes(run, seen.errand.limit)


@call_with_timeout.check(
    "a late side effect is called unknown",
    points=2,
    needs=["a late answer becomes an error result, on time"],
)
def _unknown(seen: Timed) -> None:
    for run in (seen.blocking_effect, seen.awaiting_effect):
        result = _result(run, seen.errand)
        if _UNKNOWN not in result.content.lower():
            raise Wrong(
                saw=f"“{result.content}” after a tool with side effects",
                expected=f"a text that contains “{_UNKNOWN}”",
                hint="You stopped waiting; the tool may not have stopped. Say that nobody "
                "knows, or the model will believe that nothing happened and do it again.",
                mistake="outcome-claimed",
            )
    for run in (seen.blocking_late, seen.awaiting_late):
        result = _result(run, seen.errand)
        if _UNKNOWN in result.content.lower():
            raise Wrong(
                saw=f"“{result.content}” after a tool that only reads",
                expected=f"no “{_UNKNOWN}” where there is no side effect",
                hint="A lookup can simply be asked again: look at side_effects.",
                mistake="cries-wolf",
            )


@call_with_timeout.check(
    "a cancelled caller stays cancelled", needs=["an answer in time is passed on"]
)
def _stays_cancelled(seen: Timed) -> None:
    stops(seen.stopped, "the call")


@call_with_timeout.picture
def _draw(seen: Timed) -> Picture:
    """Draw the run that is hardest to get right: late, in a thread, with a side effect."""
    call, limit = seen.errand.call, seen.errand.limit
    good = good_trace([call], {call.id: seen.errand.late})
    names = (f"Your run, with a limit of {limit:g} s", "A good run")
    return compare(seen.blocking_effect.trace, replace(good, total=limit), names=names)
