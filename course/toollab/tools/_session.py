"""One run of a world, or one stretch of real time: its state, its clock and what was seen."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from toollab.calls import JSON
from toollab.clock import Clock, WorldClosedError, request_id
from toollab.tools._record import MAIN, in_order
from toollab.trace import Span, State

__all__ = ("Session",)


class Session:
    """Keeps a world's state and notes spans.  `clock` is `None` in real time."""

    def __init__(self, state: Any, clock: Clock | None = None) -> None:
        self.state = state
        self.clock = clock
        self.failures: dict[str, int] = {}  # how often each call has failed so far
        self.lock = threading.RLock()
        self._spans: list[Span] = []
        self._origin = time.perf_counter()
        self._order = 0

    @property
    def is_over(self) -> bool:
        """Whether this was a run, and has ended.

        Raises `WorldClosedError` in a thread that the run has left behind: it may not go on.
        """
        if self.clock is None or not self.clock.closed:
            return False
        if threading.current_thread() in self.clock.outlived:
            raise WorldClosedError("The run of this tool is over.")
        return True

    def now(self) -> float:
        """Return seconds since the start, rounded to nanoseconds."""
        if self.clock is not None:
            return round(self.clock.now, 9)
        return round(time.perf_counter() - self._origin, 9)

    def wait(self, name: str, seconds: float, key: str) -> None:
        """Keep the calling thread waiting in the tool `name`."""
        if self.clock is None:
            time.sleep(seconds)  # noqa: TID251 - outside `simulate` tools take real time
        else:
            self.clock.block(name, seconds, key)

    def start(self, name: str, arguments: Mapping[str, JSON]) -> int:
        """Note that a call has begun; return its number."""
        here = threading.current_thread()
        home = self.clock is not None and here is self.clock.home
        with self.lock:
            self._spans.append(
                Span(
                    call_id=f"{name}#{len(self._spans)}",
                    name=name,
                    arguments=arguments,
                    start=self.now(),
                    started=self._tick(),
                    thread=MAIN if home else here.name,
                    request=request_id.get(),
                )
            )
            return len(self._spans) - 1

    def end(self, number: int, state: State, content: str) -> None:
        """Note how a call has ended."""
        with self.lock:
            self._spans[number] = replace(
                self._spans[number],
                end=self.now(),
                ended=self._tick(),
                state=state,
                content=content,
            )

    def spans(self) -> tuple[Span, ...]:
        """Return what was seen so far."""
        with self.lock:
            spans = tuple(self._spans)
        return spans if self.clock is None else in_order(spans)

    def _tick(self) -> int:
        if self.clock is not None:
            return self.clock.tick()
        self._order += 1
        return self._order
