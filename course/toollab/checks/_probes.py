"""Probes: questions about one run that several exercises ask.

Each raises `Wrong` with what was seen, what was expected and a hint, or returns nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from types import CoroutineType
from typing import Any

from toollab.calls import ToolCall, ToolResult
from toollab.checks._exercise import Wrong
from toollab.clock import Run, Stuck, where_raised
from toollab.trace import Edge, good_trace

__all__ = (
    "answers_each_call_once",
    "comes_back",
    "does_not_block",
    "error_results",
    "good_contents",
    "hint_if_undefined",
    "ideal_total",
    "in_call_order",
    "keeps_order",
    "keeps_request",
    "leaves_nothing_running",
    "overlaps",
    "reaches_peak",
    "results_of",
    "runs_each_call_once",
    "takes",
)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _seconds(value: float) -> str:
    return f"{round(value, 6):g} s"


def comes_back(run: Run) -> None:
    """Ask that the function returns instead of raising, hanging or spinning."""
    error = run.error
    if error is None:
        return
    if told := hint_if_undefined(error):
        saw, hint, mistake = f"NameError: {error}", told, "undefined"
    else:
        saw, hint, mistake = _what_it_raised(error)
    raise Wrong(saw=saw, expected="the function returns", hint=hint, mistake=mistake)


def _what_it_raised(error: BaseException) -> tuple[str, str, str]:
    """Return what was seen, a hint and the mistake's slug."""
    kind, text = type(error), _text(error)
    saw = f"{kind.__name__}: {text}".strip(": ")
    if issubclass(kind, Stuck):
        stuck: Any = error
        return stuck.sentence, stuck.hint, kind.__name__.lower()
    if issubclass(kind, RuntimeError) and _is_of_another_loop(text):
        return saw, _OTHER_LOOP, "other-loop"
    if "cannot be called from a running event loop" in text:
        hint = "The notebook's event loop is already running: await your coroutine instead."
        return saw, hint, "nested-run"
    if issubclass(kind, BaseExceptionGroup):
        return _what_a_group_raised(error)
    place, own = where_raised(error)
    through = f" (in {place})" if place else ""
    if own:
        return saw, f"Your own code raised this{through}: it is not a tool's error.", "raises"
    hint = (
        f"An exception got out of your function{through}: a failing tool is an answer for the "
        "model, so turn it into an error result."
    )
    return saw, hint, "raises"


def hint_if_undefined(error: BaseException) -> str:
    """Return a hint if the cell that was to define the function failed; empty otherwise.

    Grading says so in the error's text, with what became of that cell.
    """
    if isinstance(error, NameError) and "did not run to its end" in _text(error):
        return "Run the cell with your answer alone, and mend what it says; then run the check."
    return ""


def _what_a_group_raised(group: Any) -> tuple[str, str, str]:
    """Return what was seen, a hint and the mistake's slug, for an exception group."""
    saw = "; ".join(f"{type(e).__name__}: {_text(e)}" for e in group.exceptions)
    place, own = where_raised(group.exceptions[0])
    if own:
        return saw, f"Your own code raised this (in {place}): it is not a tool's error.", "raises"
    hint = (
        "A TaskGroup raises what its tasks raised: catch the exception inside each task, "
        "so that one failing call cannot take the others with it."
    )
    return saw, hint, "group-escapes"


_OTHER_LOOP = (
    "A semaphore, lock or queue belongs to the loop that first waited on it: "
    "make it inside your function, not once for the whole notebook."
)


def _is_of_another_loop(text: str) -> bool:
    return "is bound to a different event loop" in text or "attached to a different loop" in text


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except (Exception, SystemExit, GeneratorExit):  # noqa: BLE001 - a learner's own class
        return "(its text cannot be shown)"


def results_of(value: Any) -> list[ToolResult]:
    """Ask that the returned value is a list of `ToolResult`, and return it."""
    expected = "a list of ToolResult"
    if type(value) is CoroutineType:
        value.close()
        raise Wrong(
            saw="a coroutine that was never awaited",
            expected=expected,
            hint="Calling a coroutine function only makes a coroutine: await it.",
            mistake="not-awaited",
        )
    if type(value) not in (list, tuple):
        raise Wrong(
            saw=f"a value of type {type(value).__name__}",
            expected=expected,
            hint="Return one list with a ToolResult for every call of the batch.",
            mistake="not-a-list",
        )
    for item in value:
        if type(item) is ToolResult and _is_plain(item):
            continue
        if type(item) is CoroutineType:
            item.close()
        if issubclass(type(item), BaseException):
            raise Wrong(
                saw=f"a {type(item).__name__} object in the list of results",
                expected=expected,
                hint="return_exceptions=True hands you the exception object: "
                "turn it into a ToolResult with is_error=True.",
                mistake="exception-as-result",
            )
        raise Wrong(
            saw=f"an item of type {type(item).__name__} in the list",
            expected=expected,
            hint="Each item is ToolResult(id, content, is_error), "
            "with a text id, a text content and a true or false is_error.",
            mistake="not-a-result",
        )
    for result in value:
        if result.is_error and _is_of_another_loop(result.content):
            raise Wrong(
                saw=f"{result.id} failed with “{result.content}”",
                expected="the call reaches its tool",
                hint=_OTHER_LOOP,
                mistake="other-loop",
            )
    return list(value)


def _is_plain(result: ToolResult) -> bool:
    # Exact types: an object that claims to equal everything is not data.
    return type(result.id) is str and type(result.content) is str and type(result.is_error) is bool


def answers_each_call_once(results: Sequence[ToolResult], calls: Sequence[ToolCall]) -> None:
    """Ask for exactly one result with each call's id."""
    ids, got = [call.id for call in calls], [result.id for result in results]
    missing = [i for i in ids if i not in got]
    foreign = [i for i in got if i not in ids]
    twice = sorted({i for i in got if got.count(i) > 1})
    expected = f"one result for each of the {_count(len(ids), 'call')}"
    if missing:
        names = {call.name for call in calls}
        keyed = any(i in names for i in foreign)
        raise Wrong(
            saw=f"no result for {', '.join(missing)}",
            expected=expected,
            hint="A result is tied to its call by the call's id, never by the tool's name."
            if keyed or len({c.name for c in calls}) == len(got)
            else "The model waits for an answer to every id, also of a failed or skipped call.",
            mistake="keyed-by-name"
            if keyed or len({c.name for c in calls}) == len(got)
            else "call-unanswered",
        )
    if foreign:
        raise Wrong(
            saw=f"results for {', '.join(foreign)}, which nobody asked for",
            expected=expected,
            hint="Copy the id of the call into its result.",
            mistake="foreign-id",
        )
    if twice:
        raise Wrong(
            saw=f"more than one result for {', '.join(twice)}",
            expected=expected,
            hint="Each id is answered exactly once.",
            mistake="answered-twice",
        )


def in_call_order(results: Sequence[ToolResult], calls: Sequence[ToolCall], run: Run) -> None:
    """Ask that the results stand in the order in which the model asked."""
    want, got = [call.id for call in calls], [result.id for result in results]
    if got == want:
        return
    finished = [s.call_id for s in sorted(run.trace, key=lambda s: s.ended or 0)]
    if got == finished:
        mistake = "completion-order"
        hint = (
            "These are in the order in which the tools finished; gather and a list of tasks "
            "keep the order of the calls."
        )
    elif got == sorted(want):
        mistake, hint = "sorted-ids", "Ids are names, not numbers: call_10 sorts before call_2."
    else:
        mistake, hint = "other-order", "Build the results by walking through the calls in order."
    raise Wrong(saw=", ".join(got), expected=", ".join(want), hint=hint, mistake=mistake)


def good_contents(
    results: Sequence[ToolResult],
    calls: Sequence[ToolCall],
    run: Run,
    *,
    failing: Iterable[str] = (),
) -> None:
    """Ask that each call that worked brings back what its own tool said, unmarked."""
    by_id = {result.id: result for result in results}
    failed = set(failing)
    said = {s.call_id: s.content for s in run.trace if s.state == "ok"}
    for call in calls:
        result = by_id.get(call.id)
        if result is None or call.id in failed or call.id not in said:
            continue
        if result.content != said[call.id]:
            other = next((i for i, text in said.items() if text == result.content), None)
            raise Wrong(
                saw=f"{call.id} carries “{result.content}”"
                + (f", which {other} brought" if other else ""),
                expected=f"“{said[call.id]}”",
                hint="Each result belongs to the call with its id: do not pair calls and "
                "answers by position in another order.",
                mistake="mixed-up" if other else "other-content",
            )
        if result.is_error:
            raise Wrong(
                saw=f"{call.id} worked, but its result says is_error",
                expected="is_error only where the tool failed",
                hint="Mark only the call that failed.",
                mistake="good-call-marked",
            )


def error_results(
    results: Sequence[ToolResult], failing: Iterable[str], *, mentions: dict[str, str] | None = None
) -> None:
    """Ask that each failed call has an error result that tells the model what happened.

    `mentions` maps call ids to a word that the text must contain, such as the error's type.
    """
    by_id = {result.id: result for result in results}
    for call_id in failing:
        result = by_id.get(call_id)
        if result is None:
            continue
        if not result.is_error:
            raise Wrong(
                saw=f"{call_id} failed, but its result is not marked",
                expected="is_error=True",
                hint="Without the mark the model takes the error text for the tool's answer.",
                mistake="error-unmarked",
            )
        word = (mentions or {}).get(call_id, "")
        if not result.content.strip() or word not in result.content:
            raise Wrong(
                saw=f"the error result of {call_id} says “{result.content}”",
                expected=f"a text that names the error{f' ({word})' if word else ''}",
                hint="str(error) can be empty: say the error's type too.",
                mistake="empty-error",
            )


def runs_each_call_once(run: Run, calls: Sequence[ToolCall]) -> None:
    """Ask that every call reached its tool exactly once, with its own arguments."""
    for call in calls:
        spans = run.trace.of(call.id)
        if not spans:
            raise Wrong(
                saw=f"{call.id} never reached its tool",
                expected="every call is run once",
                hint="Check what your function hands to the tool: a lambda made in a loop sees "
                "the loop's last value.",
                mistake="call-not-run",
            )
        if len(spans) > 1:
            raise Wrong(
                saw=f"{call.id} ran {len(spans)} times",
                expected="every call is run once",
                hint="A call may have an effect: running it twice may do it twice.",
                mistake="ran-twice",
            )


def overlaps(run: Run, calls: Sequence[ToolCall]) -> None:
    """Ask that each of these calls was started before any of them was answered."""
    reaches_peak(run, len(calls))


def reaches_peak(run: Run, peak: int) -> None:
    """Ask for exactly `peak` calls in flight at the busiest moment."""
    seen = run.trace.peak
    if seen == peak:
        return
    if seen == 1:
        mistake = "serial"
        hint = (
            "Each call is answered before the next one starts: an await inside the loop waits "
            "there. Start them all first, then wait."
        )
    elif seen < peak:
        mistake, hint = "half-parallel", "More calls could be in flight than your code allows."
    else:
        mistake, hint = (
            "over-limit",
            "More calls are in flight than allowed: all calls have to share one limit.",
        )
    raise Wrong(
        saw=f"{_count(seen, 'call')} in flight at most",
        expected=f"{peak} at once",
        hint=hint,
        mistake=mistake,
    )


def takes(run: Run, seconds: float) -> None:
    """Ask for a makespan of exactly `seconds`, to the microsecond."""
    if abs(run.total - seconds) < 1e-6:
        return
    slower = run.total > seconds
    raise Wrong(
        saw=f"{_seconds(run.total)} in all",
        expected=_seconds(seconds),
        hint="Something waits that could already run: look for a call that starts late."
        if slower
        else "The function came back before its calls had finished.",
        mistake="too-slow" if slower else "too-early",
    )


def keeps_order(run: Run, edges: Iterable[Edge]) -> None:
    """Ask that for each edge the first call was answered before the second was started."""
    for before, after in edges:
        if run.trace.of(after) and not run.trace.happens_before(before, after):
            raise Wrong(
                saw=f"{after} started before {before} was answered",
                expected=f"{before}, then {after}",
                hint=f"{after} needs {before}: wait for that one call, not for luck.",
                mistake="order-broken",
            )


def does_not_block(run: Run) -> None:
    """Ask that nothing stops the event loop, and name what does."""
    if run.blocked:
        first = run.blocked[0]
        raise Wrong(
            saw=f"{first.function} stops the event loop ({first.where})",
            expected="the loop stays free while a tool works",
            hint="A blocking function in a coroutine stops every other call: "
            "await an async one, or hand it to a thread with asyncio.to_thread.",
            mistake="blocks-loop",
        )


def leaves_nothing_running(run: Run) -> None:
    """Ask that no call and no task is still unfinished when the function returns."""
    unfinished = run.unfinished()
    if unfinished or run.left:
        raise Wrong(
            saw=f"still running when the function returned: {', '.join(unfinished) or 'a task'}",
            expected="every call has ended",
            hint="Wait for every task you start, or cancel it and wait for that.",
            mistake="left-running",
        )


def keeps_request(run: Run, request: str) -> None:
    """Ask that each tool saw the request's context variable."""
    lost = [span.call_id for span in run.trace if span.request != request]
    if lost:
        raise Wrong(
            saw=f"in {', '.join(lost)} the tool saw another request id, or none",
            expected=f"request_id is {request!r} in every tool",
            hint="pool.submit does not carry context variables: run the call in "
            "contextvars.copy_context(), one copy for each call.",
            mistake="context-lost",
        )


def ideal_total(
    calls: Sequence[ToolCall],
    latency: Callable[[ToolCall], float],
    *,
    limit: int | None = None,
    edges: Iterable[Edge] = (),
) -> float:
    """Return the makespan in seconds when every call starts as early as it may."""
    return good_trace(calls, {c.id: latency(c) for c in calls}, limit=limit, edges=edges).makespan
