"""Run a learner's function on simulated time and keep what happened."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import inspect
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from toollab.clock._conductor import Conductor, WaitingLoop
from toollab.clock._errors import Blocked, Deadlock, Stuck
from toollab.clock._guards import allowance, simulated_sleep, stop_spinning
from toollab.clock._loop import SimulatedLoop
from toollab.clock._quiet import Look, best_look
from toollab.clock._state import Clock
from toollab.clock._where import where_is
from toollab.trace import Trace

__all__ = ("Run", "Stage", "attempt", "request_id", "simulate")

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")
"""Which user request is being served; tools note the value they see."""


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
    `lost` holds errors of tasks that nobody ever looked at.
    """

    value: Any
    error: BaseException | None
    trace: Trace
    blocked: tuple[Blocked, ...] = ()
    left: int = 0
    lost: tuple[str, ...] = ()

    @property
    def total(self) -> float:
        """Simulated seconds until the function came back."""
        return self.trace.total

    def unfinished(self) -> tuple[str, ...]:
        """Return the ids of calls that were still in flight when the function came back."""
        return tuple(
            span.call_id
            for span in self.trace
            if span.start <= self.total and (span.end is None or span.end > self.total)
        )


def simulate(
    stage: Stage,
    fn: Callable[..., Any],
    /,
    *args: Any,
    request: str = "",
    expect: int | None = None,
    horizon: float = 86_400.0,
    cpu_seconds: float = 20.0,
    look: Look | None = None,
    **kwargs: Any,
) -> Run:
    """Call `fn(*args, **kwargs)` on a fresh simulated clock and return what happened.

    A coroutine function runs on its own simulated event loop, also inside a notebook, whose
    own loop waits meanwhile.  A plain function may use threads; where these cannot be watched,
    `expect` says how many calls in flight mean that all have arrived.  Calls left behind are
    played to their end, so that the trace shows them.  `request` is the value of `request_id`
    during the run.  Nothing a learner's function raises gets out, except `KeyboardInterrupt`.
    """
    scene = _Scene(stage, horizon, look, expect)

    def play() -> Run:
        request_id.set(request)
        with stop_spinning(scene.clock, allowance(cpu_seconds)), scene.interruptible():
            return scene.play(fn, args, kwargs)

    context = contextvars.copy_context()
    if threading.current_thread() is threading.main_thread():
        return context.run(play)
    return scene.on_daemon_thread(lambda: context.run(play))


class _NoTools:
    """A stage without tools."""

    def begin(self, clock: Clock) -> None:
        """Nothing to start."""

    def trace_until(self, total: float) -> Trace:
        """Nothing was seen."""
        return Trace((), total)


def attempt(fn: Callable[..., Any], /, *args: Any, cpu_seconds: float = 20.0, **kwargs: Any) -> Run:
    """Call a function that needs no tools; like `simulate`, it always comes back."""
    return simulate(_NoTools(), fn, *args, cpu_seconds=cpu_seconds, **kwargs)


class _Scene:
    """The clock, the conductor and the bookkeeping of one run."""

    def __init__(self, stage: Stage, horizon: float, look: Look | None, expect: int | None) -> None:
        self.stage = stage
        self.horizon = horizon
        self.clock = Clock()
        self.conductor = Conductor(
            self.clock,
            look or best_look(self.clock, expect),
            on_deadlock=self._deadlock,
            on_loop_blocked=self._loop_blocked,
        )
        self.clock.start_conductor = self.conductor.start
        self.thread = threading.get_ident()
        self.loop: SimulatedLoop | None = None
        self.lost: list[str] = []
        self._returned = False
        self._drained = threading.Event()
        self._abandoned = threading.Event()
        self._pending: Stuck | None = None

    def play(self, fn: Callable[..., Any], args: Any, kwargs: Any) -> Run:
        self.thread = threading.get_ident()
        self.stage.begin(self.clock)
        is_async = inspect.iscoroutinefunction(inspect.unwrap(fn)) or inspect.iscoroutinefunction(
            getattr(fn, "__call__", None)  # noqa: B004 - an object whose call is a coroutine
        )
        try:
            with _kernel_loop_aside(), self._simulated_loops():
                if is_async:
                    self.clock.loop_thread = self.thread
                with simulated_sleep(self.clock, self.clock.loop_thread, fn):
                    return (self._play_async if is_async else self._play_threads)(fn, args, kwargs)
        finally:
            self.conductor.stop()
            self.clock.close()

    # -- coroutine functions --------------------------------------------------------------

    def _play_async(self, fn: Callable[..., Any], args: Any, kwargs: Any) -> Run:
        loop = self.loop = self._new_loop()
        loop.set_exception_handler(lambda _loop, context: self._lose(context))
        value, error = None, None  # type: Any, BaseException | None
        try:
            value = loop.run_until_complete(_awaiting(fn, args, kwargs))
        except KeyboardInterrupt:
            raise
        except BaseException as caught:  # noqa: BLE001 - whatever it raised is the finding
            error = caught
        finally:
            total, left = self.clock.now, len(asyncio.all_tasks(loop))
            self._returned = True
            self._finish_tasks(loop)
            self._wait_for_threads()
            self.conductor.stop()
            loop.close()
        return self._run(value, error, total, left if error is None else max(0, left))

    def _finish_tasks(self, loop: SimulatedLoop) -> None:
        """Let left tasks play to their end; cancel those that have none."""
        for attempt in ("play", "cancel"):
            tasks = asyncio.all_tasks(loop)
            if not tasks:
                break
            if attempt == "cancel":
                for task in tasks:
                    task.cancel()
            with contextlib.suppress(Stuck):
                loop.run_until_complete(asyncio.wait(tasks))
        with contextlib.suppress(Stuck):
            loop.run_until_complete(loop.shutdown_asyncgens())
        pool = getattr(loop, "_default_executor", None)
        if pool is not None:
            pool.shutdown(wait=False)

    def _lose(self, context: dict[str, Any]) -> None:
        error = context.get("exception")
        self.lost.append(repr(error) if error is not None else str(context.get("message", "")))

    # -- plain functions, with or without threads -----------------------------------------

    def _play_threads(self, fn: Callable[..., Any], args: Any, kwargs: Any) -> Run:
        value, error = None, None  # type: Any, BaseException | None
        self.conductor.start()  # from the first moment: it also sees threads that wait for a lock
        try:
            value = fn(*args, **kwargs)
        except KeyboardInterrupt:
            raise
        except BaseException as caught:  # noqa: BLE001 - whatever it raised is the finding
            error = caught
        total = self.clock.now
        self._returned = True
        self._wait_for_threads()
        return self._run(value, error, total, 0)

    def _wait_for_threads(self) -> None:
        """Let threads that still wait in a tool come back."""
        if self.clock.sleeping:
            self.conductor.start()
            self._drained.wait()

    # -- what the conductor reports -------------------------------------------------------

    def _deadlock(self) -> None:
        if self._returned:
            self._drained.set()
            return
        where = _waiting_places(self.thread, self.clock)
        stuck = Deadlock(f"Everybody waits and nobody can go on: {where}.")
        if self.loop is not None and self.loop.selector.waiting:
            self.loop.stick(stuck)
        elif self.thread == threading.main_thread().ident and hasattr(signal, "pthread_kill"):
            self._pending = stuck
            signal.pthread_kill(self.thread, signal.SIGVTALRM)
        else:
            self._pending = stuck
            self._abandoned.set()

    def _loop_blocked(self, loop: WaitingLoop) -> None:
        if self.loop is None or loop is not self.loop.selector or self._returned:
            return
        called, place = where_is(sys._current_frames().get(self.thread))  # noqa: SLF001
        if not any(blocked.where == place for blocked in self.clock.blocked_loop):
            self.clock.blocked_loop.append(Blocked(called, place))

    # -- surroundings ---------------------------------------------------------------------

    @contextlib.contextmanager
    def interruptible(self) -> Iterator[None]:
        """Let a signal raise the pending exception in a main thread that waits for a lock."""
        if threading.current_thread() is not threading.main_thread() or not hasattr(
            signal, "SIGVTALRM"
        ):
            yield
            return

        def strike(_signal: int, _frame: Any) -> None:
            if self._pending is not None:
                raise self._pending

        before = signal.signal(signal.SIGVTALRM, strike)
        try:
            yield
        finally:
            signal.signal(signal.SIGVTALRM, before)

    def on_daemon_thread(self, play: Callable[[], Run]) -> Run:
        """Run away from the caller's thread, which can then give up a run that is stuck."""
        box: list[Run | BaseException] = []

        def body() -> None:
            try:
                box.append(play())
            except BaseException as caught:  # noqa: BLE001 - handed to the caller below
                box.append(caught)
            self._abandoned.set()

        self.clock._foreign.add(threading.current_thread())  # noqa: SLF001 - it only waits
        self.clock.ours.add(threading.get_native_id())
        worker = threading.Thread(target=body, name="toollab-run", daemon=True)
        worker.start()
        self._abandoned.wait()
        if not box:
            self._returned = True
            return self._run(None, self._pending, self.clock.now, 0)
        if isinstance(box[0], BaseException):
            raise box[0]
        return box[0]

    def _new_loop(self) -> SimulatedLoop:
        return SimulatedLoop(self.clock, self.conductor, self.horizon)

    @contextlib.contextmanager
    def _simulated_loops(self) -> Iterator[None]:
        """Give the code's own `asyncio.run` a simulated loop too."""
        new_loop = asyncio.events.new_event_loop
        asyncio.events.new_event_loop = asyncio.new_event_loop = self._new_loop
        try:
            yield
        finally:
            asyncio.events.new_event_loop = asyncio.new_event_loop = new_loop

    def _run(self, value: Any, error: BaseException | None, total: float, left: int) -> Run:
        return Run(
            value=value,
            error=error,
            trace=self.stage.trace_until(total),
            blocked=tuple(self.clock.blocked_loop),
            left=left,
            lost=tuple(self.lost),
        )


async def _awaiting(fn: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    # Called on the loop, so that futures and tasks made before the first await belong to it.
    return await fn(*args, **kwargs)


@contextlib.contextmanager
def _kernel_loop_aside() -> Iterator[None]:
    """Set a running loop and its task aside, so that another loop can run in this thread."""
    loop = asyncio._get_running_loop()  # noqa: SLF001 - documented for makers of loops
    if loop is None:
        yield
        return
    task = asyncio.current_task(loop)
    if task is not None:
        asyncio._leave_task(loop, task)  # noqa: SLF001
    asyncio._set_running_loop(None)  # noqa: SLF001
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)  # noqa: SLF001
        if task is not None:
            asyncio._enter_task(loop, task)  # noqa: SLF001


def _waiting_places(thread: int, clock: Clock) -> str:
    frames = sys._current_frames()  # noqa: SLF001
    idents = [thread, *(t.ident for t in clock.learner_threads() if t.ident)]
    places = []
    for ident in dict.fromkeys(idents):
        called, place = where_is(frames.get(ident))
        if place != "an unknown place":
            places.append(f"{place} (in {called})" if called else place)
    return "; ".join(places) or "no thread of it is running"
