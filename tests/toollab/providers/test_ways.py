"""Three ways to the same mock: in process, as an ASGI application, on loopback, as a command."""

from __future__ import annotations

import asyncio
import http.client
import json
import logging
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
from typing import Any

import httpx2
import pytest

from tests.toollab.providers.bench import (
    APIS,
    HEADERS,
    MAIL,
    PATHS,
    SUMMARY,
    Desk,
    agent,
    gather,
    mock,
    request,
)
from toollab.clock import simulate
from toollab.providers import (
    Knobs,
    MockProvider,
    MockTransport,
    Server,
    __main__,
    anthropic_client,
    async_anthropic_client,
    run_agent,
)
from toollab.providers.app import make_app
from toollab.providers.server import _Uvicorn
from toollab.tools import weather_desk


def near(mocked: MockProvider, path: str, body: Any) -> httpx2.Response:
    """Ask in process."""
    with httpx2.Client(transport=MockTransport(mocked), base_url="http://mock") as client:
        return client.post(path, json=body, headers=HEADERS)


def as_app(mocked: MockProvider, path: str, body: Any) -> httpx2.Response:
    """Ask the ASGI application."""

    async def ask() -> httpx2.Response:
        transport = httpx2.ASGITransport(make_app(mocked))
        async with httpx2.AsyncClient(transport=transport, base_url="http://mock") as client:
            return await client.post(path, json=body, headers=HEADERS)

    return asyncio.run(ask())


def on_loopback(mocked: MockProvider, path: str, body: Any) -> httpx2.Response:
    """Ask over a socket."""
    with Server(mocked) as server, httpx2.Client(trust_env=False) as client:
        return client.post(f"{server.url}{path}", json=body, headers=HEADERS)


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("path", [*PATHS.values(), "/v1/nothing"])
def test_every_way_gives_the_same_bytes(path: str, streaming: bool):
    """Status, body and headers do not depend on the way."""
    api = next((api for api, known in PATHS.items() if known == path), "chat")
    body = {**request(api, SUMMARY), "stream": streaming}
    ways = [way(MockProvider(), path, body) for way in (near, as_app, on_loopback)]
    assert len({(way.status_code, way.content) for way in ways}) == 1
    names = ("content-type", "retry-after", "request-id", "x-request-id")
    assert len({tuple(way.headers.get(name) for name in names) for way in ways}) == 1


class TestServer:
    """Loopback: started and stopped without a trace."""

    def test_it_leaves_no_trace(self):
        """Threads, signal handlers, log handlers and the port are as before."""

        def state() -> list[Any]:
            handlers = [signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)]
            logs = [list(logging.getLogger(n).handlers) for n in ("", "uvicorn", "uvicorn.error")]
            return [threading.enumerate(), handlers, logs, logging.root.level]

        before = state()
        server = Server().start()
        port = int(server.url.rpartition(":")[2])
        assert threading.enumerate() != before[0]
        server.stop()
        assert state() == before
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0

    def test_it_listens_on_loopback_only(self):
        """The socket is bound to 127.0.0.1."""
        with Server() as server:
            assert server._socket.getsockname()[0] == "127.0.0.1"
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+", server.url)
            assert server.openai_url == f"{server.url}/v1"

    def test_starting_and_stopping_twice_is_fine(self):
        """Both are idempotent, and a stopped server can be started again."""
        server = Server()
        assert server.start() is server.start()
        server.stop()
        server.stop()
        with server:
            assert "127.0.0.1" in repr(server)
        assert repr(server) == "Server(stopped)"
        with pytest.raises(RuntimeError, match=r"Hint: call `start\(\)` first\."):
            _ = server.url

    def test_taken_port_is_told(self):
        """A port that is taken raises an error with a hint."""
        with Server() as server:
            port = int(server.url.rpartition(":")[2])
            with pytest.raises(OSError, match=r"taken\. Hint: choose another"):
                Server(port=port).start()

    def test_server_that_does_not_start_is_told(self, monkeypatch: pytest.MonkeyPatch):
        """Nobody waits for ever, and nothing is left behind."""
        monkeypatch.setattr(_Uvicorn, "run", lambda _self, _sockets: None)
        threads = threading.enumerate()
        with pytest.raises(RuntimeError, match="Hint: restart the kernel"):
            Server().start()
        assert threading.enumerate() == threads

    def test_it_starts_inside_a_running_loop(self):
        """A notebook's own loop does not get in the way, nor does the server stop it."""

        async def use() -> int:
            with Server() as server:
                client = async_anthropic_client(server)
                message = await client.messages.create(**request("messages"))
                await client.close()
                return len(message.content)

        assert asyncio.run(use()) == 3

    def test_many_clients_at_once(self):
        """Requests in parallel are all answered and all logged."""

        async def flood() -> None:
            client = async_anthropic_client(server)
            body = request("messages")
            await asyncio.gather(*(client.messages.create(**body) for _ in range(20)))
            await client.close()

        with Server() as server:
            asyncio.run(flood())
            assert server.mock.log.statuses == [200] * 20
            assert sorted(e.number for e in server.mock.log) == list(range(1, 21))

    def test_proxy_settings_do_not_matter(self, monkeypatch: pytest.MonkeyPatch):
        """Our clients reach the mock although the environment names a proxy."""
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        with Server() as server, anthropic_client(server) as client:
            assert client.messages.create(**request("messages")).content


class TestPace:
    """Latency and slow streams, on any clock."""

    def test_blocking_clients_wait_as_they_are_told(self):
        """Before the first byte `latency`, between two frames `frame_delay`."""
        waits: list[float] = []
        mocked = mock(latency=2.0, frame_delay=0.25)
        transport = MockTransport(mocked, wait=waits.append)
        body = {**request("messages"), "stream": True}
        with httpx2.Client(transport=transport, base_url="http://mock") as client:
            frames = client.post(PATHS["messages"], json=body, headers=HEADERS).text.count("event:")
        assert waits == [2.0] + [0.25] * (frames - 1)

    @pytest.mark.parametrize("way", ["in process", "as an application"])
    def test_async_clients_wait_on_their_loops_clock(self, way: str):
        """On simulated time a slow stream takes its time, to the digit."""
        mocked = mock(latency=2.0, frame_delay=0.25)
        body = {**request("messages"), "stream": True}

        async def read() -> int:
            app = make_app(mocked)
            near_by = way == "in process"
            transport = MockTransport(mocked) if near_by else httpx2.ASGITransport(app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://mock") as client:
                answer = await client.post(PATHS["messages"], json=body, headers=HEADERS)
                return answer.text.count("event:")

        run = simulate(weather_desk(), read)
        assert run.total == pytest.approx(2.0 + 0.25 * (run.value - 1))


class TestCommand:
    """`python -m toollab.providers`."""

    def test_it_serves_until_interrupted(self):
        """It prints its addresses, answers the example of its help, and ends on Ctrl+C."""
        command = [sys.executable, "-m", "toollab.providers", "--knob", "parallel=never"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                address = process.stdout.readline().split()[-1]
                path, headers, body = example()
                connection = http.client.HTTPConnection(address.removeprefix("http://"))
                connection.request("POST", path, body, headers)
                answer = json.loads(connection.getresponse().read())
                connection.close()
            finally:
                process.send_signal(signal.SIGINT)
                process.communicate()
        assert [block["type"] for block in answer["content"]] == ["text", "tool_use"]
        assert process.returncode == 0

    @pytest.mark.needs("curl")
    def test_curl_example_works_as_printed(self):
        """The help's own command line, with the port put in, gets two calls."""
        with Server() as server:
            text = __main__.__doc__.partition("curl ")[2].partition("\n\n")[0]
            arguments = shlex.split(text.replace("\\\n", " "))
            url = arguments[0].replace("http://127.0.0.1:8080", server.url)
            done = subprocess.run(
                ["curl", "--silent", "--noproxy", "*", url, *arguments[1:]],  # noqa: S607
                capture_output=True,
                check=True,
            )
        kinds = [block["type"] for block in json.loads(done.stdout)["content"]]
        assert kinds == ["text", "tool_use", "tool_use"]

    def test_knobs_are_read_from_settings(self):
        """Numbers, words and truth values are understood."""
        settings = ["parallel=if asked", "truncate=true", "frame_delay=0.2", "seed=4"]
        read = __main__.knobs(settings)
        assert read == Knobs(parallel="if asked", truncate=True, frame_delay=0.2, seed=4)

    @pytest.mark.parametrize("setting", ["speed=9", "fragment=0"])
    def test_wrong_settings_end_it(self, setting: str, capsys: pytest.CaptureFixture[str]):
        """A knob that is not there, or a value that can't be, is told with a hint."""
        assert __main__.main(["--knob", setting]) == 1
        assert "Hint:" in capsys.readouterr().err

    def test_taken_port_ends_it(self, capsys: pytest.CaptureFixture[str]):
        """So is a port that is taken."""
        with Server() as server:
            port = server.url.rpartition(":")[2]
            assert __main__.main(["--port", port]) == 1
        assert "taken" in capsys.readouterr().err


def example() -> tuple[str, dict[str, str], str]:
    """Return path, headers and body of the curl command in the help."""
    text = __main__.__doc__.partition("curl ")[2].partition("\n\n")[0]
    url, *rest = shlex.split(text.replace("\\\n", " "))
    pairs = list(zip(rest[::2], rest[1::2], strict=True))
    headers = dict(value.split(": ", 1) for flag, value in pairs if flag == "-H")
    [body] = [value for flag, value in pairs if flag == "-d"]
    return url.removeprefix("http://127.0.0.1:8080"), headers, body


@pytest.mark.parametrize("api", APIS)
def test_in_process_nothing_leaves_the_process(api: str, monkeypatch: pytest.MonkeyPatch):
    """No name is looked up and no connection made, by neither vendor's client."""

    def forbidden(*_: Any) -> None:
        raise AssertionError("The network was used.")

    monkeypatch.setattr(socket.socket, "connect", forbidden)
    monkeypatch.setattr(socket.socket, "connect_ex", forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    mocked = mock()
    desk = Desk()
    asyncio.run(run_agent(agent(api, mocked, blocking=False), SUMMARY, desk.registry, gather))
    asyncio.run(run_agent(agent(api, mocked), SUMMARY, desk.registry, gather))
    assert desk.mailbox == [MAIL, MAIL]
