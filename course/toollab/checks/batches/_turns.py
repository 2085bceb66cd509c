"""One response of the model, whole and streamed, made from the calls it is known to hold."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Literal

from toollab.calls import JSON

__all__ = ("Kind", "Stream", "Turn", "made_up_calls")

Call = dict[str, JSON]
Kind = Literal["call", "text", "thinking", "search"]
_ARGUMENTS: tuple[dict[str, JSON], ...] = (
    {"city": "Beijing"},
    {"city": "LA"},
    {},
    {"city": "Zürich", "days": 3},
    {"query": 'a "quoted" word', "limit": None},
    {"to": "jack@example.com", "message": "{not json}\nbut a text"},
    {"filter": {"id": "call_1", "tags": ["a", "b"]}},
)
_NAMES = ("get_weather", "get_weather", "search_docs", "send_email", "get_weather")


def made_up_calls(count: int, seed: int, prefix: str) -> list[Call]:
    """Return calls with ids whose order as text is not theirs; the first two are of one tool."""
    source = random.Random(f"{seed} {prefix}")  # noqa: S311 - chance, not secrets
    calls: list[Call] = []
    for place in range(count):
        number = count - place  # descending, so that sorting by id changes the order
        call_id = f"{prefix}{number:02d}{source.randrange(16**6):06x}"
        arguments = _ARGUMENTS[(place + seed) % len(_ARGUMENTS)]
        calls.append({"id": call_id, "name": _NAMES[place % len(_NAMES)], "arguments": arguments})
    return calls


@dataclass(frozen=True, slots=True)
class Turn:
    """One response on the Anthropic Messages API.

    `layout` names its blocks in order: `call`, `text`, `thinking`, or `search`, a tool that the
    vendor has run already.  `cut` is the stop reason of the same response had it not come to its
    end, or not to calls.
    """

    layout: tuple[Kind, ...]
    cut: str = "max_tokens"
    seed: int = 0

    @property
    def calls(self) -> list[Call]:
        """The calls in it, in the order of emission."""
        return made_up_calls(self.layout.count("call"), self.seed, "toolu_")

    @property
    def told(self) -> str:
        """The case in words."""
        return f"a response with the blocks {', '.join(self.layout) or '(none)'}"

    def message(self, *, cut: bool = False) -> dict[str, Any]:
        """Write the response's body."""
        calls, content = iter(self.calls), list[dict[str, JSON]]()
        for kind in self.layout:
            if kind == "call":
                call = next(calls)
                content.append(
                    {
                        "type": "tool_use",
                        "id": call["id"],
                        "name": call["name"],
                        "input": call["arguments"],
                        "caller": {"type": "direct"},
                    }
                )
            else:
                content += _other_blocks(kind)
        whole = "tool_use" if "call" in self.layout else "end_turn"
        return {
            "id": f"msg_{self.seed:04d}",
            "type": "message",
            "role": "assistant",
            "model": "a-model",
            "content": content,
            "stop_reason": self.cut if cut else whole,
            "stop_sequence": None,
            "usage": {"input_tokens": 300, "output_tokens": 90},
        }


def _other_blocks(kind: str) -> list[dict[str, JSON]]:
    if kind == "text":
        return [{"type": "text", "text": "Let me look that up with get_weather."}]
    if kind == "thinking":
        return [{"type": "thinking", "thinking": "Two lookups at once.", "signature": "c2ln"}]
    name, call_id = "web_search", "srvtoolu_01ab"
    return [
        {"type": "server_tool_use", "id": call_id, "name": name, "input": {"query": "weather"}},
        {"type": "web_search_tool_result", "tool_use_id": call_id, "content": []},
    ]


@dataclass(frozen=True, slots=True)
class Stream:
    """One streamed response on OpenAI's Chat Completions API, chunk by chunk.

    Fragments of `count` calls come one call after the other, or `mixed`.  `late` announces the
    calls in the reverse order of their index.  With `repeats`, every fragment carries its call's
    id or name again.  `bundled` chunks carry two fragments each.  `cut` is how the same stream
    ends when it is cut off: with the finish reason `length` and the last fragment missing, with
    `nothing` for a finish reason, or before the `first` chunk.
    """

    count: int
    mixed: bool = False
    late: bool = False
    repeats: Literal["", "id", "name"] = ""
    cut: Literal["length", "nothing", "first"] = "length"
    fragment: int = 7
    bundled: bool = False
    seed: int = 0

    @property
    def calls(self) -> list[Call]:
        """The calls in it, in the order of their index."""
        return made_up_calls(self.count, self.seed, "call_")

    @property
    def told(self) -> str:
        """The case in words."""
        way = "mixed fragments" if self.mixed else "one call after the other"
        return f"a stream of {self.count} calls, {way}"

    @property
    def is_simple(self) -> bool:
        """Whether calls come one after the other and in order, with ids and names once."""
        return not (self.mixed or self.late or self.repeats)

    def chunks(self, *, cut: bool = False, clash: bool = False) -> list[dict[str, Any]]:
        """Write the chunks; with `clash`, all calls come under index 0."""
        if cut and self.cut == "first":
            return []
        each = [list(self._deltas(0 if clash else i, call)) for i, call in enumerate(self.calls)]
        if self.late:
            each.reverse()
        if self.mixed:
            rows = zip_longest(*each)
            deltas = [delta for row in rows for delta in row if delta is not None]
        else:
            deltas = [delta for one in each for delta in one]
        if cut and self.cut == "length":
            deltas = deltas[:-1]
        end = self.cut if cut else "tool_calls" if self.count else "stop"
        said: list[dict[str, JSON]] = [{"role": "assistant", "content": None}]
        said += [{"content": part} for part in ("Let me ", "look.")]
        size = 2 if self.bundled else 1
        said += [{"tool_calls": deltas[i : i + size]} for i in range(0, len(deltas), size)]
        said += [{"tool_calls": None, "content": ""}]
        choices: list[tuple[dict[str, JSON], str | None]] = [(delta, None) for delta in said]
        if end != "nothing":
            choices.append(({}, end))
        written = [_chunk([{"index": 0, "delta": d, "finish_reason": e}]) for d, e in choices]
        return [*written, {**_chunk([]), "usage": {"prompt_tokens": 90, "completion_tokens": 30}}]

    def _deltas(self, index: int, call: Call) -> Iterator[dict[str, Any]]:
        function = {"name": call["name"], "arguments": ""}
        yield {"index": index, "id": call["id"], "type": "function", "function": function}
        # A call without arguments may come with none to read at all.
        text = json.dumps(call["arguments"], ensure_ascii=False) if call["arguments"] else ""
        for start in range(0, len(text), self.fragment):
            delta: dict[str, Any] = {"index": index, "id": None}
            delta["function"] = {"arguments": text[start : start + self.fragment]}
            if self.repeats == "id":
                delta["id"] = call["id"]
            elif self.repeats == "name":
                delta["function"]["name"] = call["name"]
            else:
                del delta["id"]
            yield delta


def _chunk(choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "a-model",
        "choices": choices,
    }
