"""What checks ask of any function over plain data."""

from __future__ import annotations

import inspect
import json
import math
from typing import Any

from toollab.checks import _probes as probes
from toollab.checks._exercise import Wrong
from toollab.clock import Run, Stuck, where_raised

__all__ = ("close", "is_number", "returned")


_SLIPS = {
    "'dict' object has no attribute": "That line got a dict: ask it by key, item['key'].",
    "object is not subscriptable": "That line got no dict and no list: fields of an object such "
    "as a call are asked for by name, call.name.",
    "string indices must be integers": "That line got a text where it counts on a dict: not "
    "every item has the same form.",
    "'NoneType' object is not iterable": "That line got None: a key may be there and hold None.",
    "unhashable type": "A list or a dict cannot be a key, nor can a tuple that holds one: make a "
    "text of it.",
}
"""What Python says of a slip that is easily made with plain data, and what it means here."""


def returned(run: Run, expected: str) -> Any:
    """Ask that the function came back with something, and return that."""
    error = run.error
    if isinstance(error, Stuck):
        probes.comes_back(run)
    if error is not None:
        raise _raised(error, expected)
    if inspect.iscoroutine(run.value):
        run.value.close()
    if run.value is None:
        raise Wrong(
            saw="None",
            expected=expected,
            hint="print shows a value to a reader; only return hands it to the caller.",
            mistake="returns-nothing",
        )
    return run.value


def _raised(error: BaseException, expected: str) -> Wrong:
    place, _ = where_raised(error)
    mistake, hint = "raises", "An exception got out of your function: look at what that line got."
    if told := probes.hint_if_undefined(error):
        mistake, hint = "undefined", told
    elif isinstance(error, KeyError):
        mistake = "missing-key"
        hint = (
            "Not every item has every key (.get(key, something_else) copes with that), and some "
            "keys stand a level deeper."
        )
    elif isinstance(error, json.JSONDecodeError):
        hint = "What that line read is no JSON: half a text is none, and an empty text is none."
    elif isinstance(error, AttributeError | TypeError):
        hint = next((told for words, told in _SLIPS.items() if words in str(error)), hint)
    return Wrong(
        saw=f"{type(error).__name__}: {error}" + (f" (in {place})" if place else ""),
        expected=expected,
        hint=hint,
        mistake=mistake,
    )


def is_number(value: Any) -> bool:
    """Tell whether this is a plain, finite number.

    The type is asked for exactly: an object that claims to equal everything is not data.
    """
    return type(value) in (int, float) and math.isfinite(value)


def close(one: float, other: float) -> bool:
    """Tell whether two numbers are the same to a millionth."""
    return abs(one - other) <= 1e-6 * max(1.0, abs(other))
