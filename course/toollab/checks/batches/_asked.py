"""A turn with calls on each of three APIs, and the results that a harness has for it."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import Any, Literal

from toollab.calls import JSON
from toollab.checks.batches._turns import Kind, Turn, made_up_calls

__all__ = ("Api", "Asked")

Api = Literal["messages", "chat", "responses"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A response that asks for `count` calls, and one result for each, in completion order.

    `failed` are the places of the calls that failed, counted from 0.
    """

    api: Api
    count: int
    failed: tuple[int, ...] = ()
    thinks: bool = False
    seed: int = 0

    @property
    def calls(self) -> list[dict[str, JSON]]:
        """The calls, in the order of emission."""
        prefix = "toolu_" if self.api == "messages" else "call_"
        return made_up_calls(self.count, self.seed, prefix)

    @property
    def results(self) -> list[dict[str, JSON]]:
        """A result for each call, in the order in which they were done."""
        results: list[dict[str, JSON]] = [
            {
                "id": call["id"],
                "content": "TimeoutError: 5 s" if place in self.failed else f"answer {place}",
                "is_error": place in self.failed,
            }
            for place, call in enumerate(self.calls)
        ]
        random.Random(self.seed + 1).shuffle(results)  # noqa: S311 - chance, not secrets
        return results

    @property
    def told(self) -> str:
        """The case in words."""
        return f"{self.count} calls on the {self.api} API"

    def echo(self) -> list[dict[str, Any]]:
        """Return what the model said, as the history has to repeat it."""
        response = self.response()
        if self.api == "messages":
            return [{"role": "assistant", "content": response["content"]}]
        if self.api == "chat":
            return [response["choices"][0]["message"]]
        return list(response["output"])

    def response(self) -> dict[str, Any]:
        """Write the response's body."""
        if self.api == "messages":
            thoughts: tuple[Kind, ...] = ("thinking",) if self.thinks else ()
            calls: list[Kind] = ["call"] * self.count
            return Turn((*thoughts, "text", *calls), seed=self.seed).message()
        return self._chat() if self.api == "chat" else self._responses()

    def _chat(self) -> dict[str, Any]:
        calls = [
            {
                "id": call["id"],
                "type": "function",
                "function": {"name": call["name"], "arguments": json.dumps(call["arguments"])},
            }
            for call in self.calls
        ]
        message = {"role": "assistant", "content": None, "refusal": None, "tool_calls": calls}
        choice = {"index": 0, "message": message, "finish_reason": "tool_calls"}
        return {"id": "chatcmpl-1", "object": "chat.completion", "choices": [choice]}

    def _responses(self) -> dict[str, Any]:
        output: list[dict[str, JSON]] = []
        if self.thinks:
            output.append({"type": "reasoning", "id": f"rs_{self.seed}", "summary": []})
        output += [
            {
                "type": "function_call",
                "id": f"fc_{self.seed}{place}",
                "call_id": call["id"],
                "name": call["name"],
                "arguments": json.dumps(call["arguments"]),
                "status": "completed",
            }
            for place, call in enumerate(self.calls)
        ]
        return {"id": "resp_1", "object": "response", "status": "completed", "output": output}
