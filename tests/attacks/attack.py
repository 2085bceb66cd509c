"""One attack: what a hostile notebook contains, and the most that honest work of it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import dedent

__all__ = ("Attack", "anywhere", "in_answer", "in_check")

STUBS = {
    "dispatch-all": "async def dispatch_all(calls, registry):\n    raise NotImplementedError",
    "triple": "def triple(number):\n    raise NotImplementedError",
    "answer": "answer = None",
}


@dataclass(frozen=True)
class Attack:
    """A hostile submission.

    `answers` and `extra` cells make the notebook; answers not named are right.  `twin` holds the
    answers of an honest notebook that is worth as much.  `seconds` is the real time a check gets,
    `cell_seconds` that of any other cell.
    `ends` stands in what is said of it: proof that the attack took place.
    """

    name: str
    says: str
    answers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    twin: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 30.0
    ends: str = ""
    cell_seconds: float = 1.5


def anywhere(name: str, says: str, source: str) -> Attack:
    """Make an attack that runs in a cell of its own before three unsolved exercises."""
    return Attack(name, says, STUBS, {"dispatch-all": dedent(source)}, STUBS)


def in_answer(name: str, says: str, **answers: str) -> Attack:
    """Make an attack that stands in answer cells, none of which solves anything."""
    made = {key.replace("_", "-"): dedent(source) for key, source in answers.items()}
    return Attack(name, says, STUBS | made, {}, STUBS)


def in_check(name: str, says: str, body: str, *, seconds: float = 30.0) -> Attack:
    """Make an attack that begins when the check calls: `body` runs in both functions."""
    inside = "\n".join(f"    {line}" for line in dedent(body).strip().splitlines())
    answers = {
        "dispatch-all": f"async def dispatch_all(calls, registry):\n    given = calls\n{inside}",
        "triple": f"def triple(number):\n    given = number\n{inside}",
        "answer": STUBS["answer"],
    }
    return Attack(name, says, answers, {}, STUBS, seconds)
