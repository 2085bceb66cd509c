"""The mock as an ASGI application, for uvicorn or any other server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from toollab.providers.mock import Answer, MockProvider

__all__ = ("make_app",)


def make_app(mock: MockProvider) -> Starlette:
    """Wrap a mock as an application that serves every path it knows, and 404 for the rest."""

    async def endpoint(request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        answer = mock.handle(request.method, request.url.path, headers, await request.body())
        if answer.latency:
            await asyncio.sleep(answer.latency)
        if answer.frames is None:
            return Response(answer.body, answer.status, dict(answer.headers))
        return StreamingResponse(_paced(answer), answer.status, dict(answer.headers))

    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    return Starlette(routes=[Route("/{path:path}", endpoint, methods=methods)])


async def _paced(answer: Answer) -> AsyncIterator[bytes]:
    for number, frame in enumerate(answer.frames or ()):
        if number and answer.pause:
            await asyncio.sleep(answer.pause)
        yield frame
