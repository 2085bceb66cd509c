"""Random histories: valid ones are accepted, those with one planted fault are refused for it.

A history is drawn once, in no vendor's format, and written down for each of the three APIs.
`--full` draws 1,000 of each kind.
"""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.toollab.providers.bench import APIS, HEADERS, PATHS, SPECS, mock, post, request

words = st.text("abc ,.é\n\u2028", min_size=1, max_size=12).filter(str.strip)
names = st.sampled_from([spec.name for spec in SPECS])
arguments = st.dictionaries(
    st.text("xyz", min_size=1, max_size=3), st.integers() | words, max_size=2
)


@dataclass(frozen=True)
class Call:
    """A call and its result."""

    name: str
    arguments: dict[str, Any]
    result: str
    failed: bool


@dataclass(frozen=True)
class Turn:
    """What the user says, the batches the model then calls, and what it says at the end."""

    user: str
    batches: list[tuple[str, list[Call], list[int]]]
    answer: str


call = st.builds(Call, names, arguments, words, st.booleans())


@st.composite
def batch(draw: st.DrawFn) -> tuple[str, list[Call], list[int]]:
    """Draw some calls, maybe with a text, and the order in which they are answered."""
    calls = draw(st.lists(call, min_size=1, max_size=4))
    order = draw(st.permutations(range(len(calls))))
    return draw(st.just("") | words), calls, list(order)


histories = st.lists(
    st.builds(Turn, words, st.lists(batch(), max_size=3), words), min_size=1, max_size=3
)


class Writer:
    """Writes a history as one API's list of messages or items, ending with the user's word."""

    def __init__(self, api: str, turns: list[Turn], split: bool) -> None:
        self.api, self.split, self.count = api, split, 0
        self.entries: list[dict[str, Any]] = []
        for turn in turns:
            self.entries.append({"role": "user", "content": turn.user})
            for said, calls, order in turn.batches:
                getattr(self, api)(said, calls, order)
            self.entries.append({"role": "assistant", "content": turn.answer})
        self.entries.append({"role": "user", "content": "And?"})

    def ids(self, calls: list[Call]) -> list[str]:
        """Return fresh ids."""
        self.count += len(calls)
        return [f"call_{self.count - n}" for n in range(len(calls))]

    def messages(self, said: str, calls: list[Call], order: list[int]) -> None:
        """Write a batch for Anthropic, its results in one message or in several."""
        ids = self.ids(calls)
        content: list[Any] = [{"type": "text", "text": said}] if said else []
        for call_id, asked in zip(ids, calls, strict=True):
            use = {"id": call_id, "name": asked.name, "input": asked.arguments}
            content.append({"type": "tool_use", **use})
        self.entries.append({"role": "assistant", "content": content})
        results = [
            {
                "type": "tool_result",
                "tool_use_id": ids[n],
                "content": calls[n].result,
                "is_error": calls[n].failed,
            }
            for n in order
        ]
        groups = [[result] for result in results] if self.split else [results]
        self.entries += [{"role": "user", "content": group} for group in groups]

    def chat(self, said: str, calls: list[Call], order: list[int]) -> None:
        """Write a batch for Chat Completions."""
        ids = self.ids(calls)
        listed = [
            {
                "id": call_id,
                "type": "function",
                "function": {"name": asked.name, "arguments": json.dumps(asked.arguments)},
            }
            for call_id, asked in zip(ids, calls, strict=True)
        ]
        self.entries.append({"role": "assistant", "content": said or None, "tool_calls": listed})
        self.entries += [
            {"role": "tool", "tool_call_id": ids[n], "content": calls[n].result} for n in order
        ]

    def responses(self, said: str, calls: list[Call], order: list[int]) -> None:
        """Write a batch for Responses."""
        ids = self.ids(calls)
        if said:
            self.entries.append({"role": "assistant", "content": said})
        self.entries += [
            {
                "type": "function_call",
                "id": f"fc_{call_id}",
                "call_id": call_id,
                "name": asked.name,
                "arguments": json.dumps(asked.arguments),
            }
            for call_id, asked in zip(ids, calls, strict=True)
        ]
        self.entries += [
            {"type": "function_call_output", "call_id": ids[n], "output": calls[n].result}
            for n in order
        ]


def write(api: str, turns: list[Turn], *, split: bool = False) -> dict[str, Any]:
    """Return the request that holds a history."""
    body = request(api)
    body["input" if api == "responses" else "messages"] = Writer(api, turns, split).entries
    return body


@given(turns=histories, split=st.booleans())
@pytest.mark.parametrize("api", APIS)
def test_valid_histories_are_accepted(api: str, turns: list[Turn], split: bool):
    """Whatever was said and called, and in whatever order it was answered: 200, no fault."""
    mocked = mock()
    status, answer = post(mocked, api, write(api, turns, split=split))
    assert status == 200, answer
    assert mocked.log.faults == []
    assert len(mocked.log[0].conversation.calls) == sum(
        len(calls) for turn in turns for _, calls, _ in turn.batches
    )


# ---- one planted fault -----------------------------------------------------------------------


def results(api: str, entries: list[Any]) -> list[tuple[list[Any], int]]:
    """Return the place of each result: the list it stands in, and its index there."""
    if api != "messages":
        kind = ("role", "tool") if api == "chat" else ("type", "function_call_output")
        return [(entries, n) for n, entry in enumerate(entries) if entry.get(kind[0]) == kind[1]]
    return [
        (entry["content"], n)
        for entry in entries
        if isinstance(entry["content"], list)
        for n, block in enumerate(entry["content"])
        if block["type"] == "tool_result"
    ]


def calls_of(api: str, entries: list[Any]) -> list[tuple[list[Any], int]]:
    """Return the place of each call."""
    if api == "responses":
        return [(entries, n) for n, e in enumerate(entries) if e.get("type") == "function_call"]
    name = "content" if api == "messages" else "tool_calls"
    return [
        (entry[name], n)
        for entry in entries
        if isinstance(entry.get(name), list)
        for n, block in enumerate(entry[name])
        if block.get("type") in {"tool_use", "function"}
    ]


ID = {"messages": "tool_use_id", "chat": "tool_call_id", "responses": "call_id"}
CALL_ID = {"messages": "id", "chat": "id", "responses": "call_id"}


def drop_result(api: str, entries: list[Any], pick: int) -> set[str]:
    """Forget one result."""
    places = results(api, entries)
    inside, n = places[pick % len(places)]
    inside.pop(n)
    if api == "messages":
        entries[:] = [entry for entry in entries if entry["content"] != []]
    return {"missing-result"}


def repeat_result(api: str, entries: list[Any], pick: int) -> set[str]:
    """Answer one call twice."""
    places = results(api, entries)
    inside, n = places[pick % len(places)]
    inside.insert(n, deepcopy(inside[n]))
    return {"duplicate-result"}


def misname_result(api: str, entries: list[Any], pick: int) -> set[str]:
    """Answer a call that nobody made, in place of one that was."""
    places = results(api, entries)
    inside, n = places[pick % len(places)]
    inside[n][ID[api]] = "call_nobody"
    return {"orphan-result", "missing-result"}


def drop_calls(api: str, entries: list[Any], pick: int) -> set[str]:
    """Forget a call, and keep its result."""
    places = calls_of(api, entries)
    inside, n = places[pick % len(places)]
    inside.pop(n)
    if api != "responses":
        name = "content" if api == "messages" else "tool_calls"
        for entry in entries:
            if entry.get(name) == []:
                entry[name] = [{"type": "text", "text": "Hm."}]
                if api == "chat":
                    entry.pop(name)
                    entry["content"] = "Hm."
    return {"orphan-result"}


def same_id(api: str, entries: list[Any], pick: int) -> set[str]:
    """Give two neighbouring calls one id."""
    places = calls_of(api, entries)
    pairs = [(a, b) for a, b in pairwise(places) if a[0] is b[0]]
    together = [(a, b) for a, b in pairs if api != "responses" or b[1] == a[1] + 1]
    assume(together)
    (inside, first), (_, second) = together[pick % len(together)]
    inside[second][CALL_ID[api]] = inside[first][CALL_ID[api]]
    return {"duplicate-call-id"}


def dotted_name(api: str, entries: list[Any], pick: int) -> set[str]:
    """Echo a call of a tool whose name no service allows."""
    places = calls_of(api, entries)
    inside, n = places[pick % len(places)]
    call = inside[n]["function"] if api == "chat" else inside[n]
    call["name"] = "multi_tool_use.parallel"
    return {"tool-use-name", "function-name"}


def wrong_arguments(api: str, entries: list[Any], pick: int) -> set[str]:
    """Send arguments in the other vendor's type."""
    places = calls_of(api, entries)
    inside, n = places[pick % len(places)]
    if api == "messages":
        inside[n]["input"] = "{}"
    elif api == "chat":
        inside[n]["function"]["arguments"] = {}
    else:
        inside[n]["arguments"] = {}
    return {"tool-use-input", "wrong-type"}


def interrupt(api: str, entries: list[Any], pick: int) -> set[str]:
    """Say something between calls and results: as a message, or before them in theirs."""
    assume(api != "responses")  # items have no such rule
    places = results(api, entries)
    inside, n = places[pick % len(places)]
    if api == "messages":
        inside.insert(0, {"type": "text", "text": "Here:"})
        return {"text-before-results", "missing-result"}
    entries.insert(n, {"role": "user", "content": "Here:"})
    return {"missing-result", "orphan-result"}


FAULTS = (
    drop_result,
    repeat_result,
    misname_result,
    drop_calls,
    same_id,
    dotted_name,
    wrong_arguments,
    interrupt,
)


@given(turns=histories, fault=st.sampled_from(FAULTS), pick=st.integers(0, 99))
@pytest.mark.parametrize("api", APIS)
def test_one_planted_fault_is_refused(api: str, turns: list[Turn], fault: Any, pick: int):
    """A good history with one thing wrong gets 400, and the rule that names the fault."""
    assume(any(turn.batches for turn in turns))
    body = write(api, turns)
    expected = fault(api, body["input" if api == "responses" else "messages"], pick)
    mocked = mock()
    status, answer = post(mocked, api, body)
    assert status == 400, answer
    assert answer["error"]["type"] == "invalid_request_error"
    assert mocked.log[0].faults[0].rule in expected


# ---- anything at all ---------------------------------------------------------------------------

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the paths of all values inside a JSON value."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [path, *(found for key, item in inner for found in paths(item, (*path, key)))]


@given(turns=histories, strange=anything, pick=st.integers(0, 10_000), enforce=st.booleans())
@pytest.mark.parametrize("api", APIS)
def test_nothing_breaks_the_mock(
    api: str, turns: list[Turn], strange: Any, pick: int, enforce: bool
):
    """Any value in any place is answered or refused, never with a 500, even unenforced."""
    body = write(api, turns)
    places = paths(body)[1:]
    *way, last = places[pick % len(places)]
    holder: Any = body
    for key in way:
        holder = holder[key]
    holder[last] = strange
    mocked = mock(enforce=enforce)
    answer = mocked.handle("POST", PATHS[api], HEADERS, json.dumps(body).encode())
    assert answer.status in {200, 400}
    for frame in answer.frames or ():
        frame.decode()


@given(body=st.binary(max_size=40) | anything.map(lambda value: json.dumps(value).encode()))
@pytest.mark.parametrize("path", [*PATHS.values(), "/v1/messages/count_tokens"])
def test_no_body_breaks_the_mock(path: str, body: bytes):
    """Bytes that are no JSON object, or one without meaning, are refused."""
    assert mock().handle("POST", path, HEADERS, body).status == 400


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 500 + b"1" + b"}" * 500,
        b'{"model": NaN}',
        b'{"model": "x", "messages": "\\ud800", "input": "\\ud800", "max_tokens": 9}',
    ],
    ids=["brackets", "deep", "NaN", "half a character"],
)
def test_hostile_bodies_are_refused_or_answered(api: str, body: bytes):
    """Depth, constants that are no JSON and half characters do no harm."""
    assert mock().handle("POST", PATHS[api], HEADERS, body).status in {200, 400}


@pytest.mark.parametrize("api", APIS)
def test_huge_body_is_refused(api: str):
    """A body beyond the limit gets 413 before it is read."""
    assert mock().handle("POST", PATHS[api], HEADERS, b" " * (32 * 1024 * 1024 + 1)).status == 413
