"""A world: a set of simulated tools with one clock, one state and one trace.

A tool takes time, may read and change the world's state, and may fail.  The world notes every
call as a span.  A learner's dispatcher gets `world.tools` (coroutine functions) or
`world.blocking_tools` (plain functions for threads) and calls them like any other function:
`await world.tools["get_weather"](city="Beijing")`.
"""

from __future__ import annotations

import asyncio
import inspect
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from toollab.calls import JSON, ToolCall, ToolSpec
from toollab.clock import Clock, WorldClosedError, request_id
from toollab.tools._record import MAIN, fresh, in_order, key_of, plain
from toollab.trace import Edge, Span, State, Trace, label

__all__ = ("Fault", "Tool", "ToolError", "World", "key_of")


class ToolError(Exception):
    """A tool failed in a way that its caller should be told about."""


Latency = float | Callable[[Mapping[str, JSON], random.Random], float]
"""Seconds, or a function of the arguments and a seeded random source that returns seconds."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One simulated tool.

    `work(state, **arguments)` computes the content and may change `state`; it runs at the end
    of the tool's time, so that a call cancelled before has had no effect.  `latency` is in
    seconds.
    """

    spec: ToolSpec
    work: Callable[..., str]
    latency: Latency = 0.0

    @property
    def name(self) -> str:
        """The tool's name."""
        return self.spec.name


@dataclass(frozen=True, slots=True)
class Fault:
    """Makes a call fail: `error` is raised after `after` seconds (`None`: after its latency).

    `times` limits how often: a call that fails once and then works can be retried.
    """

    error: Exception
    after: float | None = None
    times: int | None = None


class World:
    """Tools, their clock, their state and what they saw.

    `faults` and `latencies` (seconds) are keyed by `key_of(name, arguments)` or by tool name.
    The same seed gives the same latencies and the same trace.  Outside `simulate` the tools
    take real time; the first call after a run starts the world over.
    """

    def __init__(
        self,
        tools: Sequence[Tool],
        *,
        state: Callable[[], Any] = dict,
        seed: int = 0,
        faults: Mapping[str, Fault] | None = None,
        latencies: Mapping[str, float] | None = None,
    ) -> None:
        self.catalogue = {tool.name: tool for tool in tools}
        self._new_state = state
        self._seed = seed
        self._faults = dict(faults or {})
        self._latencies = dict(latencies or {})
        self.tools: Mapping[str, Callable[..., Any]] = {
            name: self._coroutine_tool(tool) for name, tool in self.catalogue.items()
        }
        self.blocking_tools: Mapping[str, Callable[..., str]] = {
            name: self._plain_tool(tool) for name, tool in self.catalogue.items()
        }
        self.reset()

    @property
    def specs(self) -> list[ToolSpec]:
        """What a model is told about these tools."""
        return [tool.spec for tool in self.catalogue.values()]

    # -- one run --------------------------------------------------------------------------

    def reset(self) -> None:
        """Forget everything that happened: first state, empty trace, time zero."""
        self.state = self._new_state()
        self._spans: list[Span] = []
        self._clock: Clock | None = None
        self._origin = time.perf_counter()
        self._order = 0
        self._failures: dict[str, int] = {}
        self._lock = threading.Lock()

    def begin(self, clock: Clock) -> None:
        """Start over on a simulated clock."""
        self.reset()
        self._clock = clock

    def now(self) -> float:
        """Return seconds since the start: simulated in `simulate`, real elsewhere."""
        return time.perf_counter() - self._origin if self._clock is None else self._clock.now

    def trace_until(self, total: float) -> Trace:
        """Return the spans so far, for a run that came back at `total` seconds."""
        with self._lock:
            spans = tuple(self._spans)
        return Trace(spans if self._clock is None else in_order(spans), total)

    def trace(self, calls: Sequence[ToolCall] = (), edges: Sequence[Edge] = ()) -> Trace:
        """Return the spans so far, labelled with the ids of `calls`."""
        trace = label(self.trace_until(self.now()), calls)
        return replace(trace, edges=tuple(edges))

    # -- tools ----------------------------------------------------------------------------

    def latency(self, name: str, arguments: Mapping[str, JSON]) -> float:
        """Return how long this call takes, in seconds: the same answer for the same call."""
        key = key_of(name, arguments)
        for known in (key, name):
            if known in self._latencies:
                return self._latencies[known]
        latency = self.catalogue[name].latency
        if isinstance(latency, (int, float)):
            return float(latency)
        source = random.Random(f"{self._seed} {key}")  # noqa: S311 - chance, not secrets
        return latency(arguments, source)

    def _coroutine_tool(self, tool: Tool) -> Callable[..., Any]:
        async def call(**arguments: JSON) -> str:
            index, seconds, fault = self._start(tool, arguments)
            try:
                await asyncio.sleep(seconds)
            except asyncio.CancelledError:
                self._end(index, "cancelled", "")
                raise
            return self._finish(index, tool, arguments, fault)

        return _named(call, tool)

    def _plain_tool(self, tool: Tool) -> Callable[..., str]:
        def call(**arguments: JSON) -> str:
            index, seconds, fault = self._start(tool, arguments)
            if self._clock is None:
                time.sleep(seconds)  # noqa: TID251 - outside `simulate` tools take real time
            else:
                self._clock.block(tool.name, seconds, key_of(tool.name, arguments))
            return self._finish(index, tool, arguments, fault)

        return _named(call, tool)

    def _start(self, tool: Tool, arguments: Mapping[str, JSON]) -> tuple[int, float, Fault | None]:
        arguments = {
            name: plain(value, f"The argument {name} of {tool.name}")
            for name, value in arguments.items()
        }
        self._after_a_run()
        with self._lock:
            key = key_of(tool.name, arguments)
            fault = self._fault(key, tool.name)
            seconds = self.latency(tool.name, arguments)
            if fault is not None and fault.after is not None:
                seconds = fault.after
            self._spans.append(
                Span(
                    call_id=f"{tool.name}#{len(self._spans)}",
                    name=tool.name,
                    arguments=arguments,
                    start=self._time(),
                    started=self._tick(),
                    thread=self._thread(),
                    request=request_id.get(),
                )
            )
            return len(self._spans) - 1, seconds, fault

    def _after_a_run(self) -> None:
        """Start over in real time, unless it is the run's own left-over thread that calls."""
        if self._clock is not None and self._clock.closed:
            if threading.current_thread() in self._clock.outlived:
                raise WorldClosedError("The run of this tool is over.")
            self.reset()

    def _thread(self) -> str:
        here = threading.current_thread()
        return MAIN if self._clock is not None and here is self._clock.home else here.name

    def _fault(self, key: str, name: str) -> Fault | None:
        fault = self._faults.get(key) or self._faults.get(name)
        if fault is None:
            return None
        failed = self._failures[key] = self._failures.get(key, 0) + 1
        return None if fault.times is not None and failed > fault.times else fault

    def _finish(
        self, index: int, tool: Tool, arguments: Mapping[str, JSON], fault: Fault | None
    ) -> str:
        try:
            if fault is not None:
                raise fresh(fault.error)  # noqa: TRY301 - noted and raised below like a tool's own
            with self._lock:
                inspect.signature(tool.work).bind(self.state, **arguments)
                content = tool.work(self.state, **arguments)
        except Exception as error:
            self._end(index, "error", f"{type(error).__name__}: {error}")
            raise
        self._end(index, "ok", content)
        return content

    def _end(self, index: int, state: State, content: str) -> None:
        with self._lock:
            self._spans[index] = replace(
                self._spans[index],
                end=self._time(),
                ended=self._tick(),
                state=state,
                content=content,
            )

    def _time(self) -> float:
        return round(self.now(), 9)

    def _tick(self) -> int:
        if self._clock is not None:
            return self._clock.tick()
        self._order += 1
        return self._order


def _named(call: Callable[..., Any], tool: Tool) -> Callable[..., Any]:
    call.__name__ = call.__qualname__ = tool.name
    call.__doc__ = tool.spec.description
    return call
