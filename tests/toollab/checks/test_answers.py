"""What a learner reads when a function over plain data raises."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from toollab.checks import Outcome
from toollab.checks import batches as check


def _attribute(message: Any) -> Any:
    return message.content


def _text_for_a_dict(message: Any) -> Any:
    return [block["id"] for block in message["stop_reason"]]


def _none(_message: Any) -> Any:
    found: Any = None
    return [block["id"] for block in found]


def _list_as_key(message: Any) -> Any:
    return {message["content"]: 1}


def _missing_key(message: Any) -> Any:
    return [block["id"] for block in message["blocks"]]


def _no_json(_message: Any) -> Any:
    return json.loads("")


def _something_else(_message: Any) -> Any:
    raise ValueError("a text of their own")


def _undefined(_message: Any) -> Any:
    raise NameError("name 'f' is not defined; the cell 'f' did not run to its end: SyntaxError")


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        (_attribute, "ask it by key"),
        (_text_for_a_dict, "not every item has the same form"),
        (_none, "hold None"),
        (_list_as_key, "make a text of it"),
        (_missing_key, "a level deeper"),
        (_no_json, "no JSON"),
        (_something_else, "look at what that line got"),
        (_undefined, "Run the cell with your answer alone"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_exception_is_told_with_its_place_and_its_cause(
    slip: Callable[[Any], Any], told: str
) -> None:
    """The report names the line in the learner's code, and says what Python's words mean here."""
    report = check.extract_calls(slip)
    finding = next(f for f in report.findings if f.outcome is Outcome.FAILED)
    assert told in finding.hint
    assert f"(in {slip.__name__}, line " in finding.saw or "<listcomp>" in finding.saw
