"""Histories on the Anthropic Messages API that stopped half-way, each with its whole twin.

Both are written down from the same plan, so nothing has to be repaired to know what is right.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from toollab.calls import JSON

__all__ = ("Broken", "Turn", "broken")

Block = dict[str, JSON]
Message = dict[str, Any]

_UNKNOWN = "interrupted, outcome unknown"


@dataclass(frozen=True, slots=True)
class Turn:
    """An assistant's turn and what follows it.

    `answered` are the places of the calls that have a result, in the order of the results.
    `says` is what the user adds in the same message, `more` a second message.  A reply without
    results is a plain text; with `listed` it is a list of blocks all the same.
    """

    calls: int
    answered: tuple[int, ...] = ()
    says: str = ""
    more: str = ""
    listed: bool = False

    @property
    def whole(self) -> bool:
        """Whether every call has a result."""
        return len(self.answered) == self.calls

    @property
    def told(self) -> str:
        """The turn in words."""
        calls = "1 call" if self.calls == 1 else f"{self.calls} calls"
        there = ", ".join(str(place + 1) for place in self.answered)
        said = "then a text" if there else "a text alone" if not self.listed else "a list of a text"
        parts = [calls, f"results for no. {there}" if there else "", said if self.says else ""]
        return ", ".join(filter(None, parts)) if there or self.says else f"{calls}, no reply"


@dataclass(frozen=True, slots=True)
class Broken:
    """A conversation of some turns; after the last, there may be no reply at all."""

    turns: tuple[Turn, ...]
    seed: int = 0
    ids: tuple[tuple[str, ...], ...] = field(init=False)

    def __post_init__(self) -> None:
        """Draw the ids of all calls, for each turn; they tell nothing of their order."""
        chance = random.Random(self.seed)  # noqa: S311 - chance, not secrets
        numbers = iter(chance.sample(range(16**4), sum(turn.calls for turn in self.turns)))
        ids = tuple(tuple(f"toolu_{next(numbers):04x}" for _ in range(t.calls)) for t in self.turns)
        object.__setattr__(self, "ids", ids)

    def messages(self, *, whole: bool = False, listed: bool = False) -> list[Message]:
        """Write the history down; `whole`, every call has its result; `listed`, no plain text."""
        messages: list[Message] = [{"role": "user", "content": "Several things, please."}]
        for turn, ids in zip(self.turns, self.ids, strict=True):
            messages.append({"role": "assistant", "content": _asks(ids) or "Here it is."})
            said = self._reply(turn, ids, whole=whole)
            messages += [{"role": "user", "content": content} for content in said if content]
        if listed:
            messages = [{**message, "content": blocks_of(message)} for message in messages]
        return messages

    def known(self, number: int) -> dict[str, Block]:
        """Return the results that are there in a turn, by id."""
        return {self.ids[number][i]: _result(self.ids[number][i]) for i in self._at(number)}

    def missing(self, number: int) -> list[str]:
        """Return the ids of the calls without a result in a turn."""
        there = self._at(number)
        return [call for place, call in enumerate(self.ids[number]) if place not in there]

    def _at(self, number: int) -> tuple[int, ...]:
        return self.turns[number].answered

    def _reply(self, turn: Turn, ids: tuple[str, ...], *, whole: bool) -> list[JSON | list[Block]]:
        """Return the contents of the user's messages after a turn."""
        blocks = [_result(ids[place]) for place in turn.answered]
        if whole and not turn.whole:
            there = {ids[place] for place in turn.answered}
            blocks = [_result(i) if i in there else _unknown(i) for i in ids]
        if not blocks and not turn.listed:
            return [turn.says, turn.more]
        return [[*blocks, *([_text(turn.says)] if turn.says else [])], turn.more]


def broken(seed: int, size: int) -> Broken:
    """Make a history of `size` turns by chance; the last one, at least, stopped half-way."""
    chance = random.Random(seed)  # noqa: S311 - chance, not secrets
    turns = [_turn(chance, last=place == size - 1) for place in range(size)]
    while turns[-1].whole:
        turns[-1] = _turn(chance, last=True)
    return Broken(tuple(turns), seed)


def _turn(chance: random.Random, *, last: bool) -> Turn:
    calls = chance.randint(0, 4)
    answered = tuple(chance.sample(range(calls), chance.randint(0, calls)))
    says = chance.choice(["", "Are you still there?"])
    if not answered and not last:
        says = says or "Go on, please."
    more = "And hurry." if says and chance.random() < 0.3 else ""
    return Turn(calls, answered, says, more, listed=bool(says) and chance.random() < 0.3)


def blocks_of(message: Message) -> list[Block]:
    """Return the blocks of a message; a plain text is one block."""
    content = message["content"]
    return [_text(content)] if type(content) is str else content


def _asks(ids: tuple[str, ...]) -> list[Block]:
    calls: list[Block] = [
        {"type": "tool_use", "id": i, "name": "look_up", "input": {"about": i}} for i in ids
    ]
    return [_text("One moment."), *calls] if calls else []


def _result(call_id: str) -> Block:
    return {"type": "tool_result", "tool_use_id": call_id, "content": f"all about {call_id}"}


def _unknown(call_id: str) -> Block:
    return {
        "type": "tool_result",
        "tool_use_id": call_id,
        "content": _UNKNOWN,
        "is_error": True,
    }


def _text(words: str) -> Block:
    return {"type": "text", "text": words}
