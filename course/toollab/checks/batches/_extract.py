"""Exercise `extract_calls`: from a response's body to the calls that may be run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.batches._plain import calls_of, short, the_calls_are_there, the_order_is_kept
from toollab.checks.batches._turns import Turn
from toollab.clock import Run, attempt

__all__ = ("extract_calls",)


@dataclass(frozen=True, slots=True)
class _Extracted:
    case: Turn
    whole: Run
    cut: Run


extract_calls: Exercise[Turn, _Extracted] = Exercise(
    "Extract the calls of a turn",
    cases=[
        Turn(("text", "call", "call", "text", "call")),
        Turn(("thinking", "call", "call"), cut="refusal", seed=1),
        Turn(("text", "search", "call"), seed=2),
        Turn(("call", "text", "call"), seed=3),
        Turn(("text",), seed=3),
    ],
)


@extract_calls.play
def _extract(fn: Any, case: Turn) -> _Extracted:
    return _Extracted(case, attempt(fn, case.message()), attempt(fn, case.message(cut=True)))


@extract_calls.check("returns a list of calls")
def _a_list(seen: _Extracted) -> None:
    calls_of(seen.whole)


@extract_calls.check("finds every call", points=2, needs=("returns a list of calls",))
def _every_call(seen: _Extracted) -> None:
    the_calls_are_there(seen.whole.value, seen.case.calls)


@extract_calls.check("copies name and arguments", needs=("finds every call",))
def _copies(seen: _Extracted) -> None:
    asked = {call["id"]: call for call in seen.case.calls}
    for call in seen.whole.value:
        if call != asked[call["id"]]:
            raise Wrong(
                saw=short(call),
                expected=short(asked[call["id"]]),
                hint="Everything about a call is in its own block: name, and input as it is.",
                mistake="other-arguments",
            )


@extract_calls.check("keeps the order of emission", needs=("finds every call",))
def _order(seen: _Extracted) -> None:
    the_order_is_kept(
        seen.whole.value,
        seen.case.calls,
        "Go through the blocks from first to last; ids are names, and sorting them says nothing.",
    )


@extract_calls.check("runs nothing of a response cut short", needs=("finds every call",))
def _cut_short(seen: _Extracted) -> None:
    got = calls_of(seen.cut)
    if got:
        raise Wrong(
            saw=f"{len(got)} calls from a response with stop_reason {seen.case.cut!r}",
            expected="an empty list",
            hint="A block that looks complete may still be half of what the model meant: "
            "calls are for you to run only if the stop reason is tool_use.",
            mistake="runs-unfinished",
        )
