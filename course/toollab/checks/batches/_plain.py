"""What the checks of this notebook ask of values made of dicts and lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from toollab.calls import JSON
from toollab.checks._answers import returned
from toollab.checks._exercise import Wrong
from toollab.clock import Run

__all__ = ("calls_of", "short", "the_calls_are_there", "the_order_is_kept")

Call = dict[str, JSON]
_KEYS = {"id", "name", "arguments"}


def short(value: Any, most: int = 160) -> str:
    """Return a value as one line of at most `most` characters."""
    text = repr(value)
    return text if len(text) <= most else f"{text[: most - 2]} …"


def calls_of(run: Run) -> list[Call]:
    """Ask that the function returned a list of calls, and return that."""
    expected = "a list of dicts with the keys id, name and arguments"
    value = returned(run, expected)
    if type(value) not in (list, tuple):
        raise Wrong(
            saw=f"a value of type {type(value).__name__}",
            expected=expected,
            hint="One call or none is still a list: of one dict, or an empty one.",
            mistake="not-a-list",
        )
    for item in value:
        if type(item) is not dict or set(item) != _KEYS:
            raise Wrong(
                saw=short(item),
                expected=expected,
                hint="Build a new dict for each call, with exactly these three keys.",
                mistake="not-calls",
            )
        if type(item["arguments"]) is not dict:
            raise Wrong(
                saw=f"arguments of type {type(item['arguments']).__name__}",
                expected="arguments as a dict, ready for tool(**arguments)",
                hint="OpenAI sends arguments as JSON text: json.loads turns it into a dict."
                if type(item["arguments"]) is str
                else "Arguments are an object, and one without arguments is an empty dict.",
                mistake="arguments-as-text" if type(item["arguments"]) is str else "not-calls",
            )
    return list(value)


def the_calls_are_there(got: Sequence[Call], asked: Sequence[Call]) -> None:
    """Ask for each call that was asked for, once, and for nothing else."""
    ids, want = [call["id"] for call in got], [call["id"] for call in asked]
    if sorted(map(str, ids)) == sorted(want):
        return
    names = list(dict.fromkeys(call["name"] for call in asked))
    lost = [i for i in want if i not in ids]
    foreign = [i for i in ids if i not in want]
    hints = {
        "other-id": "Copy the call's own id: its result will be matched by it.",
        "keyed-by-name": "The same tool can be called twice in a turn: its name is no key.",
        "first-only": "A turn can hold several calls: go through all of its blocks.",
        "last-only": "A turn can hold several calls: go through all of its blocks.",
        "stops-early": "Text may stand between calls: skip it and go on to the end.",
        "takes-other-blocks": "Only blocks of type tool_use are calls for you to run.",
        "lost-calls": "Every call of the turn belongs into the list, and each of them once.",
    }
    if len(ids) == len(want) and len(lost) == len(foreign):
        mistake = "other-id"
    elif foreign:
        mistake = "takes-other-blocks"
    elif len(want) > len(ids) == len(names) and [call["name"] for call in got] == names:
        mistake = "keyed-by-name" if len(ids) > 1 else _end_of(ids, want)
    elif len(ids) == 1:
        mistake = _end_of(ids, want)
    else:
        mistake = "stops-early" if ids == want[: len(ids)] else "lost-calls"
    raise Wrong(
        saw=f"the ids {', '.join(map(str, ids)) or '(none)'}",
        expected=", ".join(want) or "an empty list",
        hint=hints[mistake],
        mistake=mistake,
    )


def _end_of(ids: Sequence[JSON], want: Sequence[str]) -> str:
    return {want[0]: "first-only", want[-1]: "last-only"}.get(ids[0], "lost-calls")


def the_order_is_kept(got: Sequence[Call], asked: Sequence[Call], hint: str) -> None:
    """Ask for the order in which the model asked."""
    ids, want = [call["id"] for call in got], [call["id"] for call in asked]
    if ids != want:
        raise Wrong(saw=", ".join(ids), expected=", ".join(want), hint=hint, mistake="other-order")
