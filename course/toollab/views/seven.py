"""Show an operator one moment of one run: seven steps, from what was asked to what was answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from toollab.calls import ToolCall
from toollab.trace import Trace
from toollab.views._svg import (
    BLUE,
    GREEN,
    GREY,
    INK,
    LANE,
    MUTED,
    close,
    el,
    one_line,
    panel,
    seconds,
    shorten,
    text,
    wrap,
)
from toollab.views.picture import Picture

__all__ = ("seven_steps",)

_PAD, _NAMES, _LINE = 14.0, 210.0, 18.0
_COLOURS = {"done": GREEN, "now": BLUE, "not yet": GREY}
_WORDS = {"done": MUTED, "now": INK, "not yet": MUTED}
_ENDED = {"ok": "ok", "error": "failed", "cancelled": "cancelled", "skipped": "skipped"}


def seven_steps(
    calls: Sequence[ToolCall],
    needs: Mapping[str, Iterable[str]],
    trace: Trace,
    *,
    at: float | None = None,
    held: Mapping[str, float] | None = None,
    answer: str = "",
    title: str = "The operator's view",
    width: int = 720,
) -> Picture:
    """Tell the seven steps of a run as they stand `at` a moment, in seconds; else at its end.

    `calls` is the turn, and `needs` names for each call those it needs.  `held` maps the id of a
    call that needs approval to the moment, in seconds, at which a person said yes.  The results
    go back to the model at `trace.total`, and `answer` is what the model then says.
    """
    at = trace.total if at is None else at
    ids = tuple(call.id for call in calls)
    wants = {call: tuple(needs.get(call, ())) for call in ids}
    stands = _stands(ids, trace, at, held or {})
    over = bool(trace.spans) and _reached(trace.total, at)
    in_the_end = _stands(ids, trace, trace.total, held or {}).values()
    back = sum(word in _ENDED.values() for word in in_the_end)
    rows = [
        ("Dependency analysis", "done", _dependencies(wants)),
        ("Batch generation", "done", f"{_count(ids)} asked for: {_names(ids)}"),
        ("Concurrent dispatch", *_dispatch(wants, stands)),
        ("Parallel execution", *_execution(stands, trace, at)),
        ("Result collection", *_collection(stands)),
        (
            "Batch return",
            "done" if over else "not yet",
            f"{back} of {_count(ids)} answered after {seconds(trace.total)}"
            if over
            else "the model waits for the answers to all calls",
        ),
        ("Synthesis", "done" if over else "not yet", (over and one_line(answer)) or "–"),
    ]
    return _draw(f"{one_line(title)}, at {seconds(at)}", rows, width)


def _reached(moment: float, at: float) -> bool:
    return moment <= at or close(moment, at)


def _stands(
    ids: Sequence[str], trace: Trace, at: float, held: Mapping[str, float]
) -> dict[str, str]:
    """Say of each call how it stands at a moment, in one of `_ENDED` or in other words."""
    stands = {}
    for call in ids:
        spans = [span for span in trace.of(call) if span.state != "held"]
        begun = [span for span in spans if _reached(span.start, at)]
        if not begun:
            decided = call in held and _reached(held[call], at)
            asks = call in held or any(span.state == "held" for span in trace.of(call))
            stands[call] = "approval" if asks and not decided else "waiting"
        elif any(span.end is None or not _reached(span.end, at) for span in begun):
            stands[call] = "running"
        elif len(begun) < len(spans):
            stands[call] = "trying again"
        else:
            stands[call] = _ENDED.get(begun[-1].state, "running")
    return stands


def _dependencies(wants: Mapping[str, Sequence[str]]) -> str:
    told = [f"{one_line(call)} needs {_names(before)}" for call, before in wants.items() if before]
    return "; ".join(told) or "no call needs another"


def _dispatch(wants: Mapping[str, Sequence[str]], stands: Mapping[str, str]) -> tuple[str, str]:
    """Tell what has been started, what waits for a person, and what waits for other calls."""
    asks = [call for call, word in stands.items() if word == "approval"]
    waits = [call for call, word in stands.items() if word == "waiting"]
    begun = [call for call in stands if call not in {*asks, *waits}]
    told = [f"started: {_names(begun)}"] if begun else []
    if asks:
        told.append(f"waiting for approval: {_names(asks)}")
    reasons = []
    for call in waits:
        left = [before for before in wants[call] if stands.get(before) != "ok"]
        reasons.append(f"{one_line(call)} ({'for ' + _names(left) if left else 'for its turn'})")
    if reasons:
        told.append(f"waiting: {', '.join(reasons)}")
    return "now" if asks or waits else "done", "; ".join(told) or "–"


def _execution(stands: Mapping[str, str], trace: Trace, at: float) -> tuple[str, str]:
    """Tell what runs, and at which attempt."""
    told = []
    for call, word in stands.items():
        if word == "running":
            attempts = [span.attempt for span in trace.of(call) if _reached(span.start, at)]
            nth = f" (attempt {attempts[-1]})" if attempts[-1] > 1 else ""
            told.append(one_line(call) + nth)
    again = [call for call, word in stands.items() if word == "trying again"]
    words = [f"running: {', '.join(told)}" if told else "nothing runs"]
    if again:
        words.append(f"about to be tried again: {_names(again)}")
    over = all(word in _ENDED.values() for word in stands.values())
    return "done" if over else "now" if told or again else "not yet", "; ".join(words)


def _collection(stands: Mapping[str, str]) -> tuple[str, str]:
    """Tell what has come back, and how."""
    back = [
        one_line(call) + ("" if word == "ok" else f" ({word})")
        for call, word in stands.items()
        if word in _ENDED.values()
    ]
    step = "done" if len(back) == len(stands) else "now" if back else "not yet"
    return step, f"{len(back)} of {len(stands)} came back: {', '.join(back) or 'none'}"


def _names(ids: Iterable[str]) -> str:
    return ", ".join(map(one_line, ids))


def _count(ids: Sequence[str]) -> str:
    return f"{len(ids)} call{'' if len(ids) == 1 else 's'}"


def _draw(title: str, rows: Sequence[tuple[str, str, str]], width: int) -> Picture:
    """Draw a table with a row for each step: its name, whether it is over, what there is to say."""
    drawn = [text(_PAD, 27, shorten(title, width - 30, 15), size=15, weight="600")]
    y = 42.0
    for index, (name, step, words) in enumerate(rows, 1):
        lines = wrap(words, width - _NAMES - 2 * _PAD)
        high = _LINE * max(len(lines), 2) + 10
        if index % 2:
            drawn.append(el("rect", x=1, y=y, width=width - 2, height=high, fill=LANE))
        drawn += [
            el("rect", x=1, y=y, width=5, height=high, fill=_COLOURS[step]),
            text(_PAD, y + 19, f"{index}. {name}", weight="600"),
            text(_PAD + 18, y + 19 + _LINE, step, size=12, fill=_WORDS[step]),
        ]
        drawn += [text(_NAMES, y + 19 + _LINE * place, line) for place, line in enumerate(lines)]
        y += high
    told = [f"{i}. {name} ({step}): {words}" for i, (name, step, words) in enumerate(rows, 1)]
    form = "\n".join([title, *told])
    alt = f"{title}. {'; '.join(told)}"
    return Picture(panel(width, y + _PAD, *drawn, label=alt, about=form), form, alt)
