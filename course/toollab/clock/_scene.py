"""One run: the learner's function, its clock, its loop, and how it came back or got stuck."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import inspect
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from toollab.clock._conductor import Conductor
from toollab.clock._errors import Blocked, Deadlock, Spinning, Stuck
from toollab.clock._guards import Watcher
from toollab.clock._leftovers import cancel_all, forget_stuck_threads, play_out
from toollab.clock._loop import SimulatedLoop
from toollab.clock._patches import (
    kernel_loop_aside,
    simulated_loops,
    simulated_threads,
    simulated_time,
)
from toollab.clock._quiet import Look, best_look
from toollab.clock._state import Clock
from toollab.clock._where import is_between, waiting_places, where_is

__all__ = ("Scene",)

# A signal reaches a main thread that waits for a lock.  Where there are none, and in other
# threads, a stuck run can only be given up, so it gets a thread of its own.
_PATIENT_DEADLOCKS = 10  # each `with` around a pool waits once more on the way out
_SIGNALS = hasattr(signal, "pthread_kill") and hasattr(signal, "SIGVTALRM")


class Scene:
    """Plays a function once.  Afterwards the attributes say what happened."""

    def __init__(
        self,
        *,
        horizon: float,
        cpu_seconds: float,
        look: Callable[[Clock], Look] | None,
        expect: int | None,
    ) -> None:
        self.value: Any = None
        self.error: BaseException | None = None
        self.total = 0.0
        self.returned: int | None = None  # position in the order of events
        self.left = 0
        self.lost: list[str] = []
        self.clock = Clock(horizon, cpu_seconds)
        self._conductor = Conductor(
            self.clock,
            look(self.clock) if look else best_look(self.clock, expect),
            on_stuck=self._stuck,
            on_step=self._look_for_blocked_loops,
        )
        self.clock.call_conductor = self._conductor.start
        self.clock.new_loop = self._new_loop
        self._over = threading.Event()  # the run came back, or was given up
        self._watcher = Watcher(
            self.clock,
            cpu_seconds,
            on_slow=self._conductor.start,
            on_strike=self._spinning,
            on_lost=self._over.set,
        )
        self._loops: list[SimulatedLoop] = []
        self._got_stuck: Stuck | None = None  # before it returned
        self._pending: Stuck | None = None  # what the signal raises
        self._draining = False
        self._deadlocks = 0

    # -- the caller's side ----------------------------------------------------------------

    def perform(
        self, fn: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> None:
        """Play `fn(*args, **kwargs)`.  Raises `KeyboardInterrupt`, and nothing else of it."""
        here = _SIGNALS and threading.current_thread() is threading.main_thread()
        self.clock.open()
        with (
            simulated_time(self.clock, fn),
            simulated_threads(self.clock, self.lost),
            simulated_loops(self.clock, self._new_loop),
        ):
            try:
                if here:
                    with self._signals():
                        self._play(fn, args, kwargs)
                else:
                    self._play_on_a_thread(fn, args, kwargs)
            finally:
                self._watcher.stop()
                self._conductor.stop()
                self._close_loops()
                if self.clock.far is not None:
                    self.lost += self.clock.far.close()
                self.clock.close()
                forget_stuck_threads(self.clock)
        if self.returned is None:
            self.total = self.clock.now
        if self._got_stuck is not None:
            # Also if it caught what was to free it, or is still stuck.
            self.value, self.error = None, self._got_stuck

    def _play_on_a_thread(self, fn: Any, args: Any, kwargs: Any) -> None:
        context = contextvars.copy_context()
        failed: list[BaseException] = []

        def body() -> None:
            try:
                context.run(self._play, fn, args, kwargs)
            except BaseException as error:  # noqa: BLE001 - handed to the caller below
                failed.append(error)
            finally:
                self._over.set()

        home = threading.Thread(target=body, name="toollab-run", daemon=True)
        self.clock.leave_out(threading.current_thread())  # it only waits
        self.clock.helpers.add(threading.current_thread())
        self.clock.home = home
        home.start()
        while not self._over.wait(1.0):  # in slices, so that every system can interrupt it
            pass
        self._watcher.stop()
        if failed:
            raise failed[0]

    @contextlib.contextmanager
    def _signals(self) -> Any:
        """Let a signal raise in a main thread that waits for a lock."""

        def strike(_signal: int, _frame: Any) -> None:
            if self._pending is not None:
                raise self._pending

        before = signal.signal(signal.SIGVTALRM, strike)
        try:
            yield
        finally:
            signal.signal(signal.SIGVTALRM, before)

    # -- the home thread ------------------------------------------------------------------

    def _play(self, fn: Any, args: Any, kwargs: Any) -> None:
        try:
            try:
                with kernel_loop_aside(), contextlib.ExitStack() as finish:
                    finish.callback(self._note_lost)
                    self._watcher.start()
                    self._call(fn, args, kwargs, finish)
            finally:
                self._watcher.stop()
        except Stuck as stuck:
            self._watcher.stop()  # if it could not begin to, a line above
            if self.returned is None:
                self.error = stuck

    def _call(self, fn: Any, args: Any, kwargs: Any, finish: contextlib.ExitStack) -> None:
        loop = None
        try:
            if _is_async(fn):
                loop = self._new_loop()
            if loop is None:
                self.value = fn(*args, **kwargs)
            else:
                self.value = loop.run_until_complete(_awaiting(fn, args, kwargs))
            self._watcher.blow.armed = False
        except KeyboardInterrupt:
            self._watcher.blow.armed = False
            if loop is not None:
                finish.callback(cancel_all, loop)
            raise
        except BaseException as caught:  # noqa: BLE001 - whatever it raised is the finding
            self._watcher.blow.armed = False
            self.error = caught
            if self.clock.far is not None:
                self.clock.far.raised(caught)
        self._note_return(loop)
        finish.callback(self._drain)
        if loop is not None:
            finish.callback(cancel_all, loop)
            if not isinstance(self.error, Stuck):
                play_out(loop)

    def _note_return(self, loop: SimulatedLoop | None) -> None:
        far = self.clock.far
        if self.clock.sleeping or self.clock.others():
            self._conductor.settle()  # or chance decides what was started by now
        self.total, self.returned = self.clock.now, self.clock.tick()
        if loop is not None:
            self.left = len(asyncio.all_tasks(loop)) if far is None else far.left(loop)
        self._conductor.go_on()

    def _drain(self) -> None:
        """Let threads that still wait in a tool come back."""
        far = self.clock.far
        if self.clock.sleeping or self.clock.others() or (far is not None and far.unfinished):
            self._draining = True
            self._conductor.drain()
            self._draining = False

    def _new_loop(self) -> SimulatedLoop:
        loop = SimulatedLoop(self.clock, self._conductor)
        with self.clock.lock:
            self._loops.append(loop)
            self._conductor.loops.append(loop.selector)
        return loop

    def _note_lost(self) -> None:
        with self.clock.lock:
            self._conductor.loops.clear()
        for loop in self._loops:
            self.lost += loop.lost()

    def _close_loops(self) -> None:
        for loop in self._loops:
            if not loop.is_running():
                loop.close()

    # -- the conductor's and the watcher's threads ----------------------------------------

    def _stuck(self, stuck: Stuck | None) -> None:
        """Free the run: nothing in it can move."""
        if self._draining:
            self._conductor.stop_draining()
            return
        if stuck is None:
            stuck = Deadlock(f"Everybody waits and nobody can go on{self._where_all_wait()}.")
        self._deadlocks += 1
        self._pending = stuck
        if self.returned is None:
            self._got_stuck = self._got_stuck or stuck
        waiting = [loop for loop in self._loops if loop.selector.waiting]
        for loop in waiting:
            loop.stick(stuck)
        if waiting:
            return
        if _SIGNALS and self.clock.home is threading.main_thread():
            self._watcher.interrupt(_send_signal)
            if self._deadlocks > _PATIENT_DEADLOCKS:
                self._watcher.insist()
        else:
            self._over.set()

    def _where_all_wait(self) -> str:
        tasks = [t for loop in self._loops if loop.is_running() for t in asyncio.all_tasks(loop)]
        return waiting_places([self.clock.home, *self.clock.others()], tasks)

    def _spinning(self, spinning: Spinning) -> None:
        if self.returned is None:
            self._got_stuck = self._got_stuck or spinning

    def _look_for_blocked_loops(self) -> None:
        """Note loops whose thread is at rest somewhere else than in its loop."""
        if self.clock.far is not None and not self.clock.far.is_home:
            return
        for loop in self._loops:
            if self.returned is None and loop.blocked_thread is not None:
                frame = sys._current_frames().get(loop.blocked_thread)  # noqa: SLF001
                if is_between(frame):
                    continue
                called, place = where_is(frame)
                if not any(blocked.where == place for blocked in self.clock.blocked):
                    self.clock.blocked.append(Blocked(called, place))


def _send_signal() -> None:
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGVTALRM)


def _is_async(fn: Any) -> bool:
    """Tell whether `fn` is a coroutine function, or an object whose call is one."""
    call = getattr(fn, "__call__", None)  # noqa: B004 - the method itself is looked at
    return inspect.iscoroutinefunction(inspect.unwrap(fn)) or inspect.iscoroutinefunction(call)


async def _awaiting(fn: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    # Called on the loop, so that futures and tasks made before the first await belong to it.
    return await fn(*args, **kwargs)
