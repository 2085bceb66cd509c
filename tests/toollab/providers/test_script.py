"""The scripted model: what it plans, how it reacts, and how the knobs spoil it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.toollab.providers.bench import (
    APIS,
    CUSTOMER,
    MAIL,
    SPECS,
    SUMMARY,
    TWO_CITIES,
    Desk,
    agent,
    continued,
    gather,
    mock,
    post,
    request,
    spec,
)
from toollab.calls import ToolCall, ToolResult, ToolSpec
from toollab.providers import Knobs, MockProvider, Replay, Reply, ScriptedModel, Wish, run_agent
from toollab.providers.conversation import Batch, Choice, Conversation, cut
from toollab.providers.script.words import as_clause, find_email, join_names, listed_after

Results = dict[str, ToolResult]


def say(words: str, *batches: Batch, knobs: Knobs | None = None, **more: Any) -> Reply:
    """Let the scripted model answer a conversation with all tools of the bench."""
    more = {"tools": SPECS, **more}
    conversation = Conversation(words, batches=batches, turns=len(batches), **more)
    return ScriptedModel()(conversation, knobs or Knobs())


def asked(reply: Reply) -> list[tuple[str, dict[str, Any]]]:
    """Return the names and arguments of the calls of a reply."""
    return [(call.name, dict(call.arguments)) for call in reply.calls]


def answered(
    reply: Reply, *contents: str, failed: tuple[int, ...] = (), messages: int = 1
) -> Batch:
    """Return the batch of a reply, answered; the results numbered in `failed` are errors."""
    results = {
        call.id: ToolResult(call.id, content, is_error=n in failed)
        for n, (call, content) in enumerate(zip(reply.calls, contents, strict=True))
    }
    return Batch(reply.calls, results, messages)


def talk(mocked: MockProvider, question: str, api: str = "messages", **options: Any) -> Any:
    """Run the agent loop over a mock; return the run and the desk."""
    desk = Desk()
    partner = agent(api, mocked, **options)
    return asyncio.run(run_agent(partner, question, desk.registry, gather)), desk


class TestPlanning:
    """From words and tools to calls."""

    def test_dependent_call_waits_for_what_it_needs(self):
        """The mail is asked for only when weather and profile are known."""
        first = say(SUMMARY)
        assert [name for name, _ in asked(first)] == ["get_weather", "get_weather", "get_profile"]
        second = say(
            SUMMARY, answered(first, "cloudy, 5 degrees", "sunny, 20 degrees", "jack@example.com")
        )
        assert asked(second) == [
            ("send_email", {"to": MAIL["to"], "message": MAIL["message"]}),
        ]

    def test_unanswered_calls_are_waited_for(self):
        """A result that has not come keeps what needs it waiting."""
        first = say(SUMMARY)
        partly = Batch(first.calls, {})
        assert "send_email" not in [name for name, _ in asked(say(SUMMARY, partly))]

    def test_given_address_needs_no_profile(self):
        """With an address in the words, nobody looks up a profile."""
        first = say("Send a weather summary for LA, the weather in LA, by mail to a@b.example.")
        assert [name for name, _ in asked(first)] == ["get_weather"]

    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("the weather in Oslo", ["Oslo"]),
            ("weather in Oslo, Lima and New York?", ["Oslo", "Lima", "New York"]),
            ("weather in Oslo, Lima, and Cairo.", ["Oslo", "Lima", "Cairo"]),
            ("weather in the city of Oslo or in Lima", ["Oslo", "Lima"]),
            ("weather in Oslo and in Oslo", ["Oslo"]),
            ("any weather?", []),
        ],
    )
    def test_places_are_read_from_the_words(self, words: str, expected: list[str]):
        """Lists of names are found in the ways people write them."""
        assert [given["city"] for _, given in asked(say(words))] == expected

    @pytest.mark.parametrize(
        "words",
        [
            "Compare the products Kestrel, Merlin and Osprey.",
            "Compare Kestrel, Merlin and Osprey for me",
            "Please compare three laptops: Kestrel, Merlin, and Osprey.",
        ],
    )
    def test_products_are_read_from_the_words(self, words: str):
        """Three names after `compare` are three lookups."""
        names = ["Kestrel", "Merlin", "Osprey"]
        assert asked(say(words)) == [("get_product", {"name": name}) for name in names]

    def test_only_offered_tools_are_called(self):
        """A tool that the request does not offer is not called, and not talked of."""
        reply = say(CUSTOMER, tools=[s for s in SPECS if s.name != "get_orders"])
        assert [name for name, _ in asked(reply)] == ["get_customer", "get_tickets"]

    def test_tools_are_found_under_a_namespace(self):
        """`desk_get_weather` will do for `get_weather`."""
        assert asked(say(TWO_CITIES, tools=[spec("desk_get_weather", city="string")])) == [
            ("desk_get_weather", {"city": "Beijing"}),
            ("desk_get_weather", {"city": "LA"}),
        ]

    def test_arguments_fit_the_schema(self):
        """An argument takes the name and the type that the tool's schema has for it."""
        tools = [spec("get_weather", location="string"), spec("get_customer", customer_id="string")]
        assert asked(say("weather in Oslo for customer 7", tools=tools)) == [
            ("get_weather", {"location": "Oslo"}),
            ("get_customer", {"customer_id": "7"}),
        ]

    def test_any_tool_that_is_mentioned_is_called(self):
        """Tools without a plan of their own are called when the words name them."""
        color = {"type": "object", "properties": {"color": {"enum": ["red", "blue"]}}}
        tools = [
            spec("get_balance"),
            spec("find_document", title="string"),
            ToolSpec("count_marbles", "", {**color, "required": ["color"]}),
            spec("get_invoice", number="integer"),
            spec("move_money", source="string", target="string"),
        ]
        words = 'My balance, the document "Terms", blue marbles, invoices 7 and 8; no money.'
        assert asked(say(words, tools=tools)) == [
            ("get_balance", {}),
            ("find_document", {"title": "Terms"}),
            ("count_marbles", {"color": "blue"}),
            ("get_invoice", {"number": 7}),
            ("get_invoice", {"number": 8}),
        ]

    def test_own_plans_can_be_added(self):
        """A plan is a function from words and tools to wishes."""
        model = ScriptedModel([lambda _words, _tools: [Wish("a ping", "ping")]])
        reply = model(Conversation("go", tools=(spec("ping"),)), Knobs())
        assert asked(reply) == [("ping", {})]

    def test_later_questions_keep_earlier_results(self):
        """What is known already is not asked for again."""
        first = say(TWO_CITIES)
        batch = answered(first, "cloudy, 5 degrees", "sunny, 20 degrees")
        words = f"{TWO_CITIES}\nNow send a summary email to me."
        assert [name for name, _ in asked(say(words, batch))] == ["get_profile"]

    def test_without_tools_it_says_so(self):
        """A request without tools gets words, not calls."""
        assert asked(say(TWO_CITIES, tools=())) == []
        assert "no tools" in say(TWO_CITIES, tools=()).text


class TestReactions:
    """What results do to the next turn."""

    def test_error_that_may_pass_is_tried_once_more(self):
        """A timeout is asked again, once, under a new id; then it is reported."""
        first = say(TWO_CITIES)
        batch = answered(first, "Timed out after 2 s.", "sunny, 20 degrees", failed=(0,))
        second = say(TWO_CITIES, batch)
        assert asked(second) == [("get_weather", {"city": "Beijing"})]
        assert second.calls[0].id not in {call.id for call in first.calls}
        again = answered(second, "Timed out after 2 s.", failed=(0,))
        third = say(TWO_CITIES, batch, again)
        assert asked(third) == []
        assert "could not get the weather in Beijing (Timed out after 2 s.)" in third.text
        assert "LA is sunny at 20 degrees" in third.text

    def test_error_that_stays_is_not_tried_again(self):
        """`No weather station` is final."""
        first = say(TWO_CITIES)
        batch = answered(first, "No weather station in Beijing.", "sunny, 20 degrees", failed=(0,))
        assert asked(say(TWO_CITIES, batch)) == []

    def test_errors_are_read_from_words_where_there_is_no_flag(self):
        """On APIs without `is_error`, a result that begins with `Error` is one."""
        first = say(TWO_CITIES)
        batch = answered(first, "Error: no such city", "sunny, 20 degrees")
        assert "could not get the weather in Beijing" in say(TWO_CITIES, batch).text

    def test_mail_goes_out_with_what_is_known(self):
        """One city failed: the mail tells of the other."""
        first = say(SUMMARY)
        batch = answered(first, "no station", "sunny, 20 degrees", "jack@example.com", failed=(0,))
        [(name, given)] = asked(say(SUMMARY, batch))
        assert name == "send_email"
        assert given["message"] == "Weather summary: LA is sunny at 20 degrees."

    def test_nothing_is_sent_without_an_address(self):
        """Without a profile there is no recipient, and the model says so."""
        first = say(SUMMARY)
        batch = answered(first, "cloudy", "sunny", "access denied", failed=(2,))
        reply = say(SUMMARY, batch)
        assert asked(reply) == []
        assert "the e-mail" in reply.text
        assert "access denied" in reply.text

    def test_call_that_was_not_run_is_asked_again(self):
        """`Not executed: …` is no verdict on the call."""
        first = say(TWO_CITIES)
        batch = answered(first, "cloudy", "Not executed: the call before failed.", failed=(1,))
        assert asked(say(TWO_CITIES, batch)) == [("get_weather", {"city": "LA"})]


class TestWillingness:
    """How many calls in a turn."""

    @pytest.mark.parametrize(
        ("setting", "prompt", "expected"),
        [
            ("always", "", 2),
            ("never", "Call tools in parallel.", 1),
            ("if asked", "", 1),
            ("if asked", "Invoke all relevant tools simultaneously.", 2),
            ("if asked", "Call independent tools in parallel, in one turn.", 2),
            ("always", "Use one tool at a time.", 1),
            ("always", "Do not call tools in parallel.", 1),
        ],
    )
    def test_prompts_nudge(self, setting: Any, prompt: str, expected: int):
        """A reluctant model can be talked into parallel calls, a willing one out of them."""
        reply = say(TWO_CITIES, system=prompt, knobs=Knobs(parallel=setting))
        assert len(reply.calls) == expected

    def test_nudge_shows_in_calls_per_turn(self):
        """The average number of calls a turn rises with the nudge: what notebook 09 measures."""
        averages = []
        for system in ("", "Call independent tools in parallel."):
            mocked = mock(parallel="if asked")
            talk(mocked, CUSTOMER, system=system)
            averages.append(mocked.log.average_calls)
        assert averages == [1.0, 3.0]

    def test_split_results_teach_it_to_stop(self):
        """After results came in several user messages, it calls one tool a turn."""
        words = f"{TWO_CITIES} {CUSTOMER}"
        first = say(words)
        contents = ["x"] * (len(first.calls) - 2) + ["Timed out"] * 2
        last = (len(contents) - 2, len(contents) - 1)
        together = answered(first, *contents, failed=last)
        split = answered(first, *contents, failed=last, messages=len(contents))
        assert len(say(words, together).calls) == 2
        assert len(say(words, split).calls) == 1
        assert len(say(words, split, knobs=Knobs(heeds_split_results=False)).calls) == 2

    def test_split_results_are_seen_on_the_wire(self):
        """Over HTTP too: the conversation goes on, one call at a time."""
        body = request("messages", f"{TWO_CITIES} Then send a summary email to me.")
        counts = {}
        for split in (False, True):
            mocked = mock(parallel="always")
            _, answer = post(mocked, "messages", body)
            uses = [b for b in answer["content"] if b["type"] == "tool_use"]
            results = [
                {"type": "tool_result", "tool_use_id": u["id"], "content": "Timed out"}
                for u in uses
            ]
            for result in results:
                result["is_error"] = True
            groups = [[r] for r in results] if split else [results]
            turns = [{"role": "user", "content": group} for group in groups]
            said = [{"role": "assistant", "content": answer["content"]}, *turns]
            post(mocked, "messages", {**body, "messages": [*body["messages"], *said]})
            counts[split] = mocked.log.calls_per_turn
        assert counts == {False: [3, 3], True: [3, 1]}

    @pytest.mark.parametrize("api", APIS)
    def test_forbidden_tools_are_not_called(self, api: str):
        """`tool_choice` none: words only."""
        choice: Any = {"type": "none"} if api == "messages" else "none"
        mocked = mock()
        post(mocked, api, request(api, tool_choice=choice))
        assert mocked.log.calls_per_turn == [0]

    @pytest.mark.parametrize("api", APIS)
    def test_demanded_tools_are_called(self, api: str):
        """`any` or `required`: at least one call, even if there is nothing to ask."""
        choice: Any = {"type": "any"} if api == "messages" else "required"
        mocked = mock()
        post(mocked, api, request(api, "Hello!", tool_choice=choice))
        assert mocked.log.calls_per_turn == [1]

    @pytest.mark.parametrize("api", APIS)
    def test_named_tool_is_called(self, api: str):
        """A named tool is called, and no other; with parallel calls off, exactly once."""
        named: Any = {
            "messages": {"type": "tool", "name": "get_weather"},
            "chat": {"type": "function", "function": {"name": "get_weather"}},
            "responses": {"type": "function", "name": "get_weather"},
        }[api]
        mocked = mock()
        post(mocked, api, request(api, SUMMARY, tool_choice=named))
        off = {"tool_choice": named, "parallel_tool_calls": False}
        if api == "messages":
            off = {"tool_choice": {**named, "disable_parallel_tool_use": True}}
        post(mocked, api, request(api, SUMMARY, **off))
        names = [[call.name for call in exchange.calls] for exchange in mocked.log]
        assert names == [["get_weather"] * 2, ["get_weather"]]

    def test_made_up_arguments_have_the_right_types(self):
        """A demanded call without anything to say fills its required arguments plainly."""
        kinds = {"a": "integer", "b": "string", "c": "boolean", "d": "array", "e": "object"}
        reply = say("Hi", tools=(spec("f", **kinds),), choice=Choice("tool", "f"))
        expected = {"a": 0, "b": "unknown", "c": False, "d": [], "e": {}}
        assert asked(reply) == [("f", expected)]


class TestMisbehaviour:
    """Each knob spoils the first batch; a good client gets through all the same."""

    @pytest.mark.parametrize("api", APIS)
    def test_unknown_tool_is_corrected_after_an_error(self, api: str):
        """A tool that was never offered is named; told so, the model asks properly."""
        mocked = mock(unknown_tool=True)
        run, desk = talk(mocked, SUMMARY, api)
        assert mocked.log[0].calls[0].name == "fetch_weather"
        assert mocked.log.calls_per_turn == [3, 1, 1, 0]
        assert desk.mailbox == [MAIL]
        assert run.finished

    @pytest.mark.parametrize("api", APIS)
    def test_dependent_batch_sends_a_wrong_mail(self, api: str):
        """Called too early, the mail goes to a guessed address; nobody stops it."""
        mocked = mock(dependent_batch=True)
        _, desk = talk(mocked, SUMMARY, api)
        assert mocked.log.calls_per_turn == [4, 0]
        assert [mail["to"] for mail in desk.mailbox] == ["user@example.com"]

    def test_dependent_batch_that_is_held_back_comes_right(self):
        """A client that refuses the early call gets the right one afterwards."""

        async def careful(calls: list[ToolCall], registry: Any) -> list[ToolResult]:
            batch = [call for call in calls if call.name != "send_email" or len(calls) == 1]
            held = [call for call in calls if call not in batch]
            refusal = "Not executed: it needs the results of other calls."
            done = await gather(batch, registry)
            return [*done, *(ToolResult(call.id, refusal, is_error=True) for call in held)]

        desk, mocked = Desk(), mock(dependent_batch=True)
        asyncio.run(run_agent(agent("messages", mocked), SUMMARY, desk.registry, careful))
        assert mocked.log.calls_per_turn == [4, 1, 0]
        assert desk.mailbox == [MAIL]

    @pytest.mark.parametrize("api", APIS)
    def test_duplicate_ids_are_duplicate_on_the_wire(self, api: str):
        """All calls of the first batch carry one id, and echoing them is refused."""
        mocked = mock(duplicate_ids=True)
        _, answer = post(mocked, api, request(api, SUMMARY))
        assert len({call.id for call in mocked.log[0].calls}) == 1
        status, _ = post(mocked, api, continued(api, request(api, SUMMARY), answer, *"123"))
        assert status == 400
        assert mocked.log[-1].faults[0].rule == "duplicate-call-id"

    def test_wrapper_call_names_a_tool_that_exists_nowhere(self):
        """`multi_tool_use.parallel` holds the calls of the batch; its name can't be echoed."""
        mocked = mock(multi_tool_use=True)
        body = request("chat", TWO_CITIES)
        _, answer = post(mocked, "chat", body)
        message = answer["choices"][0]["message"]
        [call] = message["tool_calls"]
        assert call["function"]["name"] == "multi_tool_use.parallel"
        uses = json.loads(call["function"]["arguments"])["tool_uses"]
        assert uses == [
            {"recipient_name": "functions.get_weather", "parameters": {"city": city}}
            for city in ("Beijing", "LA")
        ]
        result = {"role": "tool", "tool_call_id": call["id"], "content": "[]"}
        echo = {**body, "messages": [*body["messages"], message, result]}
        status, refusal = post(mocked, "chat", echo)
        assert status == 400
        assert "does not match pattern" in refusal["error"]["message"]

    def test_wrapper_call_can_be_expanded(self):
        """Rewritten into the calls it holds, the conversation comes to its end."""
        mocked, body = mock(multi_tool_use=True), request("chat", TWO_CITIES)
        _, answer = post(mocked, "chat", body)
        [wrapper] = answer["choices"][0]["message"]["tool_calls"]
        uses = json.loads(wrapper["function"]["arguments"])["tool_uses"]
        calls = [
            {
                "id": f"{wrapper['id']}_{n}",
                "type": "function",
                "function": {
                    "name": use["recipient_name"].removeprefix("functions."),
                    "arguments": json.dumps(use["parameters"]),
                },
            }
            for n, use in enumerate(uses)
        ]
        results = [
            {"role": "tool", "tool_call_id": call["id"], "content": content}
            for call, content in zip(calls, ("cloudy, 5 degrees", "sunny"), strict=True)
        ]
        said = [{"role": "assistant", "content": None, "tool_calls": calls}, *results]
        status, final = post(mocked, "chat", {**body, "messages": [*body["messages"], *said]})
        assert status == 200
        assert (
            "Beijing is cloudy at 5 degrees, LA is sunny"
            in (final["choices"][0]["message"]["content"])
        )

    def test_wrapper_call_answered_with_a_list_is_understood(self):
        """Where names are not checked, one result with a list of contents answers all."""
        first = say(TWO_CITIES, knobs=Knobs(multi_tool_use=True))
        contents = json.dumps(["cloudy, 5 degrees", {"report": "sunny"}])
        reply = say(TWO_CITIES, answered(first, contents))
        assert asked(reply) == []
        assert "Beijing is cloudy at 5 degrees" in reply.text

    @pytest.mark.parametrize("content", ["no such tool", '["only one"]', "{}", "null"])
    def test_wrapper_call_answered_otherwise_is_asked_again(self, content: str):
        """Any other answer leaves all calls open."""
        first = say(TWO_CITIES, knobs=Knobs(multi_tool_use=True))
        assert len(say(TWO_CITIES, answered(first, content)).calls) == 2

    @pytest.mark.parametrize("api", APIS)
    def test_truncated_calls_are_not_run(self, api: str):
        """The loop runs nothing of a reply that was cut off."""
        run, desk = talk(mock(truncate=True), SUMMARY, api)
        assert desk.called == []
        assert run.steps[0].calls == []


class TestReplies:
    """Replies, prepared and cut."""

    def test_replay_says_what_it_was_told(self):
        """Prepared replies come in turn, and the last one stays."""
        model = Replay([Reply.of("one"), Reply.of("two")])
        said = [model(Conversation("", turns=n), Knobs()).text for n in range(3)]
        assert said == ["one", "two", "two"]

    @given(size=st.integers(0, 80))
    def test_cut_reply_is_a_beginning_of_the_whole(self, size: int):
        """Never longer than allowed, always a prefix, and complete calls only count as calls."""
        whole = Reply.of(
            "Hello there.", ToolCall("a", "f", {"x": 1}), ToolCall("b", "g", {"y": "z"})
        )
        short = cut(whole, size)
        assert sum(piece.size for piece in short.pieces) <= max(size, 0) or short == whole
        for piece, full in zip(short.pieces, whole.pieces, strict=False):
            assert full.text.startswith(piece.text)
        assert short.stop == ("length" if short != whole else "calls")
        assert short.calls == whole.calls[: len(short.calls)]

    @pytest.mark.parametrize("api", APIS)
    def test_limit_of_the_request_is_kept(self, api: str):
        """A request for few tokens gets few, and is told that the reply was cut."""
        name = {"messages": "max_tokens", "chat": "max_tokens", "responses": "max_output_tokens"}
        mocked = mock()
        post(mocked, api, request(api, SUMMARY, **{name[api]: 3}))
        reply = mocked.log[0].reply
        assert reply.stop == "length"
        assert reply.tokens <= 3


@pytest.mark.parametrize(
    ("report", "clause"),
    [
        ("cloudy, 5 degrees", "cloudy at 5 degrees"),
        ("light snow, -3 degrees", "light snow at -3 degrees"),
        ("sunny", "sunny"),
        ('{"sky": "clear"}', '{"sky": "clear"}'),
    ],
)
def test_reports_become_clauses(report: str, clause: str):
    """A weather report reads as part of a sentence; anything else stays as it is."""
    assert as_clause(report) == clause


def test_small_readings():
    """Addresses are found, names are joined, a cue without names gives none."""
    assert find_email('{"email": "jack@example.com"}') == "jack@example.com"
    assert find_email("nobody") == ""
    assert join_names(["a", "b", "c"]) == "a, b and c"
    assert listed_after("in", "in a while") == []
