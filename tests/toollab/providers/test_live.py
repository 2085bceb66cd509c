"""Live or mock: the switch, the cap, the announcements, and going on when a live call fails.

The live service is a second mock on loopback that accepts one key only; nothing here leaves
the machine.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import httpx2
import openai
import pytest
from anthropic.resources.messages.messages import DEPRECATED_MODELS
from anthropic.types.model import Model
from genai_prices import Usage, calc_price
from openai.types.shared.chat_model import ChatModel

from tests.toollab.providers.bench import (
    APIS,
    SPECS,
    SUMMARY,
    Desk,
    continued,
    gather,
    mock,
    request,
)
from toollab.providers import (
    Budget,
    BudgetError,
    ChatAgent,
    Knobs,
    MessagesAgent,
    MockProvider,
    Replay,
    Reply,
    ResponsesAgent,
    Server,
    Session,
    Switch,
    model_for,
    overloaded,
    rate_limited,
    run_agent,
)
from toollab.providers.live import problems
from toollab.providers.live.meter import UsageReader, bound, limited
from toollab.providers.models import PRICES, Price, price_of

KEY = "sk-real-and-secret"
VENDOR = {"messages": "anthropic", "chat": "openai", "responses": "openai"}


@dataclass
class Lab:
    """A session, the service it calls live, and what was said."""

    session: Session
    service: Server
    said: list[str] = field(default_factory=list)

    def ask(self, api: str, body: dict[str, Any] | None = None, **more: Any) -> Any:
        """Send one request through the vendor's blocking client."""
        body = {**(body or request(api)), **more}
        if api == "messages":
            with self.session.anthropic() as client:
                return client.messages.create(**body)
        with self.session.openai() as client:
            made = client.chat.completions if api == "chat" else client.responses
            return made.create(**body)

    def ask_stream(self, api: str, **more: Any) -> list[Any]:
        """Send one streaming request, and read all of it."""
        body = {**request(api), "stream": True, **more}
        if api == "messages":
            with self.session.anthropic() as client:
                return list(client.messages.create(**body))
        with self.session.openai() as client:
            made = client.chat.completions if api == "chat" else client.responses
            return list(made.create(**body))

    @property
    def live_requests(self) -> int:
        """Return how many requests the service got."""
        return len(self.service.mock.log)

    @property
    def mock_requests(self) -> int:
        """Return how many requests the mock got."""
        return len(self.session.mock.log)


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Server, Server]]:
    """Put two mocks on loopback for all tests of this file: the service, and a session's."""
    with Server() as service, Server() as near:
        yield service, near


@pytest.fixture(params=["in process", "on loopback"])
def lab(
    request: pytest.FixtureRequest,
    servers: tuple[Server, Server],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Lab:
    """Return a session that is switched to live, with a good key."""
    service, near = servers
    for server in servers:
        server.mock.log.clear()
        server.mock.turn(Knobs())
    service.mock.turn(Knobs(api_keys=frozenset({KEY})))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", service.url)
    monkeypatch.setenv("OPENAI_BASE_URL", service.openai_url)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    said: list[str] = []
    budget = Budget(tmp_path / "spending.sqlite", cap=1.0)
    place = near if request.param == "on loopback" else MockProvider()
    return Lab(Session(place, Switch(live=True), budget, said.append), service, said)


class TestSwitch:
    """One switch."""

    @pytest.mark.parametrize(
        ("value", "live"),
        [("1", True), ("true", True), ("On", True), ("yes", True), ("", False), ("0", False)],
    )
    def test_environment_sets_it(self, monkeypatch: pytest.MonkeyPatch, value: str, live: bool):
        """`TOOLLAB_LIVE` decides where a session starts."""
        monkeypatch.setenv("TOOLLAB_LIVE", value)
        assert Switch().live is live

    def test_mock_is_the_default(self, monkeypatch: pytest.MonkeyPatch):
        """Without the variable, nothing is live."""
        monkeypatch.delenv("TOOLLAB_LIVE", raising=False)
        assert not Switch().live

    def test_followers_hear_of_changes(self):
        """A toggle follows the switch, whoever turns it; falling back gives a reason."""
        heard: list[tuple[bool, str]] = []
        switch = Switch(live=False)
        switch.subscribe(lambda s: heard.append((s.live, s.reason)))
        switch.live = True
        switch.fall_back("No key.")
        assert heard == [(True, ""), (False, "No key.")]
        assert switch.sentence.endswith("cost nothing. No key.")
        switch.live = True
        assert switch.sentence == "Live: calls go to the real services and cost money."

    @pytest.mark.parametrize("api", APIS)
    def test_it_is_asked_at_every_call(self, lab: Lab, api: str):
        """The same client goes live or not, call by call."""
        for live in (True, False, True):
            lab.session.switch.live = live
            lab.ask(api)
        assert (lab.live_requests, lab.mock_requests) == (2, 1)


class TestModels:
    """Model ids and prices stand in one place."""

    def test_environment_changes_models(self, monkeypatch: pytest.MonkeyPatch):
        """Each vendor's model can be set."""
        monkeypatch.delenv("TOOLLAB_ANTHROPIC_MODEL", raising=False)
        monkeypatch.setenv("TOOLLAB_OPENAI_MODEL", "gpt-next")
        assert model_for("anthropic") == "claude-haiku-5-5"
        assert Session().model("openai") == model_for("openai") == "gpt-next"

    def test_default_models_are_known_to_the_sdks(self, monkeypatch: pytest.MonkeyPatch):
        """No default is a model that the installed SDKs have not heard of, or deprecate."""
        for vendor in ("anthropic", "openai"):
            monkeypatch.delenv(f"TOOLLAB_{vendor.upper()}_MODEL", raising=False)
        names = [name for part in get_args(Model) for name in get_args(part)]
        assert model_for("anthropic") in names
        assert model_for("anthropic") not in DEPRECATED_MODELS
        assert model_for("openai") in get_args(ChatModel)

    def test_prices_are_those_of_their_source(self):
        """Our table says what genai-prices says."""
        for name, price in PRICES.items():
            vendor = "anthropic" if name.startswith("claude") else "openai"
            usage = Usage(input_tokens=1_000_000, output_tokens=1_000_000)
            listed = calc_price(usage, model_ref=name, provider_id=vendor)
            assert (float(listed.input_price), float(listed.output_price)) == (
                price.input,
                price.output,
            )

    def test_unknown_model_costs_the_most(self, monkeypatch: pytest.MonkeyPatch):
        """A price we don't know is taken as the highest we know; a given price counts."""
        monkeypatch.delenv("TOOLLAB_PRICE", raising=False)
        assert price_of("gpt-next") == Price(20.0, 75.0)
        monkeypatch.setenv("TOOLLAB_PRICE", "1, 2.5")
        assert price_of("gpt-next") == Price(1.0, 2.5)
        assert price_of("gpt-next").of(1_000_000, 2_000_000) == 6.0
        monkeypatch.setenv("TOOLLAB_PRICE", "cheap")
        with pytest.raises(ValueError, match=r"Hint: give dollars per million tokens"):
            price_of("gpt-next")


class TestBudget:
    """The course-wide cap."""

    def test_reserve_then_settle(self, tmp_path: Path):
        """A call first counts with the most it can cost, then with what it did cost."""
        budget = Budget(tmp_path / "deep" / "spending.sqlite", cap=1.0)
        number = budget.reserve("m", 0.6)
        assert budget.spent == pytest.approx(0.6)
        with pytest.raises(BudgetError, match=r"Hint: raise TOOLLAB_LIVE_CAP"):
            budget.reserve("m", 0.6)
        budget.settle(number, 0.1)
        budget.reserve("m", 0.6)
        assert budget.spent == pytest.approx(0.7)

    def test_it_is_kept_for_all_notebooks(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        """Another session, in another kernel, finds what was spent in the same file."""
        monkeypatch.setenv("TOOLLAB_SPENDING", str(tmp_path / "s.sqlite"))
        monkeypatch.setenv("TOOLLAB_LIVE_CAP", "0.25")
        Budget().reserve("m", 0.2)
        assert Budget().spent == pytest.approx(0.2)
        with pytest.raises(BudgetError):
            Budget().reserve("m", 0.1)

    def test_reservations_at_once_stay_below_the_cap(self, tmp_path: Path):
        """Twenty threads want a tenth of the cap each; ten get it."""
        budget = Budget(tmp_path / "s.sqlite", cap=1.0)
        got: list[bool] = []

        def want() -> None:
            try:
                budget.reserve("m", 0.0999)
            except BudgetError:
                got.append(False)
            else:
                got.append(True)

        threads = [threading.Thread(target=want) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert got.count(True) == 10
        assert budget.spent <= 1.0

    @pytest.mark.parametrize("cap", ["much", "-1", "nan"])
    def test_cap_that_is_no_amount(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cap: str):
        """A cap that cannot be read stops live calls, with a hint."""
        monkeypatch.setenv("TOOLLAB_LIVE_CAP", cap)
        with pytest.raises(BudgetError, match=r"Hint: set it to a number"):
            Budget(tmp_path / "s.sqlite").reserve("m", 0.0)

    def test_costs_that_cannot_be_counted(self, tmp_path: Path):
        """Without a place to write, or with a broken file, nothing is spent."""
        blocked = tmp_path / "file"
        blocked.write_text("no database, and longer than any header of one would be")
        for path in (blocked, blocked / "below"):
            with pytest.raises(BudgetError, match=r"Hint: set TOOLLAB_SPENDING"):
                Budget(path, cap=1.0).reserve("m", 0.0)

    def test_file_holds_no_more_than_costs(self, lab: Lab):
        """Model and dollars, and no word of the conversation or the key."""
        lab.ask("chat")
        with sqlite3.connect(lab.session.budget.path) as database:
            [(number, model, dollars)] = database.execute("SELECT * FROM call").fetchall()
        database.close()
        assert (number, model) == (1, "gpt-6-luna")
        assert 0 < dollars < 0.01
        assert KEY.encode() not in lab.session.budget.path.read_bytes()


class TestBounds:
    """The most a call can use."""

    @pytest.mark.parametrize("api", APIS)
    def test_bound_holds(self, api: str):
        """What the service counts is never above what was announced."""
        body = limited(api, request(api, SUMMARY))
        most = bound(api, body)
        mocked = mock()
        mocked.handle(
            "POST",
            {"messages": "/v1/messages", "chat": "/v1/chat/completions"}.get(api, "/v1/responses"),
            {"authorization": "Bearer k"},
            json.dumps(body).encode(),
        )
        assert mocked.log[0].reply.tokens <= most.output

    def test_request_without_limit_gets_one(self):
        """A limit on output tokens is added where there is none, and left alone otherwise."""
        assert limited("chat", {})["max_completion_tokens"] == 2048
        assert limited("responses", {})["max_output_tokens"] == 2048
        assert limited("chat", {"max_tokens": 5}) == {"max_tokens": 5}

    def test_several_answers_count(self):
        """`n` answers can use `n` times the limit."""
        assert bound("chat", {"max_tokens": 100, "n": 3}).output == 300

    @pytest.mark.parametrize(
        ("body", "before"),
        [
            ({"tools": [{"type": "web_search"}]}, 0),
            ({"previous_response_id": "r"}, None),
            ({"service_tier": "priority"}, 0),
            ({"input": [{"role": "user", "content": [{"type": "input_image"}]}]}, 0),
        ],
    )
    def test_where_there_is_no_bound(self, body: dict[str, Any], before: int | None):
        """Tools of the service, other price lists, files, conversations of unknown length."""
        with pytest.raises(BudgetError, match="Hint:"):
            bound("responses", {"max_output_tokens": 5, **body}, before=before)

    def test_usage_is_read_in_pieces(self):
        """A stream may be cut anywhere; usage is found all the same, and other data passed by."""
        frames = (
            b'event: a\ndata: {"message": {"usage": {"input_tokens": 7, "output_tokens": 1}}}\n\n'
            b'data: {"usage": {"output_tokens": 9}}\n\ndata: "usage" is none\n\ndata: [DONE]\n\n'
        )
        reader = UsageReader()
        for n in range(0, len(frames), 5):
            reader.feed(frames[n : n + 5])
        assert (reader.usage.input, reader.usage.output) == (7, 9)


class TestLiveCalls:
    """A live call, announced and billed."""

    @pytest.mark.parametrize("api", APIS)
    def test_it_is_announced_and_accounted(self, lab: Lab, api: str):
        """Before: model, most tokens, most dollars, what is spent; after: what was used."""
        lab.ask(api)
        before, after = lab.said
        model = request(api)["model"]
        assert before.startswith(f"Live · {model} · at most ")
        assert "spent so far $0.0000 of $1.00" in before
        assert after.startswith("Live · used ")
        assert (lab.live_requests, lab.mock_requests) == (1, 0)
        assert 0 < lab.session.budget.spent < 0.01

    @pytest.mark.parametrize("api", APIS)
    def test_streams_are_accounted_too(self, lab: Lab, api: str):
        """Usage is read from the events as they pass."""
        more = {"stream_options": {"include_usage": True}} if api == "chat" else {}
        events = lab.ask_stream(api, **more)
        assert len(events) > 5
        assert lab.said[-1].startswith("Live · used ")
        assert 0 < lab.session.budget.spent < 0.01

    def test_stream_that_tells_no_usage_counts_in_full(self, lab: Lab):
        """A chat stream without usage keeps what was reserved."""
        lab.ask_stream("chat")
        assert "the most it could be counts" in lab.said[-1]
        assert lab.session.budget.spent > 0.001

    def test_stream_that_is_left_counts_in_full(self, lab: Lab):
        """Nobody knows what a service bills for a stream that was not read to its end."""
        with lab.session.anthropic() as client:
            stream = client.messages.create(**request("messages"), stream=True)
            next(iter(stream))
            stream.close()
        assert "the most it could be counts" in lab.said[-1]
        assert lab.session.budget.spent > 0.001

    @pytest.mark.parametrize("api", APIS)
    def test_async_clients_too(self, lab: Lab, api: str):
        """The asynchronous clients go live by the same switch, streaming or not."""

        async def ask() -> None:
            body = request(api)
            session = lab.session
            make = session.async_anthropic if api == "messages" else session.async_openai
            async with make() as client:
                made = client.chat.completions if api == "chat" else getattr(client, api)
                create = made.create
                await create(**body)
                async for _ in await create(**body, stream=True):
                    pass
                lab.session.switch.live = False
                await create(**body)
                async for _ in await create(**body, stream=True):
                    pass

        asyncio.run(ask())
        assert (lab.live_requests, lab.mock_requests) == (2, 2)

    def test_cap_stops_further_calls(self, lab: Lab):
        """At the cap the call is not made; the mock answers, and says why."""
        lab.session.budget.reserve("m", 0.9999)
        answer = lab.ask("chat")
        assert answer.choices
        assert (lab.live_requests, lab.mock_requests) == (0, 1)
        assert "Hint: raise TOOLLAB_LIVE_CAP" in lab.said[-1]
        assert not lab.session.switch.live
        assert lab.session.budget.spent == pytest.approx(0.9999)

    def test_free_requests_are_not_billed(self, lab: Lab):
        """Listing models goes live without a reservation."""
        with lab.session.openai() as client:
            assert client.models.list().data
        assert lab.live_requests == 1
        assert lab.session.budget.spent == 0.0

    def test_calls_beyond_the_cap_stay_on_the_mock(self, lab: Lab):
        """A billed call that the cap cannot cover never reaches the service."""
        with lab.session.openai() as client, pytest.raises(openai.NotFoundError):
            client.embeddings.create(model="m", input="x")
        assert lab.live_requests == 0
        assert "The cap does not cover calls to /embeddings." in lab.said[-1]

    @pytest.mark.parametrize("api", APIS)
    def test_agent_loop_runs_live_and_mock(self, lab: Lab, api: str):
        """The same code completes a conversation either way."""
        runs = []
        for live in (True, False):
            lab.session.switch.live = live
            client = lab.session.anthropic() if api == "messages" else lab.session.openai()
            kind = {"messages": MessagesAgent, "chat": ChatAgent}.get(api, ResponsesAgent)
            partner = kind(client, request(api)["model"], SPECS)
            runs.append(asyncio.run(run_agent(partner, SUMMARY, Desk().registry, gather)).answer)
            client.close()
        assert runs[0] == runs[1]
        assert (lab.live_requests, lab.mock_requests) == (3, 3)

    def test_refusal_of_the_request_itself_is_passed_on(self, lab: Lab):
        """A 400 is the lesson: it reaches the learner, live, and costs nothing."""
        with pytest.raises(openai.BadRequestError):
            lab.ask("chat", tool_choice="any")
        assert lab.session.switch.live
        assert lab.session.budget.spent == 0.0


class TestGoingOn:
    """When a live call cannot be made, one sentence and a hint, and the mock goes on."""

    def check(self, lab: Lab, api: str, words: str, *, live: int) -> None:
        """Ask, and expect the mock's answer and the reason."""
        answer = lab.ask(api)
        assert answer.id
        assert words in lab.said[-1]
        assert "Hint:" in lab.said[-1]
        assert not lab.session.switch.live
        assert lab.session.switch.reason in lab.said[-1]
        assert (lab.live_requests, lab.mock_requests) == (live, 1)

    @pytest.mark.parametrize("api", APIS)
    def test_no_key(self, lab: Lab, api: str, monkeypatch: pytest.MonkeyPatch):
        """Without a key."""
        monkeypatch.delenv(f"{VENDOR[api].upper()}_API_KEY")
        self.check(lab, api, f"{VENDOR[api].upper()}_API_KEY is not set", live=0)

    @pytest.mark.parametrize("api", APIS)
    def test_wrong_key(self, lab: Lab, api: str, monkeypatch: pytest.MonkeyPatch):
        """With a key that is not accepted; the key is not repeated."""
        monkeypatch.setenv(f"{VENDOR[api].upper()}_API_KEY", "sk-wrong")
        self.check(lab, api, "does not accept the key", live=1)
        assert "sk-wrong" not in "".join(lab.said)
        assert lab.session.budget.spent == 0.0

    @pytest.mark.parametrize("api", APIS)
    def test_no_network(self, lab: Lab, api: str, monkeypatch: pytest.MonkeyPatch):
        """With nobody at the address."""
        for name in ("ANTHROPIC_BASE_URL", "OPENAI_BASE_URL"):
            monkeypatch.setenv(name, "http://127.0.0.1:9/v1")
        self.check(lab, api, "could not be reached", live=0)
        assert lab.session.budget.spent == 0.0

    @pytest.mark.parametrize("api", APIS)
    def test_retired_model(self, lab: Lab, api: str):
        """With a model that is gone: the hint names the variable to set."""
        model = request(api)["model"]
        knobs = Knobs(api_keys=frozenset({KEY}), retired=frozenset({model}))
        lab.service.mock.turn(knobs)
        self.check(lab, api, f"The model {model} is not available", live=1)
        assert f"TOOLLAB_{VENDOR[api].upper()}_MODEL" in lab.said[-1]

    @pytest.mark.parametrize("api", APIS)
    def test_rate_limit(self, lab: Lab, api: str):
        """At the rate limit: no waiting, no retry."""
        lab.service.mock.turn(Knobs(api_keys=frozenset({KEY}), failures=(rate_limited(60),)))
        self.check(lab, api, "rate limit is reached", live=1)

    @pytest.mark.parametrize("api", APIS)
    def test_overloaded(self, lab: Lab, api: str):
        """When the service is overloaded."""
        lab.service.mock.turn(Knobs(api_keys=frozenset({KEY}), failures=(overloaded(),)))
        self.check(lab, api, "overloaded", live=1)

    def test_async_client_without_network(self, lab: Lab, monkeypatch: pytest.MonkeyPatch):
        """Asynchronous clients go on just the same, refused or not reached."""

        async def ask() -> None:
            async with lab.session.async_openai() as client:
                await client.chat.completions.create(**request("chat"))
                lab.session.switch.live = True
                monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong")
                monkeypatch.setenv("OPENAI_BASE_URL", lab.service.openai_url)
                await client.chat.completions.create(**request("chat"))

        monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
        asyncio.run(ask())
        assert lab.mock_requests == 2
        assert [line for line in lab.said if "could not be reached" in line]
        assert [line for line in lab.said if "does not accept the key" in line]

    def test_stored_conversation_goes_on_too(self, lab: Lab, monkeypatch: pytest.MonkeyPatch):
        """A response that was stored live is continued by the mock."""
        body = request("responses", SUMMARY)
        first = lab.ask("responses", body).to_dict()
        results = continued("responses", body, first, "cloudy", "sunny", "jack@example.com")
        monkeypatch.delenv("OPENAI_API_KEY")
        second = lab.ask(
            "responses", body, input=results["input"][-3:], previous_response_id=first["id"]
        )
        assert [item.type for item in second.output] == ["message", "function_call"]
        assert (lab.live_requests, lab.mock_requests) == (1, 1)

    @pytest.mark.parametrize(
        ("status", "body", "words"),
        [
            (400, {"error": {"message": "Your credit balance is too low"}}, "no credit left"),
            (429, {"error": {"code": "insufficient_quota", "message": "x"}}, "no credit left"),
            (402, {}, "no credit left"),
            (403, {}, "does not accept the key"),
            (429, {"error": {"message": "slow down"}}, "rate limit"),
            (529, {}, "overloaded"),
            (400, {"error": {"message": "bad"}}, None),
            (400, [], None),
        ],
    )
    def test_refusals_are_told_apart(self, status: int, body: Any, words: str | None):
        """Credit, key, limit, overload; anything else is about the request."""
        told = problems.of_response("openai", "m", status, json.dumps(body).encode())
        assert (words is None and told is None) or words in told

    def test_time_out_is_told(self):
        """A service that does not answer in time is told as such."""
        assert "in time" in problems.of_error(httpx2.ReadTimeout("slow"))


class TestMockAnnouncements:
    """With `tell_mock`, the mock says what a call would cost."""

    def test_before_and_after(self, lab: Lab):
        """The same two lines as live, and nothing is spent."""
        lab.session.switch.live = False
        lab.session.tell_mock = True
        lab.ask("messages")
        before, after = lab.said
        assert before.startswith("Mock · claude-haiku-5-5 · live, this call would cost at most $")
        assert after.startswith("Mock · counted ")
        assert lab.session.budget.spent == 0.0

    def test_silence_by_default(self, lab: Lab):
        """Otherwise the mock says nothing."""
        lab.session.switch.live = False
        lab.ask("messages")
        assert lab.said == []


class TestSecrecy:
    """A key is used in one place, and told in none."""

    @pytest.mark.parametrize("live", [True, False], ids=["live", "mock"])
    @pytest.mark.parametrize("api", APIS)
    def test_key_is_nowhere_to_be_found(
        self, lab: Lab, api: str, live: bool, caplog: pytest.LogCaptureFixture
    ):
        """Not in clients, sessions, logs at the loudest level, announcements or the mock."""
        caplog.set_level(logging.DEBUG)
        lab.session.switch.live = live
        session = lab.session
        client = session.anthropic() if api == "messages" else session.openai()
        assert client.api_key == "mock-key"
        client.close()
        lab.ask(api)
        texts = [
            caplog.text,
            repr(vars(client)),
            repr(client),
            repr(session),
            repr(session.mock.log.exchanges),
            repr(lab.service.mock.log.exchanges),
            *lab.said,
        ]
        assert all(KEY not in text for text in texts)

    def test_mock_never_gets_the_key(self, lab: Lab):
        """The mock refuses all keys but the stand-in, and still answers."""
        lab.session.switch.live = False
        lab.session.mock.turn(Knobs(api_keys=frozenset({"mock-key"})))
        assert lab.ask("chat").choices

    def test_key_is_not_in_errors(self, lab: Lab):
        """An error that a live call raises does not carry the key."""
        with pytest.raises(openai.BadRequestError) as caught:
            lab.ask("chat", tool_choice="any")
        error = caught.value
        seen = f"{error!r} {error} {vars(error)!r} {error.request.headers!r} {error.request!r}"
        assert KEY not in seen
        assert KEY not in repr(dict(error.request.headers))


def test_reply_without_calls_is_scripted_for_live_looks():
    """A session's mock can be scripted like any other."""
    session = Session(MockProvider(Replay([Reply.of("Hello.")])), Switch(live=False))
    with session.anthropic() as client:
        assert client.messages.create(**request("messages")).content[0].text == "Hello."
