"""Keys, limits and breakdowns, and what the SDKs do about them."""

from __future__ import annotations

import json
from typing import Any

import anthropic
import openai
import pytest

from tests.toollab.providers.bench import APIS, HEADERS, PATHS, mock, post, request
from toollab.providers import (
    Knobs,
    MockProvider,
    anthropic_client,
    broken_stream,
    openai_client,
    overloaded,
    rate_limited,
    server_error,
)

SOON = rate_limited(0.001)  # what a client then waits, in real seconds


def ask(mocked: MockProvider, api: str, **options: Any) -> Any:
    """Send one request through the vendor's SDK."""
    if api == "messages":
        return anthropic_client(mocked, **options).messages.create(**request(api))
    client = openai_client(mocked, **options)
    if api == "chat":
        return client.chat.completions.create(**request(api))
    return client.responses.create(**request(api))


def answers(mocked: MockProvider, api: str) -> list[tuple[int, dict[str, str], Any]]:
    """Send two requests straight to the mock."""
    body = json.dumps(request(api)).encode()
    found = [mocked.handle("POST", PATHS[api], HEADERS, body) for _ in range(2)]
    return [(a.status, dict(a.headers), json.loads(a.body)) for a in found]


@pytest.mark.parametrize("api", APIS)
def test_rate_limit_is_waited_for(api: str):
    """The SDKs wait as `retry-after` says, and the second attempt goes well."""
    mocked = mock(failures=(SOON,))
    ask(mocked, api)
    assert mocked.log.statuses == [429, 200]


@pytest.mark.parametrize("api", APIS)
def test_failures_come_in_their_order(api: str):
    """The first request fails, the second goes well, the third fails, later ones go well."""
    mocked = mock(failures=(SOON, None, server_error()))
    body = request(api)
    assert [post(mocked, api, body)[0] for _ in range(5)] == [429, 200, 500, 200, 200]
    mocked.turn(mocked.knobs)
    assert post(mocked, api, body)[0] == 429


@pytest.mark.parametrize(
    ("failure", "statuses", "kinds"),
    [
        (
            rate_limited(7),
            {"messages": 429, "chat": 429},
            (anthropic.RateLimitError, openai.RateLimitError),
        ),
        (
            overloaded(),
            {"messages": 529, "chat": 503},
            (anthropic.OverloadedError, openai.InternalServerError),
        ),
        (
            server_error(),
            {"messages": 500, "chat": 500},
            (anthropic.InternalServerError, openai.InternalServerError),
        ),
        (
            broken_stream(),
            {"messages": 500, "chat": 500},
            (anthropic.InternalServerError, openai.InternalServerError),
        ),
    ],
    ids=["429", "529", "500", "broken, not streaming"],
)
def test_failures_raise_the_sdks_errors(failure: Any, statuses: dict[str, int], kinds: Any):
    """Each failure has the status and the exception that the vendor's clients know."""
    for (api, status), kind in zip(statuses.items(), kinds, strict=True):
        mocked = mock(failures=(failure,))
        with pytest.raises(kind) as caught:
            ask(mocked, api, max_retries=0)
        assert caught.value.status_code == status
        assert caught.value.request_id.startswith("req_")


def test_retry_after_is_told():
    """A 429 carries `retry-after` in seconds."""
    status, headers, body = answers(mock(failures=(rate_limited(7),)), "messages")[0]
    assert (status, headers["retry-after"]) == (429, "7")
    assert body["error"]["type"] == "rate_limit_error"


@pytest.mark.parametrize(
    ("api", "name"),
    [
        ("messages", "anthropic-ratelimit-requests-remaining"),
        ("chat", "x-ratelimit-remaining-requests"),
        ("responses", "x-ratelimit-remaining-requests"),
    ],
)
def test_limit_counts_down_and_the_minute_passes(api: str, name: str):
    """Above the limit 429 with the time left; after a minute the count begins anew."""
    time = [0.0]
    mocked = MockProvider(knobs=Knobs(requests_per_minute=2), now=lambda: time[0])
    first = answers(mocked, api)
    assert [(status, headers[name]) for status, headers, _ in first] == [(200, "1"), (200, "0")]
    time[0] = 45.0
    status, headers, _ = answers(mocked, api)[0]
    assert (status, headers["retry-after"], headers[name]) == (429, "15", "0")
    time[0] = 60.0
    assert answers(mocked, api)[0][0] == 200


@pytest.mark.parametrize("api", APIS)
def test_without_a_key_nothing_is_served(api: str):
    """No key: 401, in the vendor's words; any key will do by default, in either header."""
    body = json.dumps(request(api)).encode()
    mocked = mock()
    refused = mocked.handle("POST", PATHS[api], {}, body)
    assert refused.status == 401
    assert mocked.handle("POST", PATHS[api], {"x-api-key": "k"}, body).status == 200
    assert mocked.handle("POST", PATHS[api], {"authorization": "Bearer k"}, body).status == 200


@pytest.mark.parametrize("api", APIS)
def test_wrong_key_is_refused_and_never_repeated(api: str):
    """A key that is not accepted raises the SDK's error, which does not tell the key."""
    mocked = mock(api_keys=frozenset({"right"}))
    wrong = anthropic.AuthenticationError if api == "messages" else openai.AuthenticationError
    with pytest.raises(wrong) as caught:
        ask(mocked, api)
    assert "mock-key" not in str(caught.value)
    assert mocked.log.statuses == [401]


@pytest.mark.parametrize("api", APIS)
def test_retired_model_is_not_found(api: str):
    """A retired model raises `NotFoundError`."""
    mocked = mock(retired=frozenset({request(api)["model"]}))
    gone = anthropic.NotFoundError if api == "messages" else openai.NotFoundError
    with pytest.raises(gone, match=request(api)["model"]):
        ask(mocked, api)


def test_retired_model_is_not_listed_either():
    """`GET /v1/models/{id}` says 404 for a retired model."""
    mocked = mock(retired=frozenset({"gpt-6-luna"}))
    with pytest.raises(openai.NotFoundError):
        openai_client(mocked).models.retrieve("gpt-6-luna")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/messages"), ("POST", "/v1/embeddings"), ("GET", "/")]
)
def test_other_paths_are_not_found(method: str, path: str):
    """What the mock does not serve gets 404 as JSON."""
    answer = mock().handle(method, path, HEADERS, b"{}")
    assert answer.status == 404
    assert "error" in json.loads(answer.body)


def test_no_key_in_any_text():
    """Neither mock nor knobs nor log say a key."""
    mocked = MockProvider(knobs=Knobs(api_keys=frozenset({"sk-secret"})))
    post(mocked, "chat", request("chat"), authorization="Bearer sk-secret")
    post(mocked, "chat", request("chat"), authorization="Bearer sk-other")
    assert mocked.log.statuses == [200, 401]
    said = f"{mocked!r} {mocked.knobs!r} {mocked.log!r} {list(mocked.log)}"
    assert "secret" not in said
    assert "sk-other" not in said


def test_knobs_tell_what_is_turned():
    """The text of knobs names those that differ from a good day."""
    assert repr(Knobs()) == "Knobs()"
    assert repr(Knobs(parallel="never", seed=3)) == "Knobs(seed=3, parallel='never')"


def test_fragments_of_nothing_are_refused():
    """A fragment size below 1 is a mistake that is told at once."""
    with pytest.raises(ValueError, match=r"Hint: make `fragment` at least 1\."):
        Knobs(fragment=0)
