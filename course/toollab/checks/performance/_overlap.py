"""Exercise `tool_overlap`: how much of a trace's tool time ran at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from toollab.checks._answers import close, is_number, returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.performance._recorded import LIBRARIES, Recorded
from toollab.clock import Run, attempt
from toollab.views import Picture, timeline

__all__ = ("tool_overlap",)

_KEYS = ("calls", "work_s", "busy_s", "peak")


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read out of a whole trace, and, if other spans were counted, of the calls alone."""

    case: Recorded
    run: Run
    alone: tuple[Run, ...]

    @property
    def error(self) -> BaseException | None:
        return self.run.error

    @property
    def counted(self) -> Run:
        """The run to do sums with: one in which the right calls were found, if there is any.

        So the wrong spans cost their own check, and no other.
        """
        whole = self.run
        return next((run for run in (whole, *self.alone) if _counts(run, self.case)), whole)

    def got(self, key: str) -> float:
        return float(self.counted.value[key])

    def wrong(self, key: str, expected: str, hint: str, mistake: str) -> Wrong:
        part = "" if self.counted is self.run else ", its tool calls alone"
        return Wrong(
            saw=f"{key} {self.got(key):g} for {self.case.story}{part}",
            expected=expected,
            hint=hint,
            mistake=mistake,
        )


tool_overlap: Exercise[Recorded, _Read] = Exercise(
    "How much tool time overlaps",
    cases=[
        Recorded("three calls one after another", ((0.5, 1.0), (1.0, 1.75), (1.75, 2.0))),
        Recorded("three calls at once", ((0.5, 1.0), (0.5, 1.25), (0.5, 1.5)), seed=1),
        Recorded(
            "two batches with a model's turn between them",
            ((0.5, 1.0), (0.5, 1.5), (3.0, 3.5), (3.25, 4.25)),
            seed=2,
        ),
        Recorded(
            "a long call over three that follow each other",
            ((0.5, 3.5), (0.5, 1.5), (1.5, 2.5), (2.5, 3.0)),
            seed=3,
        ),
        Recorded("a cached answer that took no time", ((0.5, 1.5), (1.0, 1.0)), seed=4),
        Recorded("an answer without tools", ()),
    ],
)


@tool_overlap.play
def _read(fn: Any, case: Recorded) -> _Read:
    run = attempt(fn, case.spans())
    right = not _are_numbers(run.value) or _counts(run, case)
    libraries = () if right else LIBRARIES
    return _Read(case, run, tuple(attempt(fn, case.alone(name)) for name in libraries))


def _are_numbers(value: Any) -> bool:
    return (
        type(value) is dict
        and sorted(map(str, value)) == sorted(_KEYS)
        and all(map(is_number, value.values()))
    )


def _counts(run: Run, case: Recorded) -> bool:
    return _are_numbers(run.value) and close(run.value["calls"], len(case.calls))


@tool_overlap.picture
def _calls(seen: _Read) -> Picture | None:
    if not seen.case.calls:
        return None
    return timeline(seen.case.trace(), title=seen.case.story.capitalize(), critical=())


@tool_overlap.check("returns the four numbers")
def _shape(seen: _Read) -> None:
    expected = f"a dict with the numbers {', '.join(_KEYS)}"
    value = returned(seen.run, expected)
    if _are_numbers(value):
        return
    raise Wrong(
        saw=repr(value)[:200],
        expected=expected,
        hint="Return a dict with exactly these four keys, and a plain number under each.",
        mistake="not-the-numbers",
    )


_SHAPE = ("returns the four numbers",)


@tool_overlap.check("only tool calls count", points=2, needs=_SHAPE)
def _only_calls(seen: _Read) -> None:
    case, got = seen.case, float(seen.run.value["calls"])
    if close(got, len(case.calls)):
        return
    if got > len(case.calls):
        mistake = "counts-other-spans"
        hint = (
            "Agents, model turns and HTTP requests have spans as well. A tool call is a span whose "
            "attribute gen_ai.operation.name is execute_tool."
        )
    else:
        mistake = "misses-calls"
        hint = (
            "Names differ from library to library: tell a tool call by its attribute "
            "gen_ai.operation.name, not by its name."
        )
    saw = f"calls {got:g} for {case.story}"
    raise Wrong(saw=saw, expected=f"{len(case.calls)}", hint=hint, mistake=mistake)


@tool_overlap.check("adds up the work", needs=_SHAPE)
def _work(seen: _Read) -> None:
    case, got = seen.case, seen.got("work_s")
    if close(got, case.work):
        return
    if close(got, case.work * 1e9):
        mistake, hint = "nanoseconds", "Times in a trace are nanoseconds; seconds are asked for."
    elif close(got, case.busy):
        mistake = "busy-as-work"
        hint = "Work is what the calls would take one after another: add up every call's time."
    else:
        mistake, hint = "other-work", "Add up end minus start of every tool call."
    raise seen.wrong("work_s", f"{case.work:g}", hint, mistake)


@tool_overlap.check("busy time counts each moment once", points=2, needs=_SHAPE)
def _busy(seen: _Read) -> None:
    case, got = seen.case, seen.got("busy_s")
    if close(got, case.busy):
        return
    first = min((start for start, _ in case.calls), default=0.0)
    last = max((end for _, end in case.calls), default=0.0)
    if close(got, case.busy * 1e9):
        mistake, hint = "nanoseconds", "Times in a trace are nanoseconds; seconds are asked for."
    elif close(got, case.work):
        mistake = "sums-durations"
        hint = "A second in which three calls run is one busy second, not three."
    elif close(got, last - first):
        mistake = "counts-gaps"
        hint = "Between two batches the model works, and no tool is busy: leave the gap out."
    else:
        mistake = "other-busy"
        hint = (
            "Sort the calls by start and keep the latest end so far: what lies behind it is new. "
            "A long call can end after the one that starts behind it."
        )
    raise seen.wrong("busy_s", f"{case.busy:g}", hint, mistake)


@tool_overlap.check("peak in flight", points=2, needs=_SHAPE)
def _peak(seen: _Read) -> None:
    case, got = seen.case, seen.got("peak")
    if close(got, case.peak):
        return
    meets = [sum(b > start and a < end for a, b in case.calls) for start, end in case.calls]
    touches = [sum(a <= at <= b for a, b in case.calls) for pair in case.calls for at in pair]
    if close(got, max(touches, default=0)):
        mistake = "touching-overlaps"
        hint = (
            "One call ends at the very moment another starts: they never ran together. And a call "
            "that took no time is never in flight. At equal times, ends come first."
        )
    elif close(got, max(meets, default=0)):
        mistake = "meets-one-after-another"
        hint = (
            "A long call can meet three others that never meet each other. Ask at one moment, not "
            "over one call."
        )
    elif close(got, len(case.calls)):
        mistake = "counts-all"
        hint = "That is how many calls there are; how many of them run at the same moment?"
    else:
        mistake = "other-peak"
        hint = "Walk through starts and ends in order of time: one more, one less; keep the most."
    raise seen.wrong("peak", f"{case.peak}", hint, mistake)
