"""The agent loop: ask the model, run what it calls, give the results back, until it calls nothing.

Every output of the model has a `type` of its own, so one turn can hold a message and several
calls; results are keyed by call id; the number of turns is bounded.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from toollab.calls import ToolCall, ToolResult

__all__ = ("Dispatcher", "Output", "Partner", "Run", "Step", "run_agent")

Registry = Mapping[str, Callable[..., Any]]
Dispatcher = Callable[
    [list[ToolCall], Registry], "Awaitable[Sequence[ToolResult]] | Sequence[ToolResult]"
]
"""Runs a batch: a coroutine function, or a plain one that uses threads."""


@dataclass(frozen=True, slots=True)
class Output:
    """One thing the model said: a `message` with text, or a `function_call`."""

    type: Literal["message", "function_call"]
    text: str = ""
    call: ToolCall | None = None


class Partner(Protocol):
    """A model behind some API, with the conversation so far."""

    def ask(self, text: str) -> None:
        """Add the user's words."""
        ...

    async def respond(self) -> list[Output]:
        """Let the model take a turn; calls in a reply that was cut off are not returned."""
        ...

    def answer(self, results: Sequence[ToolResult]) -> None:
        """Add the results of the last turn's calls."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """One turn of the model, and the results of its calls by call id."""

    outputs: tuple[Output, ...]
    results: Mapping[str, ToolResult] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return what the model said in this turn."""
        return "\n".join(output.text for output in self.outputs if output.type == "message")

    @property
    def calls(self) -> list[ToolCall]:
        """Return what the model asked for in this turn."""
        return [output.call for output in self.outputs if output.call is not None]


@dataclass(frozen=True, slots=True)
class Run:
    """A whole run.  `finished` is false if the turns ran out before the model was done."""

    steps: tuple[Step, ...]
    finished: bool

    @property
    def answer(self) -> str:
        """Return the model's last words."""
        return self.steps[-1].text if self.steps else ""

    def __str__(self) -> str:
        lines = []
        for number, step in enumerate(self.steps, 1):
            lines.append(f"[turn {number}] {step.text}".rstrip())
            for call in step.calls:
                arguments = ", ".join(f"{name}={value!r}" for name, value in call.arguments.items())
                result = step.results[call.id]
                mark = "failed: " if result.is_error else ""
                lines.append(f"    {call.name}({arguments}) → {mark}{result.content}")
        return "\n".join(lines if self.finished else [*lines, "[stopped: no turns left]"])


async def run_agent(
    partner: Partner,
    question: str,
    registry: Registry,
    dispatch: Dispatcher,
    *,
    max_turns: int = 10,
) -> Run:
    """Let `partner` work on `question` with the tools in `registry`.

    `dispatch` runs each batch.  Raises `ValueError` if it does not answer every call exactly
    once: the real services would refuse the next request.
    """
    steps: list[Step] = []
    partner.ask(question)
    for _ in range(max_turns):
        outputs = await partner.respond()
        calls = [output.call for output in outputs if output.call is not None]
        if not calls:
            return Run((*steps, Step(tuple(outputs))), finished=True)
        answered = dispatch(calls, registry)
        if inspect.isawaitable(answered):
            answered = await answered
        results = keyed(calls, answered)
        partner.answer([results[call.id] for call in calls])
        steps.append(Step(tuple(outputs), results))
    return Run(tuple(steps), finished=False)


def keyed(calls: Sequence[ToolCall], results: Sequence[ToolResult]) -> dict[str, ToolResult]:
    """Return the results by call id, if there is exactly one for each call."""
    wanted, got = [call.id for call in calls], [result.id for result in results]
    if sorted(wanted) != sorted(got):
        raise ValueError(
            f"The dispatcher was given the calls {wanted} and answered {got}. "
            "Hint: return one result for each call, with the call's id."
        )
    return {result.id: result for result in results}
