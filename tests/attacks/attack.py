"""One attack: what a hostile notebook contains, and the most that honest work of it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import dedent

__all__ = ("Attack", "anywhere", "in_answer", "in_check")

# What an attacker who solves nothing would honestly get.
NOTHING: Mapping[str, float] = {"dispatch-all": 0.0, "triple": 0.0, "answer": 0.0}


@dataclass(frozen=True)
class Attack:
    """A hostile submission.

    `answers` and `extra` cells make the notebook; answers not named are honest.  `worth` is the
    honest score of each exercise that the attack is about.
    """

    name: str
    says: str
    answers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    worth: Mapping[str, float] = field(default_factory=dict)


STUBS = {
    "dispatch-all": "async def dispatch_all(calls, registry):\n    raise NotImplementedError",
    "triple": "def triple(number):\n    raise NotImplementedError",
    "answer": "answer = None",
}


def anywhere(name: str, says: str, source: str) -> Attack:
    """Make an attack that runs in a cell of its own before three unsolved exercises."""
    return Attack(name, says, STUBS, {"dispatch-all": dedent(source)}, NOTHING)


def in_answer(name: str, says: str, **answers: str) -> Attack:
    """Make an attack that stands in answer cells, none of which solves anything."""
    made = {key.replace("_", "-"): dedent(source) for key, source in answers.items()}
    return Attack(name, says, STUBS | made, {}, NOTHING)


def in_check(name: str, says: str, body: str) -> Attack:
    """Make an attack that begins when the check calls: `body` runs in both functions."""
    inside = "\n".join(f"    {line}" for line in dedent(body).strip().splitlines())
    answers = {
        "dispatch-all": f"async def dispatch_all(calls, registry):\n    given = calls\n{inside}",
        "triple": f"def triple(number):\n    given = number\n{inside}",
        "answer": "answer = None",
    }
    return Attack(name, says, answers, {}, NOTHING)
