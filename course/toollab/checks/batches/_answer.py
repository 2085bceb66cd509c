"""Exercise `answer_batch`: what goes into the history after a turn with calls, on three APIs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from toollab.calls import JSON
from toollab.checks._answers import returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.batches._asked import Asked
from toollab.checks.batches._plain import short
from toollab.clock import Run, attempt

__all__ = ("answer_batch",)

_ANSWER: dict[str, tuple[str, frozenset[str], str, str]] = {
    # API: what an answer says of itself, its keys, the key with the id, the key with the text.
    "messages": (
        "tool_result",
        frozenset({"type", "tool_use_id", "content", "is_error"}),
        "tool_use_id",
        "content",
    ),
    "chat": ("tool", frozenset({"role", "tool_call_id", "content"}), "tool_call_id", "content"),
    "responses": (
        "function_call_output",
        frozenset({"type", "call_id", "output"}),
        "call_id",
        "output",
    ),
}


@dataclass(frozen=True, slots=True)
class _Answered:
    case: Asked
    run: Run

    @property
    def rest(self) -> list[Any]:
        """The entries after those that repeat what the model said."""
        return list(self.run.value)[len(self.case.echo()) :]

    @property
    def answers(self) -> list[dict[str, JSON]]:
        """The results among the entries, each a dict."""
        if self.case.api != "messages":
            return self.rest
        return list(self.rest[0]["content"])


answer_batch: Exercise[Asked, _Answered] = Exercise(
    "Answer a batch on three APIs",
    cases=[
        Asked("messages", 3, failed=(1,), thinks=True),
        Asked("chat", 3, failed=(0,), seed=1),
        Asked("responses", 3, failed=(2,), thinks=True, seed=2),
        Asked("messages", 1, seed=3),
    ],
)


@answer_batch.play
def _answer(fn: Any, case: Asked) -> _Answered:
    return _Answered(case, attempt(fn, case.api, case.response(), case.results))


@answer_batch.check("returns a list of entries")
def _entries(seen: _Answered) -> None:
    expected = "a list of dicts, to be added to the history"
    value = returned(seen.run, expected)
    if type(value) not in (list, tuple) or not all(type(item) is dict for item in value):
        raise Wrong(
            saw=short(value),
            expected=expected,
            hint="The history is a list; return the entries that are new, in a list of their own.",
            mistake="not-entries",
        )


@answer_batch.check("repeats what the model said", needs=("returns a list of entries",))
def _repeats(seen: _Answered) -> None:
    case, echo = seen.case, seen.case.echo()
    got = list(seen.run.value)[: len(echo)]
    if list(map(_bare, got)) == list(map(_bare, echo)):
        return
    first = got[0] if got else {}
    expected = f"first the model's own words, unchanged: {short(echo)}"
    if first == case.response() or (case.api == "messages" and "stop_reason" in first):
        mistake = "whole-response"
        hint = "The history has what the model said, not the envelope around it (id, usage, …)."
    elif not got or _is_answer(case, first):
        mistake = "no-echo"
        hint = "Services keep no history for you: results without the calls before them are "
        hint += "refused as results that nobody asked for."
    else:
        mistake = "other-echo"
        hint = "Give back every block or item as it came, thoughts and reasoning included."
    raise Wrong(saw=short(got), expected=expected, hint=hint, mistake=mistake)


def _bare(entry: dict[str, JSON]) -> dict[str, JSON]:
    """Leave out what says nothing: keys whose value is None."""
    return {key: value for key, value in entry.items() if value is not None}


def _is_answer(case: Asked, entry: dict[str, JSON]) -> bool:
    says = _ANSWER[case.api][0]
    return says in (entry.get("type"), entry.get("role")) or entry.get("role") == "user"


@answer_batch.check(
    "Messages: all results in one user message", needs=("repeats what the model said",)
)
def _one_message(seen: _Answered) -> None:
    if seen.case.api != "messages":
        return
    expected = "one user message that holds nothing but the tool_result blocks"
    rest = seen.rest
    if len(rest) > 1:
        raise Wrong(
            saw=f"{len(rest)} messages",
            expected=expected,
            hint="All results of a batch travel together: one message, a block for each result.",
            mistake="message-each",
        )
    message: dict[str, Any] = rest[0] if rest else {}
    blocks = message.get("content")
    if message.get("role") != "user" or type(blocks) not in (list, tuple):
        raise Wrong(
            saw=short(message),
            expected=expected,
            hint="On the Messages API results come from the user: role user, content a list.",
            mistake="other-message",
        )
    _each_is_an_answer(seen, [*(blocks or ())], expected)


@answer_batch.check("OpenAI: one entry for each result", needs=("repeats what the model said",))
def _one_each(seen: _Answered) -> None:
    if seen.case.api == "messages":
        return
    says = "message with role tool" if seen.case.api == "chat" else "function_call_output item"
    _each_is_an_answer(seen, seen.rest, f"{seen.case.count} entries, each a {says}")


def _each_is_an_answer(seen: _Answered, answers: list[Any], expected: str) -> None:
    case = seen.case
    says, keys, *_ = _ANSWER[case.api]
    for answer in answers:
        if type(answer) is not dict or says not in (answer.get("type"), answer.get("role")):
            words = type(answer) is dict and answer.get("type") == "text"
            raise Wrong(
                saw=short(answer),
                expected=expected,
                hint="Nothing stands before or between the results; here, nothing but them."
                if words
                else "Each API has its own form: look at the table.",
                mistake="text-among-results" if words else "other-form",
            )
        if set(answer) - keys:
            flag = "is_error" in answer
            raise Wrong(
                saw=f"the keys {', '.join(map(str, answer))}",
                expected=f"only {', '.join(sorted(keys))}",
                hint="OpenAI's APIs have no flag for an error: it is told in the text."
                if flag
                else "Services refuse keys that they don't know.",
                mistake="flag-at-openai" if flag else "unknown-key",
            )
        if not keys - {"is_error"} <= set(answer):
            raise Wrong(
                saw=f"the keys {', '.join(map(str, answer))}",
                expected=", ".join(sorted(keys - {"is_error"})),
                hint="Each API has its own names for the id and the text: look at the table.",
                mistake="other-form",
            )


_FORMS = (
    "repeats what the model said",
    "Messages: all results in one user message",
    "OpenAI: one entry for each result",
)


@answer_batch.check("answers each call once", needs=_FORMS)
def _each_call(seen: _Answered) -> None:
    case = seen.case
    key = _ANSWER[case.api][2]
    got, want = [a[key] for a in seen.answers], [call["id"] for call in case.calls]
    if sorted(map(str, got)) == sorted(want):
        return
    items = [item.get("id") for item in case.echo()]
    if case.api == "responses" and any(i in items for i in got):
        mistake = "item-id"
        hint = "A function_call has two ids: id names the item, call_id the call."
    elif set(got) < set(want) and len(got) < len(want):
        mistake = "call-unanswered"
        hint = "The next request is refused unless every call has its result."
    else:
        mistake, hint = "foreign-id", "Copy the id of each result into its answer."
    raise Wrong(
        saw=", ".join(map(str, got)) or "no result",
        expected=f"one result each for {', '.join(want)}",
        hint=hint,
        mistake=mistake,
    )


@answer_batch.check("gives each call its own text", needs=("answers each call once",))
def _own_text(seen: _Answered) -> None:
    for answered, result, text, _ in _pairs(seen):
        wanted = str(result["content"])
        if type(text) is not str or not text.endswith(wanted):
            raise Wrong(
                saw=f"{answered} is answered with {short(text, 80)}",
                expected=wanted,
                hint="Results come in the order in which they were done: the id says which call "
                "a result belongs to, its place does not.",
                mistake="by-position",
            )


@answer_batch.check("says which call failed", needs=("gives each call its own text",))
def _failed(seen: _Answered) -> None:
    flagged = seen.case.api == "messages"
    for answered, result, text, flag in _pairs(seen):
        wanted = str(result["content"])
        if not flagged and result["is_error"]:
            wanted = f"Error: {wanted}"
        if text == wanted and (not flagged or flag == result["is_error"]):
            continue
        if not result["is_error"]:
            mistake = "good-call-marked"
            hint = "Mark the call that failed, and no other."
        else:
            mistake = "error-unmarked"
            hint = "Without a mark the model takes the error for what the tool said: is_error on "
            hint += "the Messages API, the word Error in the text on the others."
        raise Wrong(
            saw=f"{answered}: {short(text, 80)}" + (f", is_error={flag}" if flagged else ""),
            expected=wanted + (f", is_error={result['is_error']}" if flagged else ""),
            hint=hint,
            mistake=mistake,
        )


def _pairs(seen: _Answered) -> Iterator[tuple[str, dict[str, JSON], JSON, bool]]:
    """Yield the id, the result given, and the text and the flag that came of it."""
    _, _, key, content = _ANSWER[seen.case.api]
    answers = {answer[key]: answer for answer in seen.answers}
    for result in seen.case.results:
        answer = answers[result["id"]]
        yield result["id"], result, answer[content], answer.get("is_error", False)
