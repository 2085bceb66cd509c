"""A task here that stands for the tasks that a function left unfinished in the jail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from autograder.grading.wire.messages import Cancel

if TYPE_CHECKING:
    from autograder.grading.witness.turns import Turns

__all__ = ("Keeper",)


class Keeper:
    """Keeps a loop busy as long as the jail has tasks left; cancelled, it cancels those."""

    def __init__(self, turns: Turns, loop: asyncio.AbstractEventLoop) -> None:
        self.task: asyncio.Task[None] | None = None
        self._turns = turns
        self._loop = loop
        self._waiting: asyncio.Future[None] | None = None

    def mind(self, left: int) -> None:
        """Hear how many tasks are left there, from whichever thread."""
        if self._waiting is not None and not left:
            self._on_loop(self._let_go)
        if left and self.task is None and not self._turns.pending:
            self._on_loop(self._keep)

    def _on_loop(self, work: Callable[[], None]) -> None:
        if self._loop.is_closed():
            return
        if asyncio._get_running_loop() is self._loop:  # noqa: SLF001 - does not raise
            work()
        else:
            self._loop.call_soon_threadsafe(work)

    def _let_go(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def _keep(self) -> None:
        if self.task is None:
            self._waiting = self._loop.create_future()
            self.task = self._loop.create_task(self._wait())

    async def _wait(self) -> None:
        while self._turns.left_there and self._turns.gone is None and self._waiting is not None:
            try:
                await self._waiting
            except asyncio.CancelledError:
                self._turns.post(Cancel(0))
                self._waiting = self._loop.create_future()
        self.task = self._waiting = None
