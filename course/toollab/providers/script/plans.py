"""From the user's words to wishes: what the scripted model wants to know or do, and in which order.

A plan is a function from the words and the tools offered to wishes.  It knows one kind of
task.  Add your own to `PLANS` and hand them to `ScriptedModel(plans=...)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from toollab.calls import JSON, ToolSpec
from toollab.providers.script.schemas import properties, required
from toollab.providers.script.words import as_clause, find_email, listed_after

__all__ = ("PLANS", "Plan", "Wish", "anything_mentioned", "compare", "customer", "email", "weather")

Facts = Mapping[str, str]
"""Wish key → the content of its result, for every wish that was fulfilled."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One call the model would like to make.

    `key` names it in the model's own sentences.  A wish with `needs` waits until those wishes
    are fulfilled; with `after`, until they are settled, well or not.  `fill` makes arguments
    out of what is known by then; `guess` is what a hasty model would write instead.  `tell`
    turns the result's content into a clause of the answer; with a full stop, into a sentence.
    """

    key: str
    tool: str
    verb: str = field(default="look up", kw_only=True)
    arguments: Mapping[str, JSON] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    fill: Callable[[Facts], Mapping[str, JSON]] | None = None
    guess: Mapping[str, JSON] = field(default_factory=dict)
    tell: Callable[[str], str] = str


Plan = Callable[[str, Sequence[ToolSpec]], list[Wish]]


def weather(words: str, _tools: Sequence[ToolSpec]) -> list[Wish]:
    """Wish for the weather in each place named after the word `in`."""
    if "weather" not in words.lower():
        return []

    def about(city: str) -> Wish:
        return Wish(
            f"the weather in {city}",
            "get_weather",
            {"city": city},
            tell=lambda content: f"{city} is {as_clause(content)}",
        )

    return [about(city) for city in listed_after("in", words)]


def email(words: str, tools: Sequence[ToolSpec]) -> list[Wish]:
    """Wish to send a summary by e-mail, and for the user's profile if nobody gave an address.

    The message needs the results of everything else, the recipient the profile: two reasons
    to wait.
    """
    if not re.search(r"\bsend\b|\be-?mail me\b", words, re.IGNORECASE) or not re.search(
        "mail", words, re.IGNORECASE
    ):
        return []
    subjects = [wish for plan in (weather, customer, compare) for wish in plan(words, tools)]
    given = find_email(words)

    def write(facts: Facts) -> Mapping[str, JSON]:
        known = [w.tell(facts[w.key]) for w in subjects if w.key in facts]
        title = "Weather summary" if any(w.tool == "get_weather" for w in subjects) else "Summary"
        address = given or find_email(facts.get("your profile", "")) or "unknown"
        return {"to": address, "message": f"{title}: {', '.join(known) or 'nothing to report'}."}

    profile = [] if given else [Wish("your profile", "get_profile", tell=lambda _: "")]
    send = Wish(
        "the e-mail",
        "send_email",
        verb="send",
        needs=tuple(wish.key for wish in profile),
        after=tuple(wish.key for wish in subjects),
        fill=write,
        guess={"to": given or "user@example.com", "message": "Weather summary: to follow."},
        tell=lambda _: "I have sent the summary by e-mail.",
    )
    return [*profile, send]


def customer(words: str, _tools: Sequence[ToolSpec]) -> list[Wish]:
    """Wish for a customer's record, orders and tickets, for each number named."""
    numbers = re.findall(r"\bcustomers?\b\D{0,12}?(\d+)", words, re.IGNORECASE)
    return [
        Wish(
            f"{what} of customer {number}",
            tool,
            {"customer_id": int(number)},
            tell=_labelled(what),
        )
        for number in dict.fromkeys(numbers)
        for what, tool in (
            ("the record", "get_customer"),
            ("the orders", "get_orders"),
            ("the tickets", "get_tickets"),
        )
    ]


def compare(words: str, _tools: Sequence[ToolSpec]) -> list[Wish]:
    """Wish to look up each thing named after the word `compare`."""
    return [
        Wish(
            name,
            "get_product",
            {"name": name},
            tell=_labelled(name),
        )
        for name in listed_after("compare", words)
    ]


def anything_mentioned(words: str, tools: Sequence[ToolSpec]) -> list[Wish]:
    """Wish to call each tool whose name's last words the user said, if its arguments are there.

    A required argument is taken from the words: one of its `enum`, a number, or a quoted text.
    """
    wishes = []
    for tool in tools:
        nouns = [noun for noun in tool.name.lower().split("_")[1:] if len(noun) > 2]
        if not nouns or not all(noun.rstrip("s") in words.lower() for noun in nouns):
            continue
        for arguments in _arguments(tool, words):
            shown = ", ".join(str(value) for value in arguments.values())
            key = " ".join(nouns) + (f" for {shown}" if shown else "")
            wishes.append(Wish(key, tool.name, arguments, tell=_labelled(key)))
    return wishes


def _labelled(label: str) -> Callable[[str], str]:
    return lambda content: f"{label}: {content.strip()}"


def _arguments(tool: ToolSpec, words: str) -> list[dict[str, JSON]]:
    """Return one set of arguments for each value of the only required one; none if unfit."""
    names = required(tool)
    if not names:
        return [{}]
    if len(names) > 1:
        return []
    schema = properties(tool).get(names[0], {})
    choices = schema.get("enum")
    said: list[JSON]
    if isinstance(choices, list):
        said = [value for value in choices if str(value).lower() in words.lower()]
    elif schema.get("type") in ("integer", "number"):
        said = [int(number) for number in re.findall(r"\b\d+\b", words)]
    else:
        said = re.findall(r"[\"“']([^\"”']+)[\"”']", words)
    return [{names[0]: value} for n, value in enumerate(said) if value not in said[:n]]


PLANS: tuple[Plan, ...] = (weather, customer, compare, email, anything_mentioned)
"""In this order; of two wishes for the same call, the earlier counts."""
