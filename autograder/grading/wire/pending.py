"""A call on its way, and whoever waits for its answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

__all__ = ("Pending",)


class Pending:
    """A call that has not been answered yet; a task awaits it, or a thread stands still for it."""

    def __init__(self, loop: asyncio.AbstractEventLoop | None) -> None:
        self.answer: Callable[[], Any] | None = None
        self._loop = loop
        self._future: asyncio.Future[None] | None = None
        self._event = threading.Event()

    def settle(self, answer: Callable[[], Any]) -> None:
        """Give the answer: a function that returns the value or raises."""
        self.answer = answer
        self._event.set()
        if self._loop is None or self._loop.is_closed():
            return
        if asyncio._get_running_loop() is self._loop:  # noqa: SLF001 - does not raise
            self._wake()
        else:
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        if self._future is not None and not self._future.done():
            self._future.set_result(None)

    async def arrival(self) -> None:
        """Wait for the answer; a cancellation gets through and leaves the call as it is."""
        if self.answer is None and self._loop is not None:
            self._future = self._loop.create_future()
            await self._future

    def stand_still(self) -> None:
        """Keep this thread waiting for the answer."""
        self._event.wait()
