"""An event loop of its own, in a thread of its own, for as long as a scene needs it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

__all__ = ("LoopThread",)


class LoopThread:
    """Runs one event loop, made by `new_loop`, in a thread called `name`, until it is ended."""

    def __init__(self, new_loop: Callable[[], asyncio.AbstractEventLoop], name: str) -> None:
        self.loop = new_loop()
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.close()

    def end(self) -> None:
        """End the loop, whatever it is doing, and wait for its thread."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join()
