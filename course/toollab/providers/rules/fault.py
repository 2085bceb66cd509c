"""A fault in a request, and how rules find it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from toollab.calls import JSON

__all__ = ("Fault", "Rule", "article", "check")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a request is refused.

    `rule` is our own stable name for it; a service's wording can change, so checks and tests
    look at `status`, `type` and `rule`, never at `message`.
    """

    rule: str
    message: str
    status: int = 400
    type: str = "invalid_request_error"
    param: str | None = None
    code: str | None = None
    details: Mapping[str, JSON] | None = None


Rule = Callable[[Mapping[str, JSON]], Iterable[Fault]]


def check(body: Mapping[str, JSON], stages: Sequence[Sequence[Rule]]) -> list[Fault]:
    """Return the faults found, most telling first.

    A stage is entered only if the ones before found nothing, so that later rules can rely on
    what earlier ones have checked.
    """
    for stage in stages:
        faults = [fault for rule in stage for fault in rule(body)]
        if faults:
            return faults
    return []


def article(value: JSON) -> str:
    """Name a JSON type as OpenAI's messages do: `an object`, `a string`."""
    if value is None:
        return "null"
    names = {
        bool: "a boolean",
        int: "an integer",
        float: "a decimal number",
        str: "a string",
        list: "an array",
    }
    return names.get(type(value), "an object")
