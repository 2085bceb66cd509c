"""Exercise `accumulate_deltas`: from the chunks of a stream to the calls that may be run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.batches._plain import calls_of, short, the_order_is_kept
from toollab.checks.batches._turns import Stream
from toollab.clock import Run, attempt

__all__ = ("accumulate_deltas",)


@dataclass(frozen=True, slots=True)
class _Accumulated:
    case: Stream
    whole: Run
    cut: Run
    clash: Run


accumulate_deltas: Exercise[Stream, _Accumulated] = Exercise(
    "Put a stream together",
    cases=[
        Stream(2),
        Stream(3, mixed=True, bundled=True, seed=1),
        Stream(2, repeats="id", cut="nothing", seed=2),
        Stream(3, repeats="name", mixed=True, late=True, seed=4),
        Stream(0),
    ],
)


@accumulate_deltas.play
def _accumulate(fn: Any, case: Stream) -> _Accumulated:
    return _Accumulated(
        case,
        attempt(fn, case.chunks()),
        attempt(fn, case.chunks(cut=True)),
        attempt(fn, case.chunks(clash=True)),
    )


@accumulate_deltas.check("returns a list of calls")
def _a_list(seen: _Accumulated) -> None:
    if seen.whole.error is not None and not seen.case.is_simple:
        return  # told by the next check
    calls_of(seen.whole)


@accumulate_deltas.check(
    "puts fragments together by index", points=2, needs=("returns a list of calls",)
)
def _by_index(seen: _Accumulated) -> None:
    error = seen.whole.error
    if error is not None:
        raise Wrong(
            saw=f"{type(error).__name__}: {error} in {seen.case.told}",
            expected=f"{seen.case.count} calls",
            hint=_why(error),
            mistake="wrong-place",
        )
    got, asked = seen.whole.value, seen.case.calls
    found = [call["arguments"] for call in got]
    missing = [call["arguments"] for call in asked if call["arguments"] not in found]
    if len(got) == len(asked) and not missing:
        return
    raise Wrong(
        saw=f"{short(found)} in {seen.case.told}",
        expected=short([call["arguments"] for call in asked]),
        hint="A fragment belongs to the call with its index, wherever it stands in the stream; "
        "only the first fragment of a call is sure to carry an id.",
        mistake="wrong-place",
    )


def _why(error: BaseException) -> str:
    if isinstance(error, json.JSONDecodeError):
        return (
            "A call's text is no JSON: fragments of two calls were joined, one got lost, or the "
            "text is empty, which is how a call without arguments may arrive."
        )
    return (
        "Not every chunk has choices, not every delta has tool_calls (or it is None), not every "
        "fragment has an id or a name."
    )


@accumulate_deltas.check("takes id and name once", needs=("puts fragments together by index",))
def _once(seen: _Accumulated) -> None:
    asked = {(call["id"], call["name"]) for call in seen.case.calls}
    for call in seen.whole.value:
        if (call["id"], call["name"]) not in asked:
            raise Wrong(
                saw=f"id {short(call['id'], 60)}, name {short(call['name'], 60)}",
                expected="an id and a name as the stream carries them",
                hint="Some servers repeat id and name in every fragment: the first one counts, "
                "and only arguments are joined.",
                mistake="glued",
            )


@accumulate_deltas.check("keeps the order of the index", needs=("takes id and name once",))
def _order(seen: _Accumulated) -> None:
    the_order_is_kept(
        seen.whole.value,
        seen.case.calls,
        "Calls may be announced in another order than that of their index: sort by index.",
    )


@accumulate_deltas.check(
    "runs nothing of a stream cut short", needs=("puts fragments together by index",)
)
def _cut_short(seen: _Accumulated) -> None:
    run, case = seen.cut, seen.case
    if run.error is None and not calls_of(run):
        return
    saw = f"{len(run.value)} calls" if run.error is None else f"{type(run.error).__name__}"
    raise Wrong(
        saw=f"{saw} from a stream that ended with "
        + ("finish_reason 'length'" if case.cut == "length" else "no finish_reason at all"),
        expected="an empty list",
        hint="The last call may be half of what the model meant, even if its JSON can be read: "
        "only finish_reason tool_calls says that all is there.",
        mistake="runs-unfinished",
    )


@accumulate_deltas.check(
    "refuses two calls under one index", needs=("puts fragments together by index",)
)
def _clash(seen: _Accumulated) -> None:
    ids = [call["id"] for call in seen.case.calls]
    if len(ids) < 2:
        return
    error = seen.clash.error
    if isinstance(error, ValueError) and sum(i in str(error) for i in ids) >= 2:
        return
    if error is None:
        saw, mistake = f"the calls {short(seen.clash.value)}", "merges-calls"
        hint = "A second id under the same index is a second call: say so, rather than run a mix."
    elif isinstance(error, ValueError):
        saw, mistake = f"{type(error).__name__}: {error}", "merges-calls"
        hint = "Compare ids as they come in, and name both: the JSON of a mix may even be valid."
    else:
        saw, mistake = f"{type(error).__name__}: {error}", "other-error"
        hint = "Raise a ValueError whose text has both ids."
    raise Wrong(
        saw=saw,
        expected=f"a ValueError that names two ids, such as {ids[0]} and {ids[1]}",
        hint=hint,
        mistake=mistake,
    )
