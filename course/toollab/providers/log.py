"""What was asked and what was answered: the record that checks assert on.

Headers are not kept, so no key can get into a log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from toollab.calls import JSON, ToolCall, ToolResult
from toollab.providers.conversation import Batch, Conversation, Reply
from toollab.providers.rules.fault import Fault

__all__ = ("Api", "Exchange", "RequestLog")

Api = Literal["messages", "chat", "responses"]
"""Anthropic Messages, OpenAI Chat Completions, OpenAI Responses."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer.

    `reply` is `None` when the request was refused or failed.  `faults` are the rules it broke,
    which in `record` mode (`Knobs(enforce=False)`) do not prevent a reply.
    """

    number: int
    api: Api | None
    method: str
    path: str
    body: Mapping[str, JSON]
    status: int
    faults: tuple[Fault, ...] = ()
    conversation: Conversation | None = None
    reply: Reply | None = None
    streamed: bool = False

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """Return the calls the model asked for in this answer."""
        return self.reply.calls if self.reply else ()

    @property
    def batch(self) -> Batch | None:
        """Return the last batch of calls in the request, with the results it brought."""
        batches = self.conversation.batches if self.conversation else ()
        return batches[-1] if batches else None


@dataclass(slots=True)
class RequestLog:
    """All exchanges since the mock was made or the log was cleared."""

    exchanges: list[Exchange] = field(default_factory=list)

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self.exchanges)

    def __len__(self) -> int:
        return len(self.exchanges)

    def __getitem__(self, index: int) -> Exchange:
        return self.exchanges[index]

    def clear(self) -> None:
        """Forget all exchanges."""
        self.exchanges.clear()

    @property
    def replies(self) -> list[Exchange]:
        """Return the exchanges in which the model replied."""
        return [exchange for exchange in self.exchanges if exchange.reply is not None]

    @property
    def statuses(self) -> list[int]:
        """Return the HTTP status of each exchange."""
        return [exchange.status for exchange in self.exchanges]

    @property
    def faults(self) -> list[Fault]:
        """Return every broken rule, in order."""
        return [fault for exchange in self.exchanges for fault in exchange.faults]

    @property
    def calls_per_turn(self) -> list[int]:
        """Return the number of calls in each reply: `[3, 1, 0]`."""
        return [len(exchange.calls) for exchange in self.replies]

    @property
    def average_calls(self) -> float:
        """Return the mean number of calls in the replies that made any; 0.0 if none did.

        Above 1.0, the model calls tools in parallel.
        """
        counts = [count for count in self.calls_per_turn if count]
        return sum(counts) / len(counts) if counts else 0.0

    @property
    def results(self) -> tuple[ToolResult, ...]:
        """Return all results in the last request that was a conversation."""
        asked = [e.conversation for e in self.exchanges if e.conversation is not None]
        return asked[-1].results if asked else ()
