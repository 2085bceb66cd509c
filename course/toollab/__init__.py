"""The library of the course: tool calls, simulated tools, traces, checks and pictures.

Small enough to be read.  Start with `calls.py` and `trace.py`, then `tools/_world.py`.
"""

from __future__ import annotations

from toollab._kernel import setup
from toollab.calls import JSON, ToolCall, ToolResult, ToolSpec
from toollab.clock import Run, simulate
from toollab.trace import Span, Trace, critical_path, good_trace

__all__ = (
    "JSON",
    "Run",
    "Span",
    "ToolCall",
    "ToolResult",
    "ToolSpec",
    "Trace",
    "critical_path",
    "good_trace",
    "setup",
    "simulate",
)
