"""An end for code that spins: a watcher that interrupts it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token

from toollab.clock._errors import Spinning, Stuck
from toollab.clock._state import Clock
from toollab.clock._where import is_idle_worker

__all__ = ("Watcher", "allowance", "be_patient_once", "budget", "patience")

_SECONDS_BETWEEN_LOOKS = 0.1
_STRIKES = 20
_PATIENT_STRIKES = 2  # before it is clear that the code catches and ignores them
_BLOWS = 8
_SECONDS_WITHOUT_PATIENCE = 0.5
_budget: ContextVar[float | None] = ContextVar("toollab_budget", default=None)
_patience: ContextVar[_Patience | None] = ContextVar("toollab_patience", default=None)


@contextmanager
def budget(cpu_seconds: float | None) -> Iterator[None]:
    """Give every run inside at most `cpu_seconds` of processor time; `None` changes nothing.

    For those who run many answers that are known to be wrong, and want endless ones to be quick.
    """
    token = _budget.set(_budget.get() if cpu_seconds is None else cpu_seconds)
    try:
        yield
    finally:
        _budget.reset(token)


class _Patience:
    """Whether code has been seen that spins."""

    lost = False


def be_patient_once() -> Token[_Patience | None]:
    """Begin, for this context, what `patience` does."""
    return _patience.set(_Patience())


@contextmanager
def patience() -> Iterator[None]:
    """Give runs inside all their processor time until one of them spins; then, half a second.

    For those who call the same code again and again: if it never ends, it says so soon.
    """
    token = be_patient_once()
    try:
        yield
    finally:
        _patience.reset(token)


def allowance(cpu_seconds: float) -> float:
    """Return what a run that asks for `cpu_seconds` gets."""
    cap, known = _budget.get(), _patience.get()
    if known is not None and known.lost:
        cpu_seconds = min(cpu_seconds, _SECONDS_WITHOUT_PATIENCE)
    return cpu_seconds if cap is None else min(cpu_seconds, cap)


class Watcher:
    """Raises `Spinning` in the run's threads after `cpu_seconds` of processor time.

    Processor time, not waiting time: a busy machine does not use up a learner's share.
    `on_slow` is called when the run takes longer than a moment of real time, and `on_lost`
    when it catches and ignores whatever is raised in it.
    """

    def __init__(
        self,
        clock: Clock,
        cpu_seconds: float,
        *,
        on_slow: Callable[[], None],
        on_strike: Callable[[Spinning], None],
        on_lost: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._cpu_seconds = cpu_seconds
        self._on_slow, self._on_strike, self._on_lost = on_slow, on_strike, on_lost
        self._patience = _patience.get()
        self._start = time.process_time()
        self._done = threading.Event()
        self._strikes = 0
        # Disarmed by an assignment, not by a call, which could be struck itself.
        self.blow = _Blow()
        self._reach = threading.Lock()
        self._beyond = False  # whether the run has left everything that may be interrupted
        self._sent = False
        self._stopped = False
        self._hush = _Hush()
        self._thread = threading.Thread(target=self._watch, name="toollab-watch", daemon=True)
        clock.helpers.add(self._thread)

    def start(self) -> None:
        """Start watching."""
        self._thread.start()

    def stop(self) -> None:
        """Stop watching; doing so again does nothing.

        After this, nothing interrupts the run any more, and nothing that was sent is on its way.
        The home thread must call it, or have been given up.
        """
        while not self._stopped:
            with contextlib.suppress(Stuck):  # what was sent while it reached for the lock
                self._stop()

    def _stop(self) -> None:
        with self._reach:
            self._beyond = True
        self.blow.armed = False
        if self._sent and threading.current_thread() is self._clock.home:
            _take_what_was_sent()
        self._done.set()
        if self._thread.ident is not None:
            self._thread.join()
        self._hush.end()
        self._stopped = True

    def interrupt(self, send: Callable[[], object]) -> None:
        """Call `send`, unless the run has left what may be interrupted."""
        with self._reach:
            if not self._beyond:
                self._sent = True
                send()

    def insist(self) -> None:
        """Raise `Spinning` several times in a row in a main thread that ignores it.

        One exception is caught by an `except BaseException` in a loop.  The next strikes while
        the first is being handled, and gets out.
        """
        if self._clock.home is threading.main_thread():
            self.interrupt(self._send_blows)

    def _send_blows(self) -> None:
        for _ in range(_BLOWS):
            ctypes.pythonapi.Py_AddPendingCall(_IS_TRUE, ctypes.py_object(self.blow))

    def _watch(self) -> None:
        while not self._done.wait(_SECONDS_BETWEEN_LOOKS):
            if not self._clock.is_current:
                continue  # another run goes on inside this one, and has its own watcher
            self._on_slow()
            used = time.process_time() - self._start - sum(self._clock.helpers_cpu.values())
            if used > self._cpu_seconds:
                self._strikes += 1
                if self._strikes == 1:
                    self._hush.begin()
                    if self._patience is not None:
                        self._patience.lost = True
                    self._on_strike(Spinning())
                if self._strikes > _STRIKES:
                    self._on_lost()
                    return
                self.interrupt(self._strike)
                if self._strikes > _PATIENT_STRIKES:
                    self.insist()

    def _strike(self) -> None:
        frames = sys._current_frames()  # noqa: SLF001
        for thread in {self._clock.home, *self._clock.others()}:
            if thread.ident and not is_idle_worker(thread, frames.get(thread.ident)):
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(thread.ident), ctypes.py_object(Spinning)
                )


class _Blow:
    """Something that raises when C asks whether it is true."""

    def __init__(self) -> None:
        self.armed = True

    def __bool__(self) -> bool:
        if self.armed:
            raise Spinning
        return False


class _Hush:
    """Keeps Python from printing a strike that hit where nothing can be raised.

    A finalizer or a callback of the collector: the strike is lost there, and the next one is due.
    All such errors are kept until the end, by a function of C: ours would be struck itself.
    """

    def __init__(self) -> None:
        self._kept: deque[sys.UnraisableHookArgs] = deque(maxlen=1_000)
        self._ours = self._kept.append
        self._before = sys.unraisablehook

    def begin(self) -> None:
        """Keep what Python would print."""
        self._before = sys.unraisablehook
        sys.unraisablehook = self._ours

    def end(self) -> None:
        """Give the place back, if nobody else has taken it; pass on everything but strikes."""
        if sys.unraisablehook is self._ours:
            sys.unraisablehook = self._before
        while self._kept:
            unraisable = self._kept.popleft()
            if not issubclass(unraisable.exc_type, Spinning):
                self._before(unraisable)


_IS_TRUE = ctypes.cast(ctypes.pythonapi.PyObject_IsTrue, ctypes.c_void_p)


def _take_what_was_sent() -> None:
    """Let exceptions that were sent at the very end arrive here, and not in the caller.

    Taking one back with a null exception would leave the interpreter looking for it for ever.
    """
    os.getppid()  # a signal arrives, at the latest, on the way back from the system
    for _ in range(1000):
        pass
