"""The agent loop's three partners: one for each API, over the vendors' own clients.

Each keeps the whole conversation and sends it with every request.  Clients may be blocking or
not.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping, Sequence
from typing import Any

from toollab.calls import JSON, ToolCall, ToolResult, ToolSpec
from toollab.providers.agent.loop import Output
from toollab.providers.wire import anthropic, chat, responses

__all__ = ("ChatAgent", "MessagesAgent", "ResponsesAgent")


class _Agent:
    """What the three have in common.

    `client` is a vendor's client; `parallel` is left to the vendor's default if `None`;
    `options` go into every request.
    """

    def __init__(
        self,
        client: Any,
        model: str,
        specs: Sequence[ToolSpec] = (),
        *,
        system: str = "",
        parallel: bool | None = None,
        max_tokens: int = 1024,
        **options: Any,
    ) -> None:
        self.client, self.model, self.specs = client, model, tuple(specs)
        self.system, self.parallel, self.max_tokens = system, parallel, max_tokens
        self.options = options
        self.history: list[Any] = []

    def ask(self, text: str) -> None:
        """Add the user's words."""
        self.history.append({"role": "user", "content": text})


class MessagesAgent(_Agent):
    """Anthropic Messages: results are blocks of one user message; errors have a flag."""

    async def respond(self) -> list[Output]:
        """Let the model take a turn."""
        request = {**self.options, "model": self.model, "max_tokens": self.max_tokens}
        if self.system:
            request["system"] = self.system
        if self.specs:
            request["tools"] = anthropic.tools(self.specs)
        if self.specs and self.parallel is not None:
            request["tool_choice"] = {
                "type": "auto",
                "disable_parallel_tool_use": not self.parallel,
            }
        message = await _maybe(self.client.messages.create(messages=self.history, **request))
        self.history.append({"role": "assistant", "content": message.content})
        outputs = []
        for block in message.content:
            if block.type == "text":
                outputs.append(Output("message", block.text))
            elif block.type == "tool_use" and message.stop_reason == "tool_use":
                call = ToolCall(block.id, block.name, block.input)
                outputs.append(Output("function_call", call=call))
        return outputs

    def answer(self, results: Sequence[ToolResult]) -> None:
        """Add the results, all in one message."""
        blocks = [
            {
                "type": "tool_result",
                "tool_use_id": result.id,
                "content": result.content,
                "is_error": result.is_error,
            }
            for result in results
        ]
        self.history.append({"role": "user", "content": blocks})


class ChatAgent(_Agent):
    """OpenAI Chat Completions: one tool message for each result; errors are told in words."""

    async def respond(self) -> list[Output]:
        """Let the model take a turn."""
        request = {**self.options, "model": self.model, "max_completion_tokens": self.max_tokens}
        if self.specs:
            request["tools"] = chat.tools(self.specs)
        if self.specs and self.parallel is not None:
            request["parallel_tool_calls"] = self.parallel
        system = [{"role": "system", "content": self.system}] if self.system else []
        completion = await _maybe(
            self.client.chat.completions.create(messages=[*system, *self.history], **request)
        )
        choice = completion.choices[0]
        self.history.append(choice.message.to_dict())
        outputs = [Output("message", choice.message.content)] if choice.message.content else []
        if choice.finish_reason == "tool_calls":
            for call in choice.message.tool_calls or ():
                function = call.function
                read = ToolCall(call.id, function.name, _arguments(function.arguments))
                outputs.append(Output("function_call", call=read))
        return outputs

    def answer(self, results: Sequence[ToolResult]) -> None:
        """Add the results, one message each."""
        self.history += [
            {"role": "tool", "tool_call_id": result.id, "content": _in_words(result)}
            for result in results
        ]


class ResponsesAgent(_Agent):
    """OpenAI Responses: results are items, matched by `call_id`; every item is sent back."""

    async def respond(self) -> list[Output]:
        """Let the model take a turn."""
        request = {**self.options, "model": self.model, "max_output_tokens": self.max_tokens}
        if self.system:
            request["instructions"] = self.system
        if self.specs:
            request["tools"] = responses.tools(self.specs)
        if self.specs and self.parallel is not None:
            request["parallel_tool_calls"] = self.parallel
        response = await _maybe(self.client.responses.create(input=self.history, **request))
        self.history += [item.to_dict() for item in response.output]
        outputs = []
        for item in response.output:
            if item.type == "message":
                text = "".join(part.text for part in item.content if part.type == "output_text")
                outputs.append(Output("message", text))
            elif item.type == "function_call" and response.status == "completed":
                call = ToolCall(item.call_id, item.name, _arguments(item.arguments))
                outputs.append(Output("function_call", call=call))
        return outputs

    def answer(self, results: Sequence[ToolResult]) -> None:
        """Add the results, one item each."""
        self.history += [
            {"type": "function_call_output", "call_id": r.id, "output": _in_words(r)}
            for r in results
        ]


async def _maybe(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


def _arguments(text: str) -> Mapping[str, JSON]:
    """Read a call's arguments.  Raises `ValueError` if they are not a JSON object."""
    arguments = json.loads(text or "{}")
    if not isinstance(arguments, dict):
        raise ValueError(  # noqa: TRY004  the text is wrong, not the caller's type
            f"A call's arguments are {text!r}, not an object. "
            "Hint: the model made a mistake; ask it again."
        )
    return arguments


def _in_words(result: ToolResult) -> str:
    """Tell an error in the text, for APIs that have no flag for it."""
    return f"Error: {result.content}" if result.is_error else result.content
