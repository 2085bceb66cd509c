"""Mocked backends: worlds of simulated tools."""

from __future__ import annotations

from toollab.tools._world import Fault, Tool, ToolError, World, key_of

__all__ = ("Fault", "Tool", "ToolError", "World", "key_of")
