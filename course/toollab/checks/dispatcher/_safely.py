"""Exercise `call_safely`: try again without doing it again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from toollab.calls import ToolCall, ToolResult, ToolSpec
from toollab.checks import _probes as probes
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks._scenes import awaited, stopping, stops
from toollab.clock import Run, simulate
from toollab.tools import Tool, ToolError, World

__all__ = ("Step", "Trouble", "call_safely")

_FOREVER = 1000.0
_REFUSALS = ("refused", "barred")
_BROKEN = (ConnectionError, "connection reset")
_RAISES: Mapping[str, tuple[type[Exception], str]] = {
    "lost": _BROKEN,
    "down": _BROKEN,
    "refused": (ToolError, "card expired"),
    "barred": (PermissionError, "not your order"),
}
_CALL = ToolCall("call_7", "refund", {"order": 881, "eur": 149})
_TWINS = (("turn_1", "call_7"), ("turn_1", "call_8"), ("turn_2", "call_7"), ("turn_12", "7"))
_TWINS_MORE = (("turn_1", "27"), ("turn-1", "2"), ("turn", "1-2"), ("turn_1_2", "7"))


@dataclass(frozen=True)
class Step:
    """What happens at one attempt, after so many seconds.

    `lost`: the effect has happened, and the connection breaks.  `late`: it has happened, and no
    answer comes.  `down`: the connection breaks before.  `hangs`: nothing happens, for ever.
    `refused` and `barred`: the tool says no, with an error of its own or a `PermissionError`.
    """

    how: Literal["ok", "lost", "late", "down", "hangs", "refused", "barred"]
    seconds: float = 0.2


@dataclass(frozen=True)
class Trouble:
    """One call, and exactly the attempts that should be made at it."""

    script: tuple[Step, ...]
    effect: Literal["none", "keyed", "once"] = "keyed"
    timeout: float = 1.0
    pauses: tuple[float, ...] = (0.5, 1.0)

    @property
    def starts(self) -> list[float]:
        """When each attempt should begin, in seconds."""
        found = [0.0]
        for step, pause in zip(self.script[:-1], self.pauses, strict=False):
            took = self.timeout if step.how in {"late", "hangs"} else step.seconds
            found.append(round(found[-1] + took + pause, 9))
        return found

    @property
    def told(self) -> str:
        """The case in words."""
        return f"effect {self.effect!r}, attempts: {', '.join(s.how for s in self.script)}"


@dataclass(frozen=True)
class Tried:
    """What was done about one trouble: when each attempt began, and with which key.

    `keys` are those of other calls; `run`, `stopped` and `others` are the runs.
    """

    case: Trouble
    run: Run
    starts: list[float]
    given: list[Any]
    effects: int
    keys: list[Any]
    stopped: Run


call_safely: Exercise[Trouble, Tried] = Exercise(
    "Try again, do it once",
    cases=[
        Trouble((Step("ok"),)),
        Trouble((Step("down"), Step("hangs"), Step("ok", 0.4)), "none"),
        Trouble((Step("lost"), Step("late", 0.3), Step("ok"))),
        Trouble((Step("late"), Step("down"), Step("lost"))),
        Trouble((Step("refused"),)),
        Trouble((Step("down"), Step("refused")), "none"),
        Trouble((Step("down"), Step("barred")), "none"),
        Trouble((Step("lost"),), "once"),
        Trouble((Step("hangs"),), "once"),
        Trouble((Step("hangs"), Step("hangs"), Step("down")), "none"),
        Trouble((Step("down"),), pauses=()),
    ],
)


def _bench(case: Trouble) -> tuple[World, Callable[..., Any], list[float], list[Any]]:
    """Return a world, a tool that follows the script, and lists of starts and of keys."""
    starts: list[float] = []
    given: list[Any] = []

    def step_of(number: int) -> Step:
        return case.script[number] if number < len(case.script) else Step("ok")

    def work(state: Any, number: int) -> str:
        step = step_of(number)
        if step.how in {"ok", "lost", "late"}:
            key = given[number].get("idempotency_key")
            if case.effect != "keyed" or key is None or key not in state["keys"]:
                state["effects"] += 1
            state["keys"].append(key)
        if step.how in _RAISES:
            kind, words = _RAISES[step.how]
            raise kind(words)
        return "refund no. 1"

    def seconds(noted: Any, _chance: Any) -> float:
        step = step_of(noted["number"])
        return _FOREVER if step.how == "hangs" else step.seconds

    world = World(
        [Tool(ToolSpec("refund", "Pay back."), work, seconds)],
        state=lambda: {"effects": 0, "keys": []},
    )

    async def tool(**arguments: Any) -> str:
        number = len(starts)
        starts.append(world.now())
        given.append(dict(arguments))
        answer = str(await world.tools["refund"](number=number))
        if step_of(number).how == "late":
            await asyncio.sleep(_FOREVER)
        return answer

    return world, tool, starts, given


@call_safely.play
def _play(fn: Callable[..., Any], case: Trouble) -> Tried:
    world, tool, starts, given = _bench(case)
    rest = (case.effect, "turn_1", case.timeout, list(case.pauses))
    run = simulate(world, awaited(fn), _CALL, tool, *rest)
    effects = world.state["effects"]
    keys: list[Any] = []
    if case.effect == "keyed" and len(case.script) == 1:
        for turn, call_id in (*_TWINS, *_TWINS_MORE):
            other, twin, _, seen = _bench(Trouble((Step("ok"),)))
            call = ToolCall(call_id, _CALL.name, _CALL.arguments)
            simulate(other, awaited(fn), call, twin, "keyed", turn, 1.0, [0.5])
            keys += [one.get("idempotency_key") for one in seen]
    calm, slow, _, _ = _bench(Trouble((Step("ok", 0.9),), case.effect))
    stopped = simulate(calm, stopping(fn, 0.1), _CALL, slow, *rest)
    return Tried(case, run, starts, given, effects, keys, stopped)


def _result(seen: Tried) -> ToolResult:
    probes.comes_back(seen.run)
    (result,) = probes.results_of([seen.run.value])
    if result.id != _CALL.id:
        raise Wrong(
            saw=f"a result for {result.id!r}",
            expected=f"one for {_CALL.id!r}",
            hint="Copy the id of the call into its result.",
            mistake="foreign-id",
        )
    return result


def _ends(seen: Tried, how: str) -> ToolResult:
    """Ask for a good result or an error result, as the script's last attempt says."""
    result = _result(seen)
    words: tuple[str, ...] = ("refund no. 1",) if how == "ok" else ()
    if how in _RAISES:
        kind, said = _RAISES[how]
        words = (kind.__name__, said)
    told = all(word in result.content for word in words) and bool(result.content)
    if result.is_error == (how == "ok") or not told:
        raise Wrong(
            saw=f"“{result.content}”, is_error={result.is_error}; {seen.case.told}",
            expected="the tool's answer"
            if how == "ok"
            else "an error result with the error's type and message",
            hint="The last attempt decides what the model is told.",
            mistake="other-end",
        )
    return result


def _attempts(seen: Tried) -> None:
    """Ask for exactly the attempts of the script."""
    made, wanted = len(seen.starts), len(seen.case.script)
    if made == wanted:
        return
    raise Wrong(
        saw=f"{made} attempts; {seen.case.told}",
        expected=f"{wanted}",
        hint="A connection that breaks and an answer that is late pass: try again after each "
        "pause, so one attempt more than there are pauses."
        if made < wanted
        else "There is one attempt more than there are pauses, and none after a success.",
        mistake="too-few-attempts" if made < wanted else "too-many-attempts",
    )


@call_safely.check("a good call is made once")
def _good(seen: Tried) -> None:
    if seen.case.script[0].how != "ok":
        return
    _ends(seen, "ok")
    _attempts(seen)
    bare = {k: v for k, v in seen.given[0].items() if k != "idempotency_key"}
    if bare != dict(_CALL.arguments):
        raise Wrong(
            saw=f"the tool was given {bare}",
            expected=f"{dict(_CALL.arguments)}",
            hint="Call the tool with **call.arguments.",
            mistake="other-arguments",
        )


@call_safely.check("an attempt has its time limit")
def _limited(seen: Tried) -> None:
    if seen.case.script[0].how not in {"hangs", "late"}:
        return
    _result(seen)
    if seen.run.total >= _FOREVER:
        raise Wrong(
            saw=f"an attempt that went on for {seen.run.total:g} s",
            expected=f"at most {seen.case.timeout:g} s for each attempt",
            hint="A tool may never answer: give each attempt a limit of its own.",
            mistake="no-limit",
        )
    probes.leaves_nothing_running(seen.run)


@call_safely.check("passing trouble is tried again, after the pause", points=2)
def _again(seen: Tried) -> None:
    case = seen.case
    if case.effect == "once" or case.script[0].how == "ok" or case.script[-1].how in _REFUSALS:
        return  # a refusal has a check of its own
    _result(seen)
    _attempts(seen)
    if any(abs(a - b) > 1e-6 for a, b in zip(seen.starts, case.starts, strict=True)):
        raise Wrong(
            saw=f"attempts at {', '.join(f'{s:g}' for s in seen.starts)} s; {case.told}",
            expected=f"at {', '.join(f'{s:g}' for s in case.starts)} s",
            hint="Wait one pause between two attempts: pauses[0] after the first, and so on.",
            mistake="other-pauses",
        )
    _ends(seen, case.script[-1].how)
    if seen.run.total - case.starts[-1] > case.timeout + 1e-6:
        raise Wrong(
            saw=f"back after {seen.run.total:g} s",
            expected="back when the last attempt has ended",
            hint="After the last attempt there is nothing to wait for.",
            mistake="waits-for-nothing",
        )


@call_safely.check("a refusal is final")
def _refused(seen: Tried) -> None:
    last = seen.case.script[-1].how
    if last not in _REFUSALS:
        return
    if len(seen.starts) > len(seen.case.script):
        raise Wrong(
            saw=f"{len(seen.starts)} attempts; {seen.case.told}",
            expected=f"{len(seen.case.script)}: the tool has said no",
            hint="Only a ConnectionError or a TimeoutError passes. Any other error is an answer"
            + (", also another OSError." if last == "barred" else "."),
            mistake="retries-refusal",
        )
    _ends(seen, last)


@call_safely.check("one call, one key", points=2)
def _key(seen: Tried) -> None:
    keys = [given.get("idempotency_key") for given in seen.given]
    if seen.case.effect != "keyed":
        if any(key is not None for key in keys):
            raise Wrong(
                saw=f"a key for a tool with effect {seen.case.effect!r}",
                expected="a key only where effect is 'keyed'",
                hint="A tool that knows no keys refuses an argument it was not made for.",
                mistake="key-unasked",
            )
        return
    if not keys or any(type(key) is not str or not key for key in keys):
        raise Wrong(
            saw="an attempt without a key",
            expected="a text as idempotency_key, at every attempt",
            hint="Without a key the service cannot know that it is asked again.",
            mistake="no-key",
        )
    if len(set(keys)) > 1:
        raise Wrong(
            saw=f"{len(set(keys))} keys, and {seen.effects} effects",
            expected="the same key at every attempt",
            hint="A fresh key says: this is another refund. Make it once, before the loop.",
            mistake="fresh-key",
        )
    if len(set(seen.keys)) < len(seen.keys):
        raise Wrong(
            saw=f"{len(seen.keys)} calls of several turns, {len(set(seen.keys))} keys",
            expected="a key of its own for each",
            hint="Two refunds that are meant need two keys, also when their arguments are alike "
            "or their turns are not the same. Put turn and id together so that they can be told "
            "apart again.",
            mistake="shared-key",
        )


@call_safely.check("an effect without a key is not repeated")
def _once(seen: Tried) -> None:
    if seen.case.effect == "once" and len(seen.starts) != 1:
        raise Wrong(
            saw=f"{len(seen.starts)} attempts",
            expected="1: nobody knows whether the first had its effect",
            hint="A lost answer is no lost effect. What may have happened must not be tried again.",
            mistake="repeats-effect",
        )
    _result(seen)


@call_safely.check("says what is not known")
def _unknown(seen: Tried) -> None:
    result, last = _result(seen), seen.case.script[-1].how
    if last in _REFUSALS and len(seen.starts) > len(seen.case.script):
        return  # a refusal that is tried again has a check of its own
    unknown = last not in {"ok", *_REFUSALS} and seen.case.effect != "none"
    if unknown == ("outcome unknown" in result.content) and result.is_error == (last != "ok"):
        return
    raise Wrong(
        saw=f"“{result.content}”; {seen.case.told}",
        expected=f"an error result {'with' if unknown else 'without'} the words outcome unknown",
        hint="Told that it failed, the model asks again, and it happens twice."
        if unknown
        else "A refusal, and trouble with a tool that changes nothing, leave nothing unknown.",
        mistake="unknown-untold" if unknown else "doubts-everything",
    )


@call_safely.check("stops when it is cancelled")
def _stops(seen: Tried) -> None:
    stops(seen.stopped, "the call")
