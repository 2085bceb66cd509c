"""The headers that clients of the real services look at."""

from __future__ import annotations

from datetime import UTC, datetime

from toollab.providers.knobs import Knobs
from toollab.providers.limits import MINUTE, Window
from toollab.providers.wire.common import EPOCH, digest

__all__ = ("rate_limit_headers", "request_id")

USUAL_LIMIT = 50
USUAL_TOKENS = 50_000


def request_id(seed: int, number: int) -> str:
    """Return the id of the mock's request `number`: the same in every run."""
    return f"req_{digest(f'{seed}/request/{number}')}"


def rate_limit_headers(knobs: Knobs, window: Window, *, anthropic: bool) -> dict[str, str]:
    """Tell how many requests and tokens are left in this minute, in either vendor's words."""
    limit = knobs.requests_per_minute
    left = USUAL_LIMIT - 1 if limit is None else max(0, limit - window.count)
    limit = USUAL_LIMIT if limit is None else limit
    opened = window.opened if window.count else 0.0
    if anthropic:
        reset = datetime.fromtimestamp(EPOCH + opened + MINUTE, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {
            "anthropic-ratelimit-requests-limit": str(limit),
            "anthropic-ratelimit-requests-remaining": str(left),
            "anthropic-ratelimit-requests-reset": reset,
            "anthropic-ratelimit-tokens-limit": str(USUAL_TOKENS),
            "anthropic-ratelimit-tokens-remaining": str(USUAL_TOKENS),
            "anthropic-ratelimit-tokens-reset": reset,
        }
    return {
        "x-ratelimit-limit-requests": str(limit),
        "x-ratelimit-remaining-requests": str(left),
        "x-ratelimit-reset-requests": f"{MINUTE:g}s",
        "x-ratelimit-limit-tokens": str(USUAL_TOKENS),
        "x-ratelimit-remaining-tokens": str(USUAL_TOKENS),
        "x-ratelimit-reset-tokens": f"{MINUTE:g}s",
    }
