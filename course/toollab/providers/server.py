"""The mock on loopback: uvicorn in a thread of its own, gone without a trace when stopped."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn

from toollab.providers.app import make_app
from toollab.providers.mock import MockProvider

__all__ = ("Server",)

HOST = "127.0.0.1"


class Server:
    """A mock that listens on 127.0.0.1, and on no other address.

    Use it as a context manager, or call `start` and `stop`.  Port 0 takes any free port.
    The server runs an event loop of its own in a thread; the caller's loop, signal handlers
    and logging stay as they are.
    """

    def __init__(self, mock: MockProvider | None = None, *, port: int = 0) -> None:
        self.mock = mock or MockProvider()
        self._port = port
        self._socket: socket.socket | None = None
        self._uvicorn: _Uvicorn | None = None
        self._thread: threading.Thread | None = None

    def __repr__(self) -> str:
        return f"Server({self.url if self._socket else 'stopped'})"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> Self:
        """Listen, and return once requests are answered.

        Raises `OSError` with a hint if the port is taken.
        """
        if self._socket is not None:
            return self
        self._socket = listen(self._port)
        config = uvicorn.Config(
            make_app(self.mock),
            log_config=None,
            log_level="critical",
            access_log=False,
            lifespan="off",
            http="h11",
            loop="asyncio",
            ws="none",
            timeout_graceful_shutdown=1,
        )
        self._uvicorn = _Uvicorn(config)
        self._thread = threading.Thread(
            target=self._uvicorn.serve_on, args=(self._socket,), name="mock-provider", daemon=True
        )
        self._thread.start()
        self._uvicorn.ready.wait()
        if not self._uvicorn.started:
            self.stop()
            raise RuntimeError("The server did not start. Hint: restart the kernel and try again.")
        return self

    def stop(self) -> None:
        """Close every connection and the port, and end the thread.  Stopping twice is fine."""
        if self._uvicorn is None or self._thread is None or self._socket is None:
            return
        self._uvicorn.should_exit = True
        self._thread.join()
        self._socket.close()
        self._uvicorn = self._thread = self._socket = None

    @property
    def url(self) -> str:
        """Return the address without `/v1`, as the Anthropic SDK wants it."""
        if self._socket is None:
            raise RuntimeError("The server is not running. Hint: call `start()` first.")
        return f"http://{HOST}:{self._socket.getsockname()[1]}"

    @property
    def openai_url(self) -> str:
        """Return the address with `/v1`, as the OpenAI SDK wants it."""
        return f"{self.url}/v1"


class _Uvicorn(uvicorn.Server):
    """Uvicorn that says when it is ready, or that it never will be."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    def serve_on(self, listener: socket.socket) -> None:
        """Serve until told to exit."""
        try:
            self.run([listener])
        finally:
            self.ready.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.ready.set()


def listen(port: int) -> socket.socket:
    """Open a listening socket on loopback; port 0 is any free one."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise OSError(
            f"Port {port} on {HOST} is taken. Hint: choose another, or 0 for any free one."
        ) from error
    listener.listen()
    return listener
