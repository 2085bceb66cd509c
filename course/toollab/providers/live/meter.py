"""The most a call can cost before it is made, and what it did cost after."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from toollab.calls import JSON
from toollab.providers.live.budget import BudgetError
from toollab.providers.log import Api
from toollab.providers.wire.common import as_list, as_object

__all__ = ("Bound", "Usage", "UsageReader", "bound", "limited")

OVERHEAD = 2_000
"""Input tokens a service may add of its own, for example to explain tools to the model."""

OUTPUT_LIMIT = 2_048
"""Output tokens that a request without a limit gets."""

_LIMITS: Mapping[Api, tuple[str, ...]] = {
    "messages": ("max_tokens",),
    "chat": ("max_completion_tokens", "max_tokens"),
    "responses": ("max_output_tokens",),
}


_OWN_TOOLS = (None, "custom", "function")
_PRICED_APART = (
    *("audio", "background", "container", "conversation", "fallbacks", "mcp_servers", "modalities"),
    *("prediction", "prompt", "service_tier", "speed", "web_search_options"),
)
_MEDIA = ("document", "file", "image", "image_url", "input_audio", "input_file", "input_image")


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens in and out."""

    input: int
    output: int


Bound = Usage
"""The most tokens a call can use."""


def limited(api: Api, body: Mapping[str, JSON]) -> dict[str, Any]:
    """Return the request with a limit on output tokens, adding one if it has none."""
    names = _LIMITS[api]
    has_one = any(isinstance(body.get(name), int) for name in names)
    return dict(body) if has_one else {**body, names[0]: OUTPUT_LIMIT}


def bound(api: Api, body: Mapping[str, JSON], *, before: int | None = 0) -> Bound:
    """Return the most tokens a limited request can use.

    A token is at least one byte, so the request's bytes are a bound for its input; `before`
    are the tokens of the stored conversation it continues, `None` if nobody knows.  Raises
    `BudgetError` where there is no bound.
    """
    if before is None:
        raise BudgetError(
            "This call continues a stored conversation of unknown length. "
            "Hint: send the whole history instead of `previous_response_id`."
        )
    if any(as_object(t).get("type") not in _OWN_TOOLS for t in as_list(body.get("tools"))):
        raise BudgetError(
            "This call offers a tool that the service runs and bills itself, without a bound. "
            "Hint: offer only tools of your own."
        )
    dear = [name for name in _PRICED_APART if body.get(name)]
    if dear or _refers_to_media(body):
        raise BudgetError(
            f"This call uses {', '.join(dear) or 'images or files'}, which the course cannot "
            "price. Hint: leave that out, or use a client of your own."
        )
    size = len(json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    output = max(int(body[name] or 0) for name in _LIMITS[api] if name in body)
    answers = body.get("n")
    return Bound(size + OVERHEAD + before, output * (answers if isinstance(answers, int) else 1))


def _refers_to_media(value: JSON) -> bool:
    """Look for parts whose size in tokens has nothing to do with their size in bytes."""
    if isinstance(value, list):
        return any(map(_refers_to_media, value))
    if not isinstance(value, dict):
        return False
    return value.get("type") in _MEDIA or any(map(_refers_to_media, value.values()))


@dataclass(slots=True)
class UsageReader:
    """Reads a response as it passes by: what was used, and what a stored response holds.

    `final` tells whether `usage` is the last word; a stream begins with a first one.
    """

    usage: Usage = Usage(0, 0)
    final: bool = False
    response: dict[str, Any] = field(default_factory=dict)
    _rest: bytes = b""

    def feed(self, data: bytes) -> None:
        """Look at the next bytes of a stream."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line.startswith(b"data:") and b'"usage"' in line:
                self.read(line.removeprefix(b"data:"))

    def read(self, data: bytes) -> None:
        """Look at a whole JSON document."""
        try:
            document = as_object(json.loads(data))
        except ValueError:
            return
        self._add(as_object(as_object(document.get("message")).get("usage")))
        for holder in (document, as_object(document.get("response"))):
            usage = as_object(holder.get("usage"))
            self._add(usage)
            self.final = self.final or bool(usage)
            if holder.get("object") == "response":
                self.response = holder

    def _add(self, usage: Mapping[str, JSON]) -> None:
        def tokens(*names: str) -> int:
            return sum(n for n in map(usage.get, names) if isinstance(n, int))

        given = tokens("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
        self.usage = Usage(
            max(self.usage.input, given, tokens("prompt_tokens")),
            max(self.usage.output, tokens("output_tokens"), tokens("completion_tokens")),
        )
