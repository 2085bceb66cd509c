"""An agent loop to read in one go, and its adapters to the three APIs."""

from __future__ import annotations

from toollab.providers.agent.adapters import ChatAgent, MessagesAgent, ResponsesAgent
from toollab.providers.agent.loop import Dispatcher, Output, Partner, Run, Step, run_agent

__all__ = (
    "ChatAgent",
    "Dispatcher",
    "MessagesAgent",
    "Output",
    "Partner",
    "ResponsesAgent",
    "Run",
    "Step",
    "run_agent",
)
