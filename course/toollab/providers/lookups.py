"""The routes that need no model: models, stored responses, and nothing at all."""

from __future__ import annotations

from toollab.providers import catalogue, troubles
from toollab.providers.answering import Outcome
from toollab.providers.knobs import Knobs
from toollab.providers.rules.fault import Fault
from toollab.providers.store import ResponseStore

__all__ = ("look_up",)


def look_up(
    method: str, path: str, knobs: Knobs, store: ResponseStore, *, anthropic: bool
) -> Outcome:
    """Answer a request for something that is listed or stored; 404 if there is no such thing."""
    match method, path.strip("/").split("/"):
        case "GET", ["v1", "models", *name]:
            return _models("/".join(name), knobs, anthropic=anthropic)
        case "GET", ["v1", "responses", name]:
            if name in store.bodies:
                return Outcome(200, store.bodies[name])
            return Outcome.refused(Fault("not-found", f"Response with id '{name}' not found.", 404))
    return Outcome.refused(troubles.no_route(method, path, anthropic=anthropic))


def _models(name: str, knobs: Knobs, *, anthropic: bool) -> Outcome:
    if name in knobs.retired:
        return Outcome.refused(troubles.retired(name, anthropic=anthropic))
    if anthropic:
        data = catalogue.anthropic_model(name) if name else catalogue.anthropic_list()
    else:
        data = catalogue.openai_model(name) if name else catalogue.openai_list()
    return Outcome(200, data)
