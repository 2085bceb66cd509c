"""Exercise `count_round_trips`: turns, calls and calls per turn of a transcript."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from toollab.checks._answers import close, is_number, returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.overview._cases import Chat
from toollab.clock import Run, attempt

__all__ = ("count_round_trips",)


@dataclass(frozen=True, slots=True)
class _Counted:
    case: Chat
    run: Run

    @property
    def error(self) -> BaseException | None:
        return self.run.error

    @property
    def answered(self) -> bool:
        """Whether there are numbers to judge; a chat without tools has a check of its own."""
        return self.run.error is None


count_round_trips: Exercise[Chat, _Counted] = Exercise(
    "Count the round trips of a chat",
    cases=[
        Chat((3, 1, 0), 2.0, results="apart"),
        Chat((2, 0, 3, 0), 2.5, results="merged", bare=True, seed=1),
        Chat((0,), 0.0, seed=2),
        Chat((1, 4), 2.5, cut=True, seed=3),
    ],
)


@count_round_trips.play
def _count(fn: Any, case: Chat) -> _Counted:
    return _Counted(case, attempt(fn, case.transcript()))


@count_round_trips.check("returns three numbers")
def _three_numbers(seen: _Counted) -> None:
    if isinstance(seen.error, ZeroDivisionError) and not any(seen.case.calls_per_turn):
        return  # told by the check on chats without tools
    expected = "three numbers: model turns, tool calls, average"
    value = returned(seen.run, expected)
    if type(value) not in (tuple, list) or len(value) != 3 or not all(map(_is_int, value[:2])):
        raise Wrong(
            saw=repr(value),
            expected=expected,
            hint="Return a tuple of two whole numbers and the average, in that order.",
            mistake="not-three-numbers",
        )


def _is_int(value: Any) -> bool:
    return type(value) is int


@count_round_trips.check("counts every model turn", needs=("returns three numbers",))
def _model_turns(seen: _Counted) -> None:
    if not seen.answered:
        return
    got, case, chat = seen.run.value[0], seen.case, seen.case.transcript()
    if got == len(case.calls_per_turn):
        return
    if got == len(chat):
        mistake, hint = "counts-messages", "Only the assistant's messages are model turns."
    elif got == sum(1 for count in case.calls_per_turn if count):
        mistake = "counts-tool-turns"
        hint = "The model also works for a turn that only writes text, such as the last answer."
    elif got == sum(1 for message in chat if message["role"] == "user"):
        mistake = "counts-questions"
        hint = "One question can take many turns: count what the assistant sends."
    else:
        mistake, hint = "wrong-turns", "One message of the assistant is one model turn."
    raise Wrong(
        saw=f"{got} model turns in {case.told}",
        expected=f"{len(case.calls_per_turn)}",
        hint=hint,
        mistake=mistake,
    )


@count_round_trips.check("counts every tool call", needs=("returns three numbers",))
def _tool_calls(seen: _Counted) -> None:
    if not seen.answered:
        return
    got, case, chat = seen.run.value[1], seen.case, seen.case.transcript()
    calls = [call for message in chat for call in message.get("calls", ())]
    if got == sum(case.calls_per_turn):
        return
    if got == sum(1 for count in case.calls_per_turn if count):
        mistake = "one-call-a-turn"
        hint = "A turn can ask for several tools: its calls are a list, count its items."
    elif got == sum(len(message.get("results", ())) for message in chat):
        mistake = "counts-results"
        hint = "A call counts once the model has asked for it, answered or not."
    elif got == len({call["name"] for call in calls}):
        mistake = "counts-names"
        hint = "Two calls of one tool are two calls: count calls, not the names of tools."
    elif got == sum(1 for message in chat if message["role"] == "tool"):
        mistake = "counts-result-messages"
        hint = "Results may share a message or travel with the user's text: count the calls."
    else:
        mistake, hint = "wrong-calls", "Add up the calls of every assistant message."
    raise Wrong(
        saw=f"{got} tool calls in {case.told}",
        expected=f"{sum(case.calls_per_turn)}",
        hint=hint,
        mistake=mistake,
    )


@count_round_trips.check(
    "averages over the turns that call", points=2, needs=("returns three numbers",)
)
def _average(seen: _Counted) -> None:
    case = seen.case
    if not seen.answered or not any(case.calls_per_turn):
        return
    got, calls = seen.run.value[2], sum(case.calls_per_turn)
    if is_number(got) and close(got, case.average):
        return
    if is_number(got) and close(got, calls / len(case.calls_per_turn)):
        mistake = "averages-text-turns"
        hint = "A turn without calls says nothing about batches: leave it out of the average."
    elif is_number(got) and close(got, calls / len(case.transcript())):
        mistake = "averages-messages"
        hint = "Divide by the number of turns that call a tool, not by all messages."
    elif is_number(got) and got in {int(case.average), round(case.average)}:
        mistake, hint = "rounds", "Leave the average as it is: // and round lose what it says."
    else:
        mistake, hint = "wrong-average", "Divide the calls by the turns that made any."
    raise Wrong(
        saw=f"{f'{got:.4g}' if is_number(got) else repr(got)} calls a turn in {case.told}",
        expected=f"{case.average:g}",
        hint=hint,
        mistake=mistake,
    )


@count_round_trips.check("a chat without tools averages 0.0", needs=("returns three numbers",))
def _no_tools(seen: _Counted) -> None:
    if any(seen.case.calls_per_turn):
        return
    if isinstance(seen.error, ZeroDivisionError):
        raise Wrong(
            saw="ZeroDivisionError",
            expected="0.0",
            hint="A chat without tools has no turn to divide by: ask before you divide.",
            mistake="divides-by-zero",
        )
    got = seen.run.value[2]
    if not is_number(got) or got != 0:
        raise Wrong(
            saw=repr(got),
            expected="0.0",
            hint="No calls at all is an average of 0.0, a number like any other.",
            mistake="no-average",
        )
