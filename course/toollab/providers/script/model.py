"""The scripted model's mind: read the conversation, see what is open, ask or answer."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from toollab.calls import JSON, ToolCall, ToolResult, ToolSpec
from toollab.providers.conversation import Batch, Conversation, Reply
from toollab.providers.knobs import Knobs
from toollab.providers.script.misbehave import misbehave, unwrap
from toollab.providers.script.plans import PLANS, Plan, Wish
from toollab.providers.script.schemas import fit, made_up
from toollab.providers.script.words import join_names, looks_like_error, transient

__all__ = ("Model", "Replay", "ScriptedModel")


class Model(Protocol):
    """Whatever can continue a conversation."""

    def __call__(self, conversation: Conversation, knobs: Knobs) -> Reply:
        """Return the next reply; the same one for the same conversation and knobs."""
        ...


@dataclass(frozen=True, slots=True)
class Replay:
    """A model that gives prepared replies, one a turn, and repeats the last one."""

    replies: Sequence[Reply]

    def __call__(self, conversation: Conversation, knobs: Knobs) -> Reply:  # noqa: ARG002
        """Return the reply for this turn, whatever was said."""
        return self.replies[min(conversation.turns, len(self.replies) - 1)]


@dataclass(frozen=True, slots=True)
class _State:
    """Where one wish stands."""

    wish: Wish
    spec: ToolSpec
    status: Literal["open", "done", "failed"]
    content: str = ""
    tries: int = 0


@dataclass(frozen=True, slots=True)
class ScriptedModel:
    """A model that plans with `plans` and remembers nothing but the conversation.

    It asks for all that is ready in one turn, waits for results before what needs them, tries
    once more after an error that may pass, and answers from the results it was given.
    """

    plans: Sequence[Plan] = PLANS

    def __call__(self, conversation: Conversation, knobs: Knobs) -> Reply:
        """Return the next reply."""
        conversation = unwrap(conversation)
        states = self._states(conversation)
        ready = [] if conversation.choice.mode == "none" else _ready(states, conversation, knobs)
        thinking = "I have to see which of these need each other." if conversation.thinking else ""
        if not ready:
            return Reply.of(_answer(states, conversation), thinking=thinking)
        calls = [
            ToolCall(call_id, state.spec.name, _arguments(state, states, guess=not settled))
            for call_id, (state, settled) in zip(_ids(conversation, knobs), ready, strict=False)
        ]
        reply = Reply.of(_announce([state for state, _ in ready]), *calls, thinking=thinking)
        return misbehave(reply, conversation, knobs) if not conversation.batches else reply

    def _states(self, conversation: Conversation) -> list[_State]:
        wishes: dict[tuple[str, str], tuple[Wish, ToolSpec]] = {}
        for plan in self.plans:
            for wish in plan(conversation.words, conversation.tools):
                spec = _offered(wish.tool, conversation.tools)
                if spec is not None:
                    fitted = replace(wish, arguments=fit(wish.arguments, spec))
                    same_call = (spec.name, json.dumps(fitted.arguments, default=str))
                    wishes.setdefault(same_call, (fitted, spec))
        states: list[_State] = []
        for wish, spec in wishes.values():
            states.append(_look_up(wish, spec, states, conversation.batches))
        return states


def _look_up(
    wish: Wish, spec: ToolSpec, known: Sequence[_State], batches: Iterable[Batch]
) -> _State:
    """Find out from the calls and results so far where `wish` stands."""
    state = _State(wish, spec, "open")
    now = _arguments(state, known)
    for batch in batches:
        for call in batch.calls:
            result = batch.results.get(call.id)
            mine = call.name == spec.name and (wish.fill or dict(call.arguments) == dict(now))
            if not mine or result is None or state.status == "done":
                continue
            state = _judge(state, result, outdated=dict(call.arguments) != dict(now))
    return state


def _judge(state: _State, result: ToolResult, *, outdated: bool) -> _State:
    if not (result.is_error or looks_like_error(result.content)):
        return replace(state, status="done", content=result.content)
    tries = state.tries + (not outdated)
    again = outdated or (transient(result.content) and tries < 2)
    return replace(state, status="open" if again else "failed", content=result.content, tries=tries)


def _ready(
    states: Sequence[_State], conversation: Conversation, knobs: Knobs
) -> list[tuple[_State, bool]]:
    """Choose what to ask for now: `(state, whether all it waits for is settled)`."""
    status = {state.wish.key: state.status for state in states}
    chosen = []
    for state in states:
        wish = state.wish
        settled = all(status.get(key, "done") == "done" for key in wish.needs) and all(
            status.get(key, "done") != "open" for key in wish.after
        )
        hasty = knobs.dependent_batch and not conversation.batches and bool(wish.guess)
        if state.status == "open" and (settled or hasty):
            chosen.append((state, settled))
    choice = conversation.choice
    if choice.mode == "tool":
        chosen = [pair for pair in chosen if pair[0].spec.name == choice.name]
    if choice.mode in {"any", "tool"} and not chosen and conversation.tools:
        chosen = [(_forced(conversation), True)]
    return chosen[: _width(conversation, knobs)]


def _width(conversation: Conversation, knobs: Knobs) -> int | None:
    """Return how many calls the model is willing to make in one turn; `None` is any number."""
    if not conversation.parallel or knobs.parallel == "never":
        return 1
    if knobs.heeds_split_results and any(batch.messages > 1 for batch in conversation.batches):
        return 1
    prompt = f"{conversation.system}\n{conversation.words}".lower()
    if re.search(r"one (?:tool|call)(?: call)? at a time|do not call tools in parallel", prompt):
        return 1
    asked = re.search(
        r"parallel|simultaneous|at the same time|in one turn|same turn|at once", prompt
    )
    return 1 if knobs.parallel == "if asked" and not asked else None


def _forced(conversation: Conversation) -> _State:
    """Make up a call, as a model must that was told to call a tool and has nothing to ask."""
    named = _offered(conversation.choice.name, conversation.tools)
    spec = named or conversation.tools[0]
    return _State(Wish(spec.name, spec.name, made_up(spec)), spec, "open")


def _offered(name: str, tools: Iterable[ToolSpec]) -> ToolSpec | None:
    """Find a tool by its name, with or without a namespace in front."""
    tools = list(tools)
    exact = [tool for tool in tools if tool.name == name]
    similar = [tool for tool in tools if name and tool.name.endswith((f"_{name}", f"-{name}"))]
    return next(iter(exact or similar), None)


def _arguments(
    state: _State, states: Sequence[_State], *, guess: bool = False
) -> Mapping[str, JSON]:
    if guess and state.wish.guess:
        return fit(state.wish.guess, state.spec)
    if state.wish.fill is None:
        return state.wish.arguments
    facts = {other.wish.key: other.content for other in states if other.status == "done"}
    return fit(state.wish.fill(facts), state.spec)


def _ids(conversation: Conversation, knobs: Knobs) -> Iterable[str]:
    """Yield ids that are new in this conversation and the same in every run of it."""
    count = len(conversation.calls)
    opening = conversation.words.partition("\n")[0]
    while True:
        count += 1
        seed = f"{knobs.seed}/{opening}/{count}".encode("utf-8", "surrogatepass")
        yield conversation.id_prefix + hashlib.sha256(seed).hexdigest()[:22]


def _announce(states: Sequence[_State]) -> str:
    verbs = dict.fromkeys(state.wish.verb for state in states)
    doing = [
        f"{verb} {join_names([state.wish.key for state in states if state.wish.verb == verb])}"
        for verb in verbs
    ]
    again = " again" if any(state.tries for state in states) else ""
    return f"Let me {', then '.join(doing)}{again}."


def _answer(states: Sequence[_State], conversation: Conversation) -> str:
    """Write the final answer from the results, and say what could not be had."""
    told = [s.wish.tell(s.content) for s in states if s.status == "done"]
    found = ", ".join(clause for clause in told if clause and not clause.endswith("."))
    missing = [
        f"{state.wish.key} ({state.content.strip() or 'not tried'})"
        for state in states
        if state.status != "done"
    ]
    sentences = []
    if found:
        sentences.append(f"Here is what I found: {found}.")
    sentences += [clause for clause in told if clause.endswith(".")]
    if missing:
        sentences.append(f"I could not get {join_names(missing)}.")
    if not sentences and conversation.tools:
        sentences.append("None of my tools helps with that; ask me something they know.")
    return " ".join(sentences) or "Hello! I have no tools to look anything up with."
