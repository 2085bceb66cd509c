"""What the exercises of notebook 01 are played on: chats, logs and plans with known answers.

A case is written down from its answer: how many calls each model turn makes, which calls belong
to which turn, how many turns and how much waiting a plan has.  The transcript or log is made from
that, so nothing here works an answer out.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from toollab.calls import JSON
from toollab.trace import Span, Trace

__all__ = ("Chat", "Log", "Plan")

_MOMENT = 0.1
_NAMES = ("get_weather", "search_docs", "get_price")


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation whose model turns make a known number of calls each.

    `average` is the number of calls per turn that makes any.  Results travel `together` in one
    message, `apart` in one message each, or `merged` into the user's next message.  `cut` ends
    the transcript before the last calls are answered.  `bare` leaves out keys that hold nothing.
    """

    calls_per_turn: tuple[int, ...]
    average: float
    results: Literal["together", "apart", "merged"] = "together"
    cut: bool = False
    bare: bool = False
    seed: int = 0

    @property
    def told(self) -> str:
        """The case in words."""
        counts = ", ".join(map(str, self.calls_per_turn))
        return f"a chat whose model turns make {counts} calls"

    def transcript(self) -> list[dict[str, JSON]]:
        """Write the conversation down: a fresh list of messages, oldest first."""
        source = random.Random(self.seed)  # noqa: S311 - chance, not secrets
        messages: list[dict[str, JSON]] = [{"role": "user", "text": "Three things, please."}]
        made = 0
        for turn, count in enumerate(self.calls_per_turn, start=1):
            calls = [_call(made + i, source) for i in range(1, count + 1)]
            made += count
            text = source.choice(("", "One moment.")) if calls else "Here is what I know."
            said = {"role": "assistant", "text": text}
            messages.append(said if self.bare and not calls else said | {"calls": calls})
            if turn == len(self.calls_per_turn) and (self.cut or not calls):
                break
            messages += self._reply([_result(call, source) for call in calls])
        return messages

    def _reply(self, results: list[dict[str, JSON]]) -> list[dict[str, JSON]]:
        """Write down what the model reads next: results, or the user's next question."""
        if not results:
            return [{"role": "user", "text": "Go on."}]
        if self.results == "apart":
            return [{"role": "tool", "results": [result]} for result in results]
        if self.results == "merged":
            return [{"role": "user", "text": "And hurry.", "results": results}]
        return [{"role": "tool", "results": results}]


def _call(number: int, source: random.Random) -> dict[str, JSON]:
    name = _NAMES[0] if number < 5 else source.choice(_NAMES)
    return {"id": f"call_{number + 6}", "name": name, "arguments": {"about": f"topic {number}"}}


def _result(call: dict[str, JSON], source: random.Random) -> dict[str, JSON]:
    failed = source.random() < 0.25
    return {"id": call["id"], "content": "no answer" if failed else "fine", "is_error": failed}


@dataclass(frozen=True, slots=True)
class Log:
    """What a harness logged about turns whose calls are known.

    `turns` names the tools each turn asks for; a turn that asks for none only writes text.  The
    harness starts calls when the turn has ended (`after`), each as soon as it is asked for
    (`eager`), or in another order (`shuffled`).  `gap` is how many seconds the model takes from
    one call to the next, `rest` how many lie between two turns.  `held` calls are never started.
    """

    turns: tuple[tuple[str, ...], ...]
    harness: Literal["after", "eager", "shuffled"] = "after"
    gap: float = 0.2
    rest: float = 1.0
    held: tuple[str, ...] = ()

    @property
    def batches(self) -> list[list[str]]:
        """The ids that each turn with calls asked for, in the order of emission."""
        return [[i for i, _ in turn] for turn in self._numbered() if turn]

    @property
    def names(self) -> dict[str, str]:
        """The tool behind each id."""
        return {i: name for turn in self._numbered() for i, name in turn}

    def _numbered(self) -> list[list[tuple[str, str]]]:
        number = iter(range(8, 1000))
        return [[(f"call_{next(number)}", name) for name in turn] for turn in self.turns]

    def events(self) -> list[dict[str, JSON]]:
        """Write the log: a fresh list of events, earliest first."""
        log: list[tuple[float, dict[str, JSON]]] = []
        now = 0.0
        for turn in self._numbered():
            log.append((now, {"type": "turn_start"}))
            asked = []
            for place, (call_id, name) in enumerate(turn):
                now += self.gap if place else _MOMENT
                log.append((now, {"type": "call", "id": call_id, "name": name}))
                asked.append((now, call_id))
            now += _MOMENT
            log.append((now, {"type": "turn_end"}))
            log += self._executed(asked, now)
            now += self.rest
        log.sort(key=lambda entry: round(entry[0], 6))
        return [{"time": round(time, 6), **event} for time, event in log]

    def _executed(
        self, asked: list[tuple[float, str]], ended: float
    ) -> Iterator[tuple[float, dict[str, JSON]]]:
        last = len(asked) - 1
        for place, (time, call_id) in enumerate(asked):
            if call_id in self.held:
                continue
            turned = last - place if self.harness == "shuffled" else place
            start = time if self.harness == "eager" else ended + 0.01 * turned
            lasts = self.gap / 2 if self.harness == "eager" else 0.1 + 0.02 * (last - place)
            yield start, {"type": "tool_start", "id": call_id}
            yield start + lasts, {"type": "tool_end", "id": call_id}

    def trace(self) -> Trace:
        """Return the log as spans to draw: the model's turns, and the calls that ran."""
        names, open_at, spans = self.names, dict[str, Any](), list[Span]()
        turn = 0
        for order, event in enumerate(self.events()):
            kind, time = event["type"], event["time"]
            if kind == "turn_start":
                turn += 1
            key = event.get("id", f"turn {turn}")
            if kind in {"turn_start", "tool_start"}:
                open_at[key] = (len(spans), order)
                spans.append(Span(key, names.get(key, "model"), {}, time, order))
            elif kind in {"turn_end", "tool_end"}:
                index, began = open_at[key]
                start = spans[index].start
                spans[index] = Span(
                    key, spans[index].name, {}, start, began, end=time, ended=order, state="ok"
                )
        return Trace(tuple(spans), max(span.end or 0.0 for span in spans))


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of tool calls with the model turns and the seconds of waiting it costs.

    `batches` holds the seconds of each call, one list for each model turn that calls tools.
    `turns` counts model turns and `waiting` is the time spent waiting for tools, in seconds.
    """

    model_s: float
    batches: tuple[tuple[float, ...], ...]
    concurrent: bool
    turns: int
    waiting: float

    @property
    def told(self) -> str:
        """The case in words."""
        how = "overlapping" if self.concurrent else "one after another"
        if not self.batches:
            return "no calls"
        return f"batches of {', '.join(str(len(batch)) for batch in self.batches)} calls, run {how}"

    def lists(self) -> list[list[float]]:
        """Return the batches as fresh lists."""
        return [list(batch) for batch in self.batches]

    @property
    def model_part(self) -> float:
        """Seconds the model takes in all its turns."""
        return self.turns * self.model_s
