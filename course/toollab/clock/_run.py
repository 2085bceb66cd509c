"""Run a learner's function on simulated time and keep what happened."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from toollab.calls import ToolCall
from toollab.clock._errors import Blocked
from toollab.clock._guards import allowance
from toollab.clock._quiet import Look
from toollab.clock._scene import Scene
from toollab.clock._state import HORIZON, Clock
from toollab.trace import Trace

__all__ = ("Run", "Stage", "attempt", "request_id", "simulate")

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")
"""Which user request is being served; tools note the value they see."""

_CPU_SECONDS = 5.0
_one_at_a_time = threading.RLock()  # a run has the standard library to itself


class Stage(Protocol):
    """A set of tools that can be run on a simulated clock; `toollab.tools.World` is one."""

    def begin(self, clock: Clock) -> None:
        """Start over on this clock."""

    def trace_until(self, total: float) -> Trace:
        """Return what the tools saw, for a run that came back at `total` seconds."""


@dataclass(frozen=True, slots=True)
class Run:
    """What happened when a function ran on simulated time.

    `value` is what it returned, or `error` what it raised.  `blocked` names calls that stopped
    the event loop.  `left` counts tasks that were still unfinished when it came back.
    `lost` holds errors of tasks and threads that nobody ever looked at.  `returned` is the
    position of its return in the order of events; `None` if it never came back.
    """

    value: Any
    error: BaseException | None
    trace: Trace
    blocked: tuple[Blocked, ...] = ()
    left: int = 0
    lost: tuple[str, ...] = ()
    returned: int | None = None

    @property
    def total(self) -> float:
        """Simulated seconds until the function came back."""
        return self.trace.total

    def unfinished(self) -> tuple[str, ...]:
        """Return the ids of calls that were still in flight when the function came back."""
        end = float("inf") if self.returned is None else self.returned
        return tuple(
            span.call_id
            for span in self.trace
            if span.started < end and (span.ended is None or span.ended > end)
        )


def simulate(
    stage: Stage,
    fn: Callable[..., Any],
    /,
    *args: Any,
    request: str = "",
    expect: int | None = None,
    horizon: float = HORIZON,
    cpu_seconds: float = _CPU_SECONDS,
    look: Callable[[Clock], Look] | None = None,
    **kwargs: Any,
) -> Run:
    """Call `fn(*args, **kwargs)` on a fresh simulated clock and return what happened.

    Plain data (lists, dicts, tool calls) is handed over as a copy: what the function does to
    it, it does to its own.

    A coroutine function runs on its own simulated event loop, also inside a notebook, whose
    own loop waits meanwhile.  A plain function may use threads; where these cannot be watched,
    `expect` says how many calls in flight mean that all have arrived.  Calls left behind are
    played to their end, so that the trace shows them.  `request` is the value of `request_id`
    during the run.  Nothing a learner's function raises gets out, except `KeyboardInterrupt`.

    A run ends with `Endless` after `horizon` simulated seconds, and with `Spinning` after
    `cpu_seconds` of processor time.
    """
    scene = Scene(horizon=horizon, cpu_seconds=allowance(cpu_seconds), look=look, expect=expect)

    def play() -> None:
        request_id.set(request)
        stage.begin(scene.clock)
        own = {name: _own(value) for name, value in kwargs.items()}
        scene.perform(fn, [_own(value) for value in args], own)

    with _one_at_a_time:
        contextvars.copy_context().run(play)
    return Run(
        value=scene.value,
        error=scene.error,
        trace=stage.trace_until(scene.total),
        blocked=tuple(scene.clock.blocked),
        left=scene.left,
        lost=tuple(scene.lost),
        returned=scene.returned,
    )


def _own(value: Any) -> Any:
    """Return a copy of plain data, and anything else as it is."""
    if type(value) is list:
        return [_own(item) for item in value]
    if type(value) is tuple:
        return tuple(_own(item) for item in value)
    if type(value) is dict:
        return {key: _own(item) for key, item in value.items()}
    if type(value) is ToolCall:
        return replace(value, arguments=_own(value.arguments))
    return value


class _NoTools:
    """A stage without tools."""

    def begin(self, clock: Clock) -> None:
        """Nothing to start."""

    def trace_until(self, total: float) -> Trace:
        """Nothing was seen."""
        return Trace((), total)


def attempt(
    fn: Callable[..., Any], /, *args: Any, cpu_seconds: float = _CPU_SECONDS, **kwargs: Any
) -> Run:
    """Call a function that needs no tools; like `simulate`, it always comes back."""
    return simulate(_NoTools(), fn, *args, cpu_seconds=cpu_seconds, **kwargs)
