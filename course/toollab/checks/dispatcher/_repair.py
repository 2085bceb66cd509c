"""Exercise `repair_history`: a conversation that stopped half-way, made fit to be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.dispatcher._broken import Block, Broken, Turn, blocks_of
from toollab.checks.dispatcher._messages import asks, plain, short, words
from toollab.clock import Run, Stuck, attempt

__all__ = ("repair_history",)


@dataclass(frozen=True, slots=True)
class Repaired:
    """One history, repaired; its whole twin, repaired; and the repaired one once more.

    Whoever stops at a plain text gets the same history without one, to be judged on all the
    rest: `stopped` is then the run that met the text.
    """

    case: Broken
    run: Run
    whole: Run
    again: Run | None
    stopped: Run | None = None


@dataclass(frozen=True, slots=True)
class _Reply:
    """What stands between an assistant's turn and the next one."""

    number: int
    ids: tuple[str, ...]
    contents: list[list[Block]]

    @property
    def blocks(self) -> list[Block]:
        return [block for content in self.contents for block in content]

    @property
    def results(self) -> list[Block]:
        return [block for block in self.blocks if block["type"] == "tool_result"]

    @property
    def answered(self) -> list[str]:
        return [str(block.get("tool_use_id")) for block in self.results]


repair_history: Exercise[Broken, Repaired] = Exercise(
    "Repair a history",
    cases=[
        Broken((Turn(3, (1,)),)),
        Broken((Turn(2),), seed=1),
        Broken((Turn(2, (1,)), Turn(2)), seed=6),
        Broken((Turn(3, (2, 0), "Are you still there?"),), seed=2),
        Broken(
            (Turn(2, says="Are you still there?"), Turn(3, (2, 0, 1), "Go on."), Turn(1)), seed=3
        ),
        Broken((Turn(0, says="Go on."), Turn(2, (1,), more="And hurry.")), seed=4),
        Broken((Turn(3, (2, 0, 1)), Turn(0)), seed=5),
    ],
)


@repair_history.play
def _play(fn: Callable[..., Any], case: Broken) -> Repaired:
    stopped = None
    run = attempt(fn, case.messages())
    if isinstance(run.error, Exception) and not isinstance(run.error, NotImplementedError | Stuck):
        bare = attempt(fn, case.messages(listed=True))
        if bare.error is None:
            stopped, run = run, bare
    try:
        repaired = plain(run)
    except Wrong:
        again = None
    else:
        again = attempt(fn, repaired)
    whole = attempt(fn, case.messages(whole=True, listed=stopped is not None))
    return Repaired(case, run, whole, again, stopped)


def _replies(seen: Repaired) -> Iterator[_Reply]:
    """Find each turn with calls in what came back, and what follows it; skip what is gone."""
    messages = plain(seen.run)
    for number, ids in enumerate(seen.case.ids):
        turn = next((i for i, m in enumerate(messages) if ids and asks(m) == list(ids)), None)
        if turn is None:
            continue
        contents: list[list[Block]] = []
        for message in messages[turn + 1 :]:
            if message["role"] == "assistant":
                break
            contents.append(blocks_of(message))
        yield _Reply(number, ids, contents)


def _mended(seen: Repaired) -> list[_Reply]:
    """Ask that something was done, at a half answered turn or at one without answers.

    A history that comes back as it went in keeps its words and invents no success: that alone
    is worth nothing.
    """
    replies = list(_replies(seen))
    case = seen.case
    kinds = {bool(turn.answered) for turn in case.turns if not turn.whole}
    if len(kinds) > 1 and not any(
        call in reply.answered for reply in replies for call in case.missing(reply.number)
    ):
        raise Wrong(
            saw="no call got a result that it did not have before",
            expected="a result for each call that had none",
            hint="A new result is a block of type tool_result, with the call's id as tool_use_id, "
            "in the user message after the turn.",
            mistake="nothing-repaired",
        )
    return replies


_RETURNS = "returns messages"


@repair_history.check(_RETURNS)
def _returns(seen: Repaired) -> None:
    for run in (seen.run, seen.whole):
        plain(run)


@repair_history.check("every call has a result right after its turn", points=2, needs=[_RETURNS])
def _answered(seen: Repaired) -> None:
    replies = list(_replies(seen))
    gone = set(filter(None, seen.case.ids)) - {reply.ids for reply in replies}
    if gone:
        raise _turn_gone(", ".join(min(gone)))
    bare = [(r, [i for i in r.ids if i not in r.answered]) for r in replies]
    for reply, missing in bare:
        if missing:
            turn = seen.case.turns[reply.number]
            raise Wrong(
                saw=f"no result for {', '.join(missing)} in the reply to turn {reply.number + 1} "
                f"({turn.told})",
                expected=f"results for {', '.join(reply.ids)}",
                hint="An earlier turn can be interrupted, too: go through the whole history."
                if reply.number < bare[-1][0].number and not bare[-1][1]
                else "Some calls of this turn have a result already: look at each call, not at the "
                "turn."
                if turn.answered
                else "Nobody has answered this turn: every one of its calls needs a result.",
                mistake="call-unanswered",
            )


def _turn_gone(calls: str) -> Wrong:
    return Wrong(
        saw=f"the turn that asks for {calls} is gone, or asks for something else",
        expected="every turn of the model as it was",
        hint="What was asked for may have happened: a turn that is cut off takes that with it, and "
        "the model asks for it once more.",
        mistake="turn-deleted",
    )


@repair_history.check(
    "one message answers a turn, in call order, text last",
    needs=[_RETURNS],
)
def _one_message(seen: Repaired) -> None:
    for reply in _mended(seen):
        there, turn = reply.answered, seen.case.turns[reply.number]
        twice = sorted({i for i in there if there.count(i) > 1})
        if twice:
            raise Wrong(
                saw=f"{there.count(twice[0])} results for {twice[0]}",
                expected="one result for each call",
                hint="A call that has a result needs no other one: answer those without.",
                mistake="answered-twice",
            )
        holders = [c for c in reply.contents if any(b["type"] == "tool_result" for b in c)]
        if len(holders) > 1 or (holders and holders[0] is not reply.contents[0]):
            raise Wrong(
                saw=f"results for turn {reply.number + 1} ({turn.told}) in {len(holders)} messages"
                if len(holders) > 1
                else f"the results for turn {reply.number + 1} in a later message",
                expected="all of them in the message right after the turn",
                hint="If the user's message is there, its results and yours belong together: make "
                "one message of them.",
                mistake="message-each",
            )
        kinds = [block["type"] == "tool_result" for block in reply.blocks]
        if kinds != sorted(kinds, reverse=True):
            raise Wrong(
                saw=f"a text before results in the reply to turn {reply.number + 1}",
                expected="results first, then what else the user said",
                hint="A result after a text counts as missing: put the results before the text.",
                mistake="text-first",
            )
        if not turn.whole and there != [*reply.ids] and {*there} == {*reply.ids}:
            raise Wrong(
                saw=f"{', '.join(there)} ({turn.told})",
                expected=", ".join(reply.ids),
                hint="Walk through the calls of the turn, and take for each the result that is "
                "there, or a new one.",
                mistake="other-order",
            )


@repair_history.check("what was there is still there", needs=[_RETURNS])
def _kept(seen: Repaired) -> None:
    if seen.stopped is not None:
        try:
            plain(seen.stopped)
        except Wrong as wrong:
            wrong.mistake = "stops-at-text"
            wrong.hint = (
                "The content of a message can be a plain text, and a text has no blocks: ask "
                "which of the two it is before you look for blocks."
            )
            raise
    for reply in _mended(seen):
        by_id = {str(block.get("tool_use_id")): block for block in reversed(reply.results)}
        for call, known in seen.case.known(reply.number).items():
            if by_id.get(call) != known:
                found = by_id.get(call)
                raise Wrong(
                    saw=f"{found}" if found else f"no result for {call}",
                    expected=f"the result that was there, {known}",
                    hint="What is known stays known: only calls without a result get a new one.",
                    mistake="overwrites-result",
                )
    got, want = (words(m) for m in (plain(seen.run), seen.case.messages()))
    if got != want:
        lost = [words for words in want if words not in got]
        calls = [words for _, kind, words in lost if kind == "tool_use"]
        if calls:
            raise _turn_gone(", ".join(calls))
        raise Wrong(
            saw=f"“{lost[0][-1]}” is gone" if lost else "more words, or in other places",
            expected="every message of the model and every word of the user, and no others",
            hint="A reply can hold a text, or be nothing but a text: keep it after the results.",
            mistake="loses-words" if lost else "other-words",
        )


@repair_history.check("what is not known is said", needs=[_RETURNS])
def _unknown(seen: Repaired) -> None:
    for reply in _mended(seen):
        missing = seen.case.missing(reply.number)
        for block in reply.results:
            if block.get("tool_use_id") not in missing:
                continue
            marked = block.get("is_error") is True
            if not marked or "outcome unknown" not in str(block.get("content")):
                raise Wrong(
                    saw=f"“{block.get('content')}” for {block['tool_use_id']}, "
                    f"is_error {block.get('is_error', 'not set')}",
                    expected="is_error True, and the words outcome unknown",
                    hint="The model reads an answer without is_error as a success."
                    if not marked
                    else "Told that it failed, the model asks again, and it may happen twice.",
                    mistake="invents-success" if not marked else "unknown-untold",
                )


@repair_history.check("what is whole stays as it is", needs=[_RETURNS])
def _whole(seen: Repaired) -> None:
    hint = (
        "A turn whose calls all have results needs nothing, and so does a conversation that ends "
        "with the model's words: leave them as they are."
    )
    bare = seen.stopped is not None
    got, want = plain(seen.whole), seen.case.messages(whole=True, listed=bare)
    if got != want:
        place = next((i for i, (a, b) in enumerate(zip(got, want, strict=False)) if a != b), None)
        number = min(len(got), len(want)) if place is None else place
        raise Wrong(
            saw=f"message {number + 1} of a history that needed no repair came back as "
            f"{short(got[number : number + 1])}",
            expected=f"as it was: {short(want[number : number + 1])}",
            hint=hint,
            mistake="changes-whole",
        )
    if seen.again is not None and plain(seen.again) != plain(seen.run):
        raise Wrong(
            saw="repaired once more, your own history changed again",
            expected="the same messages: it was whole after the first time",
            hint="After a second stop the repair runs over what it repaired before. " + hint,
            mistake="repairs-again",
        )
