"""Why a live call could not be made: one sentence each, and a hint."""

from __future__ import annotations

import json

import httpx2

from toollab.providers.models import Vendor

__all__ = ("no_key", "of_error", "of_response")

_KEY = {"anthropic": "ANTHROPIC_API_KEY", "openai": "OPENAI_API_KEY"}


def no_key(vendor: Vendor) -> str:
    """Say that there is no key."""
    return (
        f"There is no key for a live call: {_KEY[vendor]} is not set. "
        f"Hint: set {_KEY[vendor]} before you start JupyterLab."
    )


def of_error(error: httpx2.HTTPError) -> str:
    """Say that the service could not be reached, or not in time."""
    if isinstance(error, httpx2.TimeoutException):
        return "The service did not answer in time. Hint: try again later."
    return (
        "The service could not be reached. "
        "Hint: check the network, or the proxy settings, and switch to live again."
    )


def of_response(vendor: Vendor, model: str, status: int, body: bytes) -> str | None:
    """Say what a refusal means for a learner; `None` if it is about the request itself.

    Such a request is refused by the mock in the same way, and the refusal is the lesson.
    """
    kind, text = _error(body)
    if status == 402 or "credit balance" in text or "insufficient_quota" in (kind, text):
        return "The account has no credit left. Hint: add credit, or stay on the mock."
    if status in {401, 403}:
        return (
            f"The service does not accept the key. "
            f"Hint: check {_KEY[vendor]}; it may be old, incomplete, or for something else."
        )
    if status == 404:
        return (
            f"The model {model} is not available; it may be retired. "
            f"Hint: set TOOLLAB_{vendor.upper()}_MODEL to a current one."
        )
    if status == 429:
        return "The service's rate limit is reached. Hint: wait a minute, then switch to live."
    if status >= 500:
        return "The service is overloaded or has a problem. Hint: try again in a few minutes."
    return None


def _error(body: bytes) -> tuple[str, str]:
    """Return an error's type or code, and its text, in lower case."""
    try:
        error = json.loads(body)["error"]
        return str(error.get("code") or error.get("type")), str(error.get("message")).lower()
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", ""
