"""The models that the mock lists.  Any other model id is answered just as well."""

from __future__ import annotations

from typing import Any

from toollab.providers.wire.common import EPOCH

__all__ = (
    "ANTHROPIC",
    "OPENAI",
    "anthropic_list",
    "anthropic_model",
    "openai_list",
    "openai_model",
)

ANTHROPIC = ("claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5")
OPENAI = ("gpt-6-luna", "gpt-6-sol", "gpt-6-astra")


def anthropic_model(name: str) -> dict[str, Any]:
    """Describe one model as Anthropic does."""
    return {
        "type": "model",
        "id": name,
        "display_name": name.replace("-", " ").title(),
        "created_at": "2026-11-02T00:00:00Z",
        "lifecycle": "active",
        "line": None,
        "capabilities": None,
        "deprecated_at": None,
        "retires_at": None,
        "max_input_tokens": 200_000,
        "max_tokens": 64_000,
    }


def anthropic_list() -> dict[str, Any]:
    """List the models as Anthropic does."""
    return {
        "data": [anthropic_model(name) for name in ANTHROPIC],
        "has_more": False,
        "first_id": ANTHROPIC[0],
        "last_id": ANTHROPIC[-1],
    }


def openai_model(name: str) -> dict[str, Any]:
    """Describe one model as OpenAI does."""
    return {"id": name, "object": "model", "created": EPOCH, "owned_by": "toollab"}


def openai_list() -> dict[str, Any]:
    """List the models as OpenAI does."""
    return {"object": "list", "data": [openai_model(name) for name in OPENAI]}
