"""A mock of the Anthropic and OpenAI services that the vendors' own clients can't tell apart.

`MockProvider` is the mock.  `anthropic_client` and its siblings are the real SDK clients in
front of it, without a socket; `Server` puts it on loopback; `python -m toollab.providers`
serves it to any program.  `Session` makes clients that are one switch away from the real
services.  `run_agent` is an agent loop.  `Replay` and `Reply` script a model word by word.
`toollab.providers.telemetry` records OpenTelemetry spans of all this.
"""

from __future__ import annotations

from toollab.providers.agent import ChatAgent, MessagesAgent, ResponsesAgent, Run, run_agent
from toollab.providers.clients import (
    Session,
    anthropic_client,
    async_anthropic_client,
    async_openai_client,
    openai_client,
)
from toollab.providers.conversation import Batch, Conversation, Piece, Reply
from toollab.providers.inprocess import MockTransport
from toollab.providers.knobs import (
    Failure,
    Knobs,
    broken_stream,
    overloaded,
    rate_limited,
    server_error,
)
from toollab.providers.live.budget import Budget, BudgetError
from toollab.providers.live.switch import Switch
from toollab.providers.log import Exchange, RequestLog
from toollab.providers.mock import MockProvider
from toollab.providers.models import model_for
from toollab.providers.script import Replay, ScriptedModel, Wish
from toollab.providers.server import Server

__all__ = (
    "Batch",
    "Budget",
    "BudgetError",
    "ChatAgent",
    "Conversation",
    "Exchange",
    "Failure",
    "Knobs",
    "MessagesAgent",
    "MockProvider",
    "MockTransport",
    "Piece",
    "Replay",
    "Reply",
    "RequestLog",
    "ResponsesAgent",
    "Run",
    "ScriptedModel",
    "Server",
    "Session",
    "Switch",
    "Wish",
    "anthropic_client",
    "async_anthropic_client",
    "async_openai_client",
    "broken_stream",
    "model_for",
    "openai_client",
    "overloaded",
    "rate_limited",
    "run_agent",
    "server_error",
)
