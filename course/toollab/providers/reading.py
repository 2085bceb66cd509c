"""From bytes to a JSON object, or the reason why not."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from toollab.calls import JSON
from toollab.providers import troubles
from toollab.providers.rules.fault import Fault

__all__ = ("parse",)

MAX_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 64


def parse(body: bytes, *, anthropic: bool) -> dict[str, Any] | Fault:
    """Read a request body; refuse what is no JSON object, too large or too deeply nested."""
    if len(body) > MAX_BYTES:
        return troubles.too_large(anthropic=anthropic)
    try:
        value = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or not _shallow(value, MAX_DEPTH):
        return troubles.bad_json(anthropic=anthropic)
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON.")


def _shallow(value: JSON, depth: int) -> bool:
    if not isinstance(value, (dict, list)):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return depth > 0 and all(_shallow(item, depth - 1) for item in inner)
