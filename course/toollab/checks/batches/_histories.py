"""Histories on the Anthropic Messages API: good ones, and the same with known faults."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from toollab.calls import JSON

__all__ = ("FAULTS", "Finding", "History")

Finding = tuple[str, str]
"""What is wrong, and with which id."""

Block = dict[str, JSON]


@dataclass(slots=True)
class _Draft:
    """A history on its way: for each turn the calls' ids, and the messages that answer them."""

    asked: list[list[str]]
    replies: list[list[list[Block]]]
    findings: list[Finding] = field(default_factory=list)
    ends_asking: bool = False

    def find(self, problem: str, *ids: str) -> None:
        self.findings += [(problem, i) for i in ids]


@dataclass(frozen=True, slots=True)
class History:
    """A conversation whose turns make `turns[i]` calls, with `faults` in turns of their own.

    A fault is a name in `FAULTS` and the turn it sits in, counted from 0.  With `split`, the
    results of a turn come in several user messages in a row, which is allowed.
    """

    turns: tuple[int, ...]
    faults: tuple[tuple[str, int], ...] = ()
    split: bool = False
    seed: int = 0

    @property
    def told(self) -> str:
        """The case in words."""
        return f"a history whose turns make {', '.join(map(str, self.turns))} calls"

    @property
    def findings(self) -> list[Finding]:
        """What is wrong with it."""
        return self._draft(faulty=True).findings

    def messages(self, *, faulty: bool = True) -> list[dict[str, Any]]:
        """Write the history down; not `faulty`, it is the good one it was made from."""
        draft = self._draft(faulty=faulty)
        source = random.Random(self.seed)  # noqa: S311 - chance, not secrets
        messages: list[dict[str, JSON]] = [{"role": "user", "content": "Three things, please."}]
        last = len(draft.asked) - 1
        for number, (ids, replies) in enumerate(zip(draft.asked, draft.replies, strict=True)):
            content: list[Block] = [{"type": "text", "text": "One moment."}]
            content[:0] = [{"type": "thinking", "thinking": "…", "signature": "c2ln"}] * (
                source.random() < 0.3
            )
            content += [
                {"type": "tool_use", "id": i, "name": "look_up", "input": {"about": i}} for i in ids
            ]
            said: JSON = content if ids else "Here is what I know."
            messages.append({"role": "assistant", "content": said})
            if number == last and draft.ends_asking:
                break
            messages += [{"role": "user", "content": blocks} for blocks in replies]
            if not replies:
                messages.append({"role": "user", "content": "Go on."})
        return messages

    def _draft(self, *, faulty: bool) -> _Draft:
        source = random.Random(self.seed)  # noqa: S311 - chance, not secrets
        asked = [
            [f"toolu_{source.randrange(16**8):08x}" for _ in range(count)] for count in self.turns
        ]
        draft = _Draft(asked, [])
        for ids in asked:
            shuffled = source.sample(ids, len(ids))
            results = [_result(i) for i in shuffled]
            if not results:
                draft.replies.append([])
            elif self.split and len(results) > 1:
                draft.replies.append([results[:1], results[1:]])
            else:
                thanks = [_text("Thank you, go on.")] if source.random() < 0.5 else []
                draft.replies.append([[*results, *thanks]])
        for name, turn in self.faults if faulty else ():
            FAULTS[name](draft, turn)
        return draft


def _result(call_id: str) -> Block:
    return {"type": "tool_result", "tool_use_id": call_id, "content": "fine"}


def _text(words: str) -> Block:
    return {"type": "text", "text": words}


def _take(draft: _Draft, turn: int, call_id: str) -> Block:
    """Take a result out of its turn's reply; an empty reply says something else instead."""
    for blocks in draft.replies[turn]:
        for block in blocks:
            if block.get("tool_use_id") == call_id:
                blocks.remove(block)
                messages = draft.replies[turn] = [left for left in draft.replies[turn] if left]
                if not messages:
                    messages.append([_text("And hurry.")])
                return block
    raise ValueError(f"Turn {turn} has no result for {call_id}. Hint: plant one fault a turn.")


def _dropped(draft: _Draft, turn: int) -> None:
    _take(draft, turn, draft.asked[turn][-1])
    draft.find("missing", draft.asked[turn][-1])


def _ignored(draft: _Draft, turn: int) -> None:
    draft.replies[turn] = [[_text("Never mind, something else.")]]
    draft.find("missing", *draft.asked[turn])


def _unanswered_end(draft: _Draft, turn: int) -> None:
    del draft.asked[turn + 1 :], draft.replies[turn + 1 :]
    draft.ends_asking = True
    draft.find("missing", *draft.asked[turn])


def _invented(draft: _Draft, turn: int) -> None:
    call_id = f"toolu_nobody{turn}"
    blocks = draft.replies[turn][0] if draft.replies[turn] else []
    blocks.insert(0, _result(call_id))
    draft.replies[turn] = draft.replies[turn] or [blocks]
    draft.find("orphan", call_id)


def _moved(draft: _Draft, turn: int) -> None:
    """Answer a call one turn late: balanced as a whole, and wrong twice."""
    call_id = draft.asked[turn][0]
    late = _take(draft, turn, call_id)
    following = draft.replies[turn + 1]
    if following:
        following[0].insert(0, late)
    else:
        following.append([late])
    draft.find("missing", call_id)
    draft.find("orphan", call_id)


def _answered_twice(draft: _Draft, turn: int) -> None:
    call_id = draft.asked[turn][0]
    draft.replies[turn][-1].insert(0, _result(call_id))
    draft.find("duplicate-result", call_id)


def _reused(draft: _Draft, turn: int) -> None:
    """Give a call the id of one in the turn before; both are answered."""
    old, new = draft.asked[turn - 1][0], draft.asked[turn][0]
    draft.asked[turn][0] = old
    for blocks in draft.replies[turn]:
        for block in blocks:
            if block.get("tool_use_id") == new:
                block["tool_use_id"] = old
    draft.find("duplicate-call", old)


def _twins(draft: _Draft, turn: int) -> None:
    draft.asked[turn].append(draft.asked[turn][0])
    draft.find("duplicate-call", draft.asked[turn][0])


def _text_first(draft: _Draft, turn: int) -> None:
    draft.replies[turn][0].insert(0, _text("Here they are:"))
    draft.find("text-first", *draft.asked[turn])


def _interrupted(draft: _Draft, turn: int) -> None:
    """Let the user say something in a message of its own before the results."""
    draft.replies[turn].insert(0, [_text("Are you still there?")])
    draft.find("text-first", *draft.asked[turn])


FAULTS: dict[str, Callable[[_Draft, int], None]] = {
    "dropped": _dropped,
    "ignored": _ignored,
    "unanswered end": _unanswered_end,
    "invented": _invented,
    "moved": _moved,
    "answered twice": _answered_twice,
    "reused": _reused,
    "twins": _twins,
    "text first": _text_first,
    "interrupted": _interrupted,
}
"""How to spoil a turn; each notes what is wrong then."""
