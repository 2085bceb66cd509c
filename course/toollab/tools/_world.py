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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from toollab.calls import JSON, ToolCall, ToolSpec
from toollab.clock import Clock
from toollab.tools._record import fresh, key_of, plain
from toollab.tools._session import Session
from toollab.trace import Edge, Trace, label

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

    @property
    def state(self) -> Any:
        """What the tools share, as they have left it."""
        return self._session.state

    def reset(self) -> None:
        """Forget everything that happened: first state, empty trace, real time from zero."""
        self._session = Session(self._new_state())

    def begin(self, clock: Clock) -> None:
        """Start over on a simulated clock."""
        self._session = Session(self._new_state(), clock)

    def now(self) -> float:
        """Return seconds since the start: simulated in `simulate`, real elsewhere."""
        return self._session.now()

    def trace_until(self, total: float) -> Trace:
        """Return the spans so far, for a run that came back at `total` seconds."""
        return Trace(self._session.spans(), total)

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
            now = self._called(tool, arguments)
            try:
                await asyncio.sleep(now.seconds)
            except asyncio.CancelledError:
                now.session.end(now.number, "cancelled", "")
                raise
            return now.finish()

        return _named(call, tool)

    def _plain_tool(self, tool: Tool) -> Callable[..., str]:
        def call(**arguments: JSON) -> str:
            now = self._called(tool, arguments)
            now.session.wait(tool.name, now.seconds, now.key)
            return now.finish()

        return _named(call, tool)

    def _called(self, tool: Tool, arguments: Mapping[str, Any]) -> _Execution:
        """Begin to execute a call; it ends in the session in which it began."""
        given = {
            name: plain(value, f"The argument {name} of {tool.name}")
            for name, value in arguments.items()
        }
        if self._session.is_over:
            self.reset()
        session, key = self._session, key_of(tool.name, given)
        with session.lock:
            fault = self._fault(session, key, tool.name)
            seconds = self.latency(tool.name, given)
            if fault is not None and fault.after is not None:
                seconds = fault.after
            number = session.start(tool.name, given)
        return _Execution(session, number, tool, given, key, seconds, fault)

    def _fault(self, session: Session, key: str, name: str) -> Fault | None:
        fault = self._faults.get(key) or self._faults.get(name)
        if fault is None:
            return None
        failed = session.failures[key] = session.failures.get(key, 0) + 1
        return None if fault.times is not None and failed > fault.times else fault


@dataclass(frozen=True, slots=True)
class _Execution:
    """One call while it runs."""

    session: Session
    number: int
    tool: Tool
    arguments: Mapping[str, JSON]
    key: str
    seconds: float
    fault: Fault | None

    def finish(self) -> str:
        """Do the tool's work, now that its time is up, and note how it ended."""
        try:
            if self.fault is not None:
                raise fresh(self.fault.error)  # noqa: TRY301 - noted like a tool's own error
            with self.session.lock:
                inspect.signature(self.tool.work).bind(self.session.state, **self.arguments)
                content = self.tool.work(self.session.state, **self.arguments)
        except Exception as error:
            self.session.end(self.number, "error", f"{type(error).__name__}: {error}")
            raise
        self.session.end(self.number, "ok", content)
        return content


def _named(call: Callable[..., Any], tool: Tool) -> Callable[..., Any]:
    call.__name__ = call.__qualname__ = tool.name
    call.__doc__ = tool.spec.description
    return call
