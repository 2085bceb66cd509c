"""The mock without a socket: a transport for `httpx2`, the HTTP library of both SDKs.

Nothing is awaited but the mock's own pauses, so it runs under any event loop and any clock,
and streams arrive frame by frame.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator

import httpx2

from toollab.providers.mock import Answer, MockProvider

__all__ = ("MockTransport",)


def _wait(seconds: float) -> None:
    threading.Event().wait(seconds)


class MockTransport(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """Answer requests from a mock, for `httpx2.Client` and `httpx2.AsyncClient` alike.

    `wait` is how a blocking client waits between frames, in seconds; a test passes its own.
    """

    def __init__(self, mock: MockProvider, *, wait: Callable[[float], object] = _wait) -> None:
        self._mock = mock
        self._wait = wait

    def __repr__(self) -> str:
        return f"MockTransport({self._mock!r})"

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a blocking client."""
        answer = self._ask(request, request.read())
        if answer.latency:
            self._wait(answer.latency)
        if answer.frames is None:
            return httpx2.Response(answer.status, headers=answer.headers, content=answer.body)
        stream = _Frames(answer, self._wait)
        return httpx2.Response(answer.status, headers=answer.headers, stream=stream)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a client on an event loop."""
        answer = self._ask(request, await request.aread())
        if answer.latency:
            await asyncio.sleep(answer.latency)
        if answer.frames is None:
            return httpx2.Response(answer.status, headers=answer.headers, content=answer.body)
        stream = _AsyncFrames(answer)
        return httpx2.Response(answer.status, headers=answer.headers, stream=stream)

    def _ask(self, request: httpx2.Request, body: bytes) -> Answer:
        headers = {name.lower(): value for name, value in request.headers.items()}
        return self._mock.handle(request.method, request.url.path, headers, body)


class _Frames(httpx2.SyncByteStream):
    def __init__(self, answer: Answer, wait: Callable[[float], object]) -> None:
        self._answer, self._wait = answer, wait

    def __iter__(self) -> Iterator[bytes]:
        for number, frame in enumerate(self._answer.frames or ()):
            if number and self._answer.pause:
                self._wait(self._answer.pause)
            yield frame


class _AsyncFrames(httpx2.AsyncByteStream):
    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for number, frame in enumerate(self._answer.frames or ()):
            if number and self._answer.pause:
                await asyncio.sleep(self._answer.pause)
            yield frame
