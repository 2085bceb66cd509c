"""One reply of the model on each of three APIs, made from the calls it is known to hold."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from toollab.calls import JSON, ToolCall
from toollab.checks.vendors._requests import Api

__all__ = ("Kind", "Said")

Kind = Literal["call", "bare", "text", "thinking", "search"]
_ARGUMENTS: tuple[dict[str, JSON], ...] = (
    {"customer_id": 1234},
    {"customer_id": 1235},
    {"name": "Zürich", "tags": ["a", "b"]},
    {"message": 'a "quoted" {word}\nand a second line'},
    {"filter": {"id": "call_1", "limit": None}},
)
_NAMES = ("get_customer", "get_customer", "search_docs", "send_email")


@dataclass(frozen=True, slots=True)
class Said:
    """A reply whose parts are, in order, those of `layout`.

    `bare` is a call of a tool that takes no arguments; `search` a tool that the vendor ran
    itself.  Where an API has no such part in a reply, it is left out.  `ended` is what a reply of
    Chat Completions gives as the reason for its end, if not the usual one.
    """

    api: Api
    layout: tuple[Kind, ...]
    seed: int = 0
    ended: str = ""

    @property
    def calls(self) -> list[ToolCall]:
        """The calls in it, in the order of emission; the first two are of one tool."""
        source = random.Random(self.seed)  # noqa: S311 - chance, not secrets
        prefix = "toolu_" if self.api == "messages" else "call_"
        kinds = [kind for kind in self.layout if kind in ("call", "bare")]
        calls = []
        for place, kind in enumerate(kinds):
            # Descending, so that sorting by id changes the order.
            call_id = f"{prefix}{len(kinds) - place:02d}{source.randrange(16**6):06x}"
            if kind == "bare":
                calls.append(ToolCall(call_id, "get_time", {}))
            else:
                arguments = _ARGUMENTS[(place + self.seed) % len(_ARGUMENTS)]
                calls.append(ToolCall(call_id, _NAMES[place % len(_NAMES)], arguments))
        return calls

    @property
    def told(self) -> str:
        """The case in words."""
        ended = f", finish_reason {self.ended!r}" if self.ended else ""
        return f"a reply of {self.api!r} with {', '.join(self.layout) or 'nothing'}{ended}"

    def reply(self) -> dict[str, Any]:
        """Write the reply's body."""
        write = {"messages": self._messages, "chat": self._chat, "responses": self._responses}
        return write[self.api]()

    def item_ids(self) -> list[str]:
        """Return the ids that the Responses API gives to the items that hold the calls."""
        return [f"fc_{self.seed}{place}" for place, _ in enumerate(self.calls)]

    def _messages(self) -> dict[str, Any]:
        calls, content = iter(self.calls), list[dict[str, JSON]]()
        for kind in self.layout:
            if kind in ("call", "bare"):
                call = next(calls)
                content.append(
                    {
                        "type": "tool_use",
                        "id": call.id,
                        "name": call.name,
                        "input": dict(call.arguments),
                    }
                )
            else:
                content += _block(kind)
        return {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "content": content,
            "stop_reason": "tool_use" if self.calls else "end_turn",
        }

    def _chat(self) -> dict[str, Any]:
        words = "Let me look." if "text" in self.layout else None
        message: dict[str, JSON] = {"role": "assistant", "content": words, "refusal": None}
        calls = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": _written(call)},
            }
            for call in self.calls
        ]
        if calls:
            message["tool_calls"] = calls
        elif self.seed % 2:
            message["tool_calls"] = None  # some servers leave the key out, some send null
        finish = self.ended or ("tool_calls" if calls else "stop")
        choice = {"index": 0, "message": message, "finish_reason": finish}
        return {"id": "chatcmpl-1", "object": "chat.completion", "choices": [choice]}

    def _responses(self) -> dict[str, Any]:
        return {
            "id": "resp_1",
            "object": "response",
            "status": "completed",
            "output": list(self._items()),
        }

    def _items(self) -> Iterator[dict[str, JSON]]:
        calls = iter(zip(self.calls, self.item_ids(), strict=True))
        for kind in self.layout:
            if kind in ("call", "bare"):
                call, item_id = next(calls)
                yield {
                    "type": "function_call",
                    "id": item_id,
                    "call_id": call.id,
                    "name": call.name,
                    "arguments": _written(call),
                    "status": "completed",
                }
            elif kind == "text":
                part = {"type": "output_text", "text": "Let me look.", "annotations": []}
                yield {"type": "message", "id": "msg_1", "role": "assistant", "content": [part]}
            elif kind == "thinking":
                yield {"type": "reasoning", "id": "rs_1", "summary": []}
            else:
                yield {"type": "web_search_call", "id": "ws_1", "status": "completed"}


def _written(call: ToolCall) -> str:
    """Write arguments as OpenAI sends them: JSON text; for none, some servers send no text."""
    return json.dumps(dict(call.arguments), ensure_ascii=False) if call.arguments else ""


def _block(kind: str) -> list[dict[str, JSON]]:
    if kind == "text":
        return [{"type": "text", "text": "Let me look."}]
    if kind == "thinking":
        return [{"type": "thinking", "thinking": "Both at once.", "signature": "c2ln"}]
    return [
        {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}},
        {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []},
    ]
