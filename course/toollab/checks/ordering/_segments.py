"""The exercise *segment by barriers*: cut a batch where a call must run alone."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from toollab.calls import ToolCall
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.ordering._line_ups import Function, LineUp, line_up, own_code
from toollab.clock import Run, attempt

__all__ = ("segment_by_barriers",)


@dataclass(frozen=True)
class Segmented:
    """What came back for one line-up."""

    line_up: LineUp
    run: Run

    @property
    def error(self) -> BaseException | None:
        """What the function raised."""
        return self.run.error

    @property
    def segments(self) -> list[list[ToolCall]]:
        """The returned segments, once they are known to be some."""
        return [list(segment) for segment in self.run.value]

    def is_barrier(self, call: ToolCall) -> bool:
        """Tell whether a call has to run alone."""
        return call.name in self.line_up.barriers


segment_by_barriers: Exercise[LineUp, Segmented] = Exercise(
    "Cut a batch at its barriers",
    cases=[line_up(1, 2, 0, 3), line_up(2, 0, 0, 1, 0), line_up(3, 4), line_up(4)],
)


@segment_by_barriers.play
def _play_segments(fn: Function, case: LineUp) -> Segmented:
    return Segmented(case, attempt(fn, list(case.batch.calls), case.barriers))


@segment_by_barriers.check("returns lists of calls")
def _segments_shape(seen: Segmented) -> None:
    own_code(seen.run)
    value = seen.run.value
    if type(value) in (list, tuple) and all(
        type(segment) in (list, tuple) and all(type(call) is ToolCall for call in segment)
        for segment in value
    ):
        return
    raise Wrong(
        saw=f"a value of type {type(value).__name__} that is no list of lists of calls",
        expected="a list of segments, each a list of ToolCall",
        hint="A segment with one call is a list, too.",
        mistake="not-segments",
    )


@segment_by_barriers.check("keeps every call, in order", needs=["returns lists of calls"])
def _segments_whole(seen: Segmented) -> None:
    got = [call.id for segment in seen.segments for call in segment]
    want = [call.id for call in seen.line_up.batch.calls]
    if got == want:
        return
    lost = [call_id for call_id in want if call_id not in got]
    raise Wrong(
        saw=f"{', '.join(lost)} in no segment" if lost else ", ".join(got) or "no call at all",
        expected=", ".join(want) or "no segment",
        hint="What has been collected when the loop ends is a segment, too."
        if lost
        else "Walk through the batch once and never change the order.",
        mistake="calls-lost" if lost else "reordered",
    )


@segment_by_barriers.check("a barrier stands alone", needs=["returns lists of calls"])
def _segments_alone(seen: Segmented) -> None:
    for segment in seen.segments:
        for call in segment:
            if seen.is_barrier(call) and len(segment) > 1:
                raise Wrong(
                    saw=f"{call.id} ({call.name}) shares a segment with {len(segment) - 1} others",
                    expected=f"{call.id} alone in its segment",
                    hint="`barriers` holds names of tools: compare `call.name` with them."
                    if len(segment) == len(seen.line_up.batch.calls)
                    else "A barrier closes the segment before it, and the next call opens a new "
                    "one.",
                    mistake="barrier-merged",
                )


@segment_by_barriers.check("no segment is empty", needs=["returns lists of calls"])
def _segments_filled(seen: Segmented) -> None:
    empty = [place for place, segment in enumerate(seen.segments) if not segment]
    if empty:
        raise Wrong(
            saw=f"segment {empty[0] + 1} of {len(seen.segments)} is empty",
            expected="segments with at least one call",
            hint="Two barriers in a row, a barrier at an end, an empty batch: nothing stands "
            "between them.",
            mistake="empty-segment",
        )


@segment_by_barriers.check("neighbours stay together", needs=["keeps every call, in order"])
def _segments_maximal(seen: Segmented) -> None:
    filled = [segment for segment in seen.segments if segment]
    for one, other in pairwise(filled):
        if not seen.is_barrier(one[-1]) and not seen.is_barrier(other[0]):
            raise Wrong(
                saw=f"{one[-1].id} and {other[0].id} in two segments, with no barrier between",
                expected="one segment for calls that stand side by side",
                hint="Only a barrier cuts. Calls that need not wait for each other should overlap.",
                mistake="cut-too-often",
            )
