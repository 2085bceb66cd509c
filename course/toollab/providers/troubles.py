"""Refusals that have nothing to do with the request's content: keys, limits, breakdowns."""

from __future__ import annotations

from collections.abc import Mapping

from toollab.providers.knobs import Failure, Knobs
from toollab.providers.rules.fault import Fault

__all__ = ("bad_json", "failure", "key_fault", "no_route", "retired", "too_large", "too_many")


def key_fault(headers: Mapping[str, str], knobs: Knobs, *, anthropic: bool) -> Fault | None:
    """Return why the key is refused: there is none, or it is not one of the accepted ones."""
    bearer = headers.get("authorization", "").removeprefix("Bearer ").strip()
    key = bearer or headers.get("x-api-key", "").strip()
    if key and (not knobs.api_keys or key in knobs.api_keys):
        return None
    if anthropic:
        message = "invalid x-api-key" if key else "x-api-key header is required"
        return Fault("key", message, 401, "authentication_error")
    if key:
        return Fault("key", "Incorrect API key provided.", 401, code="invalid_api_key")
    return Fault("key", "You didn't provide an API key.", 401)


def retired(model: str, *, anthropic: bool) -> Fault:
    """Refuse a model that is gone."""
    if anthropic:
        return Fault("retired", f"model: {model}", 404, "not_found_error")
    return Fault(
        "retired",
        f"The model `{model}` does not exist or you do not have access to it.",
        404,
        code="model_not_found",
    )


def too_many(*, anthropic: bool) -> Fault:
    """Refuse because of too many requests."""
    message = "This request would exceed your rate limit of requests per minute."
    if anthropic:
        return Fault("rate-limit", message, 429, "rate_limit_error")
    return Fault("rate-limit", message, 429, "requests", code="rate_limit_exceeded")


def failure(what: Failure, *, anthropic: bool) -> Fault:
    """Turn a planned failure into a refusal."""
    if what.status == 429:
        return too_many(anthropic=anthropic)
    if what.status == 529 and anthropic:
        return Fault("overloaded", "Overloaded", 529, "overloaded_error")
    if what.status == 529:
        message = "The engine is currently overloaded, please try again later."
        return Fault("overloaded", message, 503, "server_error")
    status = 500 if what.status == 200 else what.status
    kind = "api_error" if anthropic else "server_error"
    return Fault("failure", "Internal server error", status, kind)


def bad_json(*, anthropic: bool) -> Fault:
    """Refuse a body that is no JSON object."""
    if anthropic:
        return Fault("json", "The request body is not valid JSON: expected an object.")
    return Fault("json", "We could not parse the JSON body of your request: expected an object.")


def too_large(*, anthropic: bool) -> Fault:
    """Refuse a body beyond the limit."""
    kind = "request_too_large" if anthropic else "invalid_request_error"
    return Fault("too-large", "Request exceeds the maximum allowed number of bytes.", 413, kind)


def no_route(method: str, path: str, *, anthropic: bool) -> Fault:
    """Refuse a path that is not served."""
    if anthropic:
        return Fault("no-route", "Not Found", 404, "not_found_error")
    return Fault("no-route", f"Invalid URL ({method} {path})", 404)
