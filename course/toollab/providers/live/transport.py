"""Transports that send each request to the mock or to the real service, as the switch says.

The SDK clients on top never notice: the same cell runs either way, and goes on when a live
call cannot be made.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx2

from toollab.providers.live.call import Call, Desk

__all__ = ("AsyncLiveTransport", "LiveTransport")


class LiveTransport(httpx2.BaseTransport):
    """For blocking clients."""

    def __init__(self, desk: Desk, mock: httpx2.BaseTransport) -> None:
        self._desk, self._mock = desk, mock
        self._live: httpx2.Client | None = None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request."""
        call = self._desk.open(request, request.read())
        if call.live is not None:
            response = self._send(call)
            if response is not None:
                return response
        response = self._mock.handle_request(request)
        return _metered(call, response)

    def _send(self, call: Call) -> httpx2.Response | None:
        if self._live is None:
            self._live = httpx2.Client()
        assert call.live is not None  # noqa: S101  the caller asked
        try:
            response = self._live.send(call.live, stream=True)
            if not response.is_success and call.refused(response.status_code, response.read()):
                return None
        except httpx2.HTTPError as error:
            call.failed(error)
            return None
        return _metered(call, response)

    def close(self) -> None:
        """Close both ways."""
        self._mock.close()
        if self._live is not None:
            self._live.close()


class AsyncLiveTransport(httpx2.AsyncBaseTransport):
    """For clients on an event loop."""

    def __init__(self, desk: Desk, mock: httpx2.AsyncBaseTransport) -> None:
        self._desk, self._mock = desk, mock
        self._live: httpx2.AsyncClient | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request."""
        call = self._desk.open(request, await request.aread())
        if call.live is not None:
            response = await self._send(call)
            if response is not None:
                return response
        response = await self._mock.handle_async_request(request)
        return await _async_metered(call, response)

    async def _send(self, call: Call) -> httpx2.Response | None:
        if self._live is None:
            self._live = httpx2.AsyncClient()
        assert call.live is not None  # noqa: S101  the caller asked
        try:
            response = await self._live.send(call.live, stream=True)
            if not response.is_success:
                body = await response.aread()
                if call.refused(response.status_code, body):
                    return None
        except httpx2.HTTPError as error:
            call.failed(error)
            return None
        return await _async_metered(call, response)

    async def aclose(self) -> None:
        """Close both ways."""
        await self._mock.aclose()
        if self._live is not None:
            await self._live.aclose()


def _streams(response: httpx2.Response) -> bool:
    return response.headers.get("content-type", "").startswith("text/event-stream")


def _metered(call: Call, response: httpx2.Response) -> httpx2.Response:
    """Pass a response on, reading what was used."""
    assert isinstance(response.stream, httpx2.SyncByteStream)  # noqa: S101  a blocking client's
    if response.is_success and _streams(response):
        stream = _Metered(call, response)
        return httpx2.Response(response.status_code, headers=response.headers, stream=stream)
    body = response.read()
    if response.is_success:
        call.reader.read(body)
        call.finished()
    return httpx2.Response(response.status_code, headers=_plain(response), content=body)


async def _async_metered(call: Call, response: httpx2.Response) -> httpx2.Response:
    if response.is_success and _streams(response):
        stream = _AsyncMetered(call, response)
        return httpx2.Response(response.status_code, headers=response.headers, stream=stream)
    body = await response.aread()
    if response.is_success:
        call.reader.read(body)
        call.finished()
    return httpx2.Response(response.status_code, headers=_plain(response), content=body)


def _plain(response: httpx2.Response) -> httpx2.Headers:
    headers = httpx2.Headers(response.headers)
    for name in ("content-encoding", "content-length", "transfer-encoding"):
        headers.pop(name, None)
    return headers


class _Metered(httpx2.SyncByteStream):
    def __init__(self, call: Call, response: httpx2.Response) -> None:
        self._call, self._response = call, response

    def __iter__(self) -> Iterator[bytes]:
        for part in self._response.iter_raw():
            self._call.reader.feed(part)
            yield part

    def close(self) -> None:
        self._response.close()
        self._call.finished()  # the stream may have been left before its end


class _AsyncMetered(httpx2.AsyncByteStream):
    def __init__(self, call: Call, response: httpx2.Response) -> None:
        self._call, self._response = call, response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._response.aiter_raw():
            self._call.reader.feed(part)
            yield part

    async def aclose(self) -> None:
        await self._response.aclose()
        self._call.finished()  # the stream may have been left before its end
