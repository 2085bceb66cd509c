"""Exercise `makespan_bounds`: between which two times a plan of calls must end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from toollab.calls import ToolCall
from toollab.checks._answers import close, is_number, returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.worthwhile._cases import Network
from toollab.clock import Run, attempt
from toollab.trace import critical_path, good_trace
from toollab.views import Picture, timeline

__all__ = ("makespan_bounds",)


@dataclass(frozen=True, slots=True)
class _Bounded:
    case: Network
    run: Run

    @property
    def error(self) -> BaseException | None:
        return self.run.error


makespan_bounds: Exercise[Network, _Bounded] = Exercise(
    "Between which times a plan must end",
    cases=[
        Network((1.0, 0.5, 2.0), beside=6, limit=2, seed=4),
        Network((2.0, 1.0, 0.5), beside=6, limit=5, seed=7),
        Network((1.5, 1.0, 0.5), beside=0, limit=4, seed=2),
        Network((1.0, 0.5), beside=2, limit=6, seed=5),
        Network((), beside=0, limit=2),
    ],
)


@makespan_bounds.play
def _bound(fn: Any, case: Network) -> _Bounded:
    return _Bounded(case, attempt(fn, case.seconds(), case.edges(), case.limit))


@makespan_bounds.picture
def _greedy_run(seen: _Bounded) -> Picture | None:
    case = seen.case
    seconds = case.seconds()
    if not seconds or len(seconds) > 14:
        return None
    calls = [ToolCall(call_id, "search", {}) for call_id in seconds]
    run = good_trace(calls, seconds, limit=case.limit, edges=case.edges())
    return timeline(run, title=f"A greedy run, at most {case.limit} in flight")


@makespan_bounds.check("returns two numbers")
def _two_numbers(seen: _Bounded) -> None:
    expected = "two numbers of seconds: at least, at most"
    value = returned(seen.run, expected)
    if type(value) in (tuple, list) and len(value) == 2 and all(map(is_number, value)):
        return
    raise Wrong(
        saw=repr(value)[:200],
        expected=expected,
        hint="Return a tuple of the lower bound and the upper bound, in that order.",
        mistake="not-two-numbers",
    )


@makespan_bounds.check("the work is a floor", needs=("returns two numbers",))
def _work_floor(seen: _Bounded) -> None:
    case, got = seen.case, seen.run.value[0]
    floor = case.work / case.limit
    if case.span > floor or close(got, floor):
        return
    if close(got, case.work):
        mistake = "forgets-limit"
        hint = "That is the work one after another: several calls may be in flight at once."
    elif close(got, case.span):
        mistake = "span-only"
        hint = (
            "The critical path is one floor. The other: with few slots it takes time to get all "
            "the work through them. Whichever is higher counts."
        )
    elif close(got, floor + case.span):
        mistake = "adds-floors"
        hint = "Both floors hold at the same time, so the higher one counts, not their sum."
    elif close(got, max(seen.case.seconds().values(), default=0.0)):
        mistake = "longest-call"
        hint = "The longest call alone says nothing about how much there is to do."
    else:
        mistake = "other-work"
        hint = "Add up the seconds of all calls; at most `limit` of them pass at once."
    raise _low(seen, floor, hint, mistake)


def _low(seen: _Bounded, floor: float, hint: str, mistake: str) -> Wrong:
    return Wrong(
        saw=f"at least {seen.run.value[0]:g} s for {seen.case.told}",
        expected=f"at least {floor:g} s",
        hint=hint,
        mistake=mistake,
    )


@makespan_bounds.check("the critical path is a floor", points=2, needs=("returns two numbers",))
def _path_floor(seen: _Bounded) -> None:
    case, got = seen.case, seen.run.value[0]
    if case.span <= case.work / case.limit or close(got, case.span):
        return
    if close(got, case.work / case.limit):
        mistake = "work-only"
        hint = (
            "Work shared out evenly over all slots is the best case for calls that wait for "
            "nobody. A chain cannot be shared out."
        )
    elif close(got, case.work / case.limit + case.span):
        mistake = "adds-floors"
        hint = "Both floors hold at the same time, so the higher one counts, not their sum."
    elif close(got, max(case.seconds().values())):
        mistake = "longest-call"
        hint = "The longest call is not alone: it waits for others, and others wait for it."
    elif close(got, len(critical_path(case.seconds(), case.edges()))):
        mistake = "counts-calls"
        hint = "critical_path returns ids: look each of them up in `seconds`, and add up."
    elif got < case.span:
        mistake = "shorter-path"
        hint = "Of all chains the longest in seconds counts, not the one with the most calls."
    else:
        mistake = "too-high"
        hint = "A run without a limit ends with the critical path: that is possible, so no floor."
    raise _low(seen, case.span, hint, mistake)


@makespan_bounds.check("a greedy run has a ceiling", points=2, needs=("returns two numbers",))
def _ceiling(seen: _Bounded) -> None:
    case, got = seen.case, seen.run.value[1]
    share = case.work / case.limit
    ceiling = share + case.span * (1 - 1 / case.limit)
    if close(got, ceiling):
        return
    if close(got, case.work):
        mistake = "serial-ceiling"
        hint = "That holds, but a greedy harness is better than one call after another."
    elif close(got, max(share, case.span)):
        mistake = "no-ceiling"
        hint = (
            "The floor is what a perfect order reaches. A greedy run may leave slots empty, for "
            "as long as somebody on the critical path is at work."
        )
    elif close(got, share + case.span):
        mistake = "loose-ceiling"
        hint = (
            "While slots are empty one call of the critical path is running, and its work "
            "already counts in work / limit: don't count it twice."
        )
    elif close(got, (2 - 1 / case.limit) * max(share, case.span)):
        mistake = "times-the-floor"
        hint = "That holds, but it is not tight: add the two parts, instead of doubling one."
    else:
        mistake = "wrong-ceiling"
        hint = (
            "Time with all slots full plus time with some empty: the second is at most the "
            "critical path, and in it at least one of the slots is busy."
        )
    raise Wrong(
        saw=f"at most {got:g} s for {case.told}",
        expected=f"at most {ceiling:g} s",
        hint=hint,
        mistake=mistake,
    )
