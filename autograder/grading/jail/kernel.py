"""A kernel for one notebook: IPython's own shell on one event loop that lives between cells.

It takes the same way through IPython as ipykernel does, without the sockets.  What differs, and
why: `input()` is refused, `exit` ends nothing, tracebacks are plain text, and a cell that waits
for something that can never come is stopped at once, as nothing outside can reach it.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import os
import signal
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from types import FrameType
from typing import Any

from IPython.core.error import StdinNotImplementedError
from traitlets.config import Config

from autograder.grading.jail.outputs import Outputs, StdStream
from autograder.grading.jail.pools import busy_threads, living_pools, revive
from autograder.grading.jail.shell import ZMQInteractiveShell
from autograder.grading.jail.times import CellLoop, passed
from toollab.clock._guards import be_patient_once

__all__ = ("Kernel", "make_shell")

_kept: list[dict[str, Any]] = []  # what the first cells bound, with the classes that came with it
_TURNS_BETWEEN_CELLS = 3
_SECONDS_BETWEEN_STRIKES = 1.0
_GENTLE_STRIKES = 2  # that cancel a waiting task; then one is raised wherever the code is


def _refusing(name: str) -> Callable[..., str]:
    """Return a function that refuses to ask, as a front end without a keyboard does."""

    def refuse(prompt: object = "", stream: object = None) -> str:
        del prompt, stream
        raise StdinNotImplementedError(
            f"{name} was called, but this frontend does not support input requests."
        )

    return refuse


def _nothing() -> None:
    """Do nothing."""


def make_shell(cells: Iterable[str] = ()) -> ZMQInteractiveShell:
    """Make the shell, and run these cells, so that nobody else pays for a first time."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Plain"
    config.InteractiveShell.enable_tip = False
    shell: ZMQInteractiveShell = ZMQInteractiveShell.instance(config=config)
    kernel = Kernel(shell, Outputs(lambda _report: None))
    for place, cell in enumerate(cells):
        kernel.run(place, cell, 1, 60.0)
    kernel.loop.close()
    _kept.append(dict(shell.user_ns))
    shell.reset(new_session=True)
    shell.execution_count = 1
    return shell


class Kernel:
    """Runs cells one after another."""

    def __init__(self, shell: Any, outputs: Outputs) -> None:
        self.shell = shell
        self.outputs = outputs
        self.loop = CellLoop()
        asyncio.set_event_loop(self.loop)
        passed.install()
        self._context = contextvars.copy_context()
        self._context.run(be_patient_once)  # an answer that spins is called by several cells
        self._task: asyncio.Task[Any] | None = None
        self._strikes = 0
        shell.outputs = shell.displayhook.outputs = shell.display_pub.outputs = outputs
        sys.stdout = StdStream(outputs, "stdout")
        sys.stderr = StdStream(outputs, "stderr")
        shell.raw_input = _refusing("raw_input")
        shell.set_hook("show_in_pager", lambda _shell, *_page, **_more: None)  # a pane of its own
        import builtins  # noqa: PLC0415
        import getpass  # noqa: PLC0415

        builtins.input = shell.raw_input
        vars(getpass)["getpass"] = _refusing("getpass")

    def run(self, place: int, source: str, count: int, seconds: float) -> str:
        """Run one cell; return `ok`, `error` or `interrupted`."""
        self.shell.execution_count = count
        self.shell.stopped, self._strikes = "", 0
        self.outputs.enter(place)
        self._context.run(self.outputs.enter, place)
        result = None
        try:
            with self._limit(seconds):
                result = self._run_cell(source)
        except BaseException as error:  # noqa: BLE001 - a strike can hit between two cells
            self.shell.stopped = self.shell.stopped or f"{type(error).__name__} ended the cell."
        untold, strikes = self.shell.stopped, self._strikes
        with contextlib.suppress(BaseException), self._limit(1.0):
            self._advance()
        self._take_what_programs_wrote()
        if untold:
            self.outputs.error("TimeoutError", untold, [f"TimeoutError: {untold}"])
        self.outputs.flush()
        if strikes or untold:
            return "interrupted"
        return "ok" if result is not None and result.success else "error"

    def _take_what_programs_wrote(self) -> None:
        """Show what went to descriptor 1 or 2 past Python, as from `os.system`."""
        with contextlib.suppress(OSError):
            size = os.fstat(1).st_size
            if size and stat.S_ISREG(os.fstat(1).st_mode):
                written = os.pread(1, self.outputs.text_bytes + 1, 0)
                os.ftruncate(1, 0)
                self.outputs.write("stdout", written.decode("utf-8", "replace"))

    def _run_cell(self, source: str) -> Any:
        shell = self.shell
        failed = None
        try:
            cell = shell.transform_cell(source)
        except Exception:  # noqa: BLE001 - shown like any other error of the cell
            cell, failed = source, sys.exc_info()
        told = {"transformed_cell": cell, "preprocessing_exc_tuple": failed}
        if shell.should_run_async(source, **told):
            main = shell.run_cell_async(source, store_history=True, **told)
            # A cell that awaits has a context of its own; what it sets there is gone after it.
            result = self._until_done(main, self._context.copy())
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
            return result

        async def plainly() -> Any:
            return shell.run_cell(source, store_history=True)

        return self._until_done(plainly(), self._context)

    def _until_done(self, main: Any, context: contextvars.Context) -> Any:
        self._task = self.loop.create_task(main, context=context)
        try:
            return self.loop.run_until_complete(self._task)
        finally:
            self._task = None

    def _advance(self) -> None:
        """Let background tasks go on a little, as they do between two cells."""

        async def pause() -> None:
            for _ in range(_TURNS_BETWEEN_CELLS):
                await asyncio.sleep(0)

        self.loop.run_until_complete(pause())

    # -- stopping -----------------------------------------------------------------------------

    @contextlib.contextmanager
    def _limit(self, seconds: float) -> Iterator[None]:
        def over() -> None:
            self._strike(f"This cell was stopped after {seconds:g} s.")

        def strike(_signal: int, _frame: FrameType | None) -> None:
            over()

        before = signal.signal(signal.SIGALRM, strike)
        signal.setitimer(signal.ITIMER_REAL, seconds, _SECONDS_BETWEEN_STRIKES)
        passed.left, passed.on_over = seconds, over
        self.loop.waiting.hopeless = lambda: self._strike(
            "This cell was stopped: it waits for something that never comes."
        )
        try:
            yield
        finally:
            self.loop.waiting.hopeless = None
            passed.left, passed.on_over = float("inf"), _nothing
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def _strike(self, sentence: str) -> None:
        self.shell.stopped = sentence
        self._strikes += 1
        running = asyncio._get_running_loop()  # noqa: SLF001 - does not raise
        waits = running is self.loop and asyncio.current_task(self.loop) is None
        if waits and self._task is not None and self._strikes <= _GENTLE_STRIKES:
            self.loop.call_soon_threadsafe(self._task.cancel)
        else:
            raise KeyboardInterrupt

    # -- copies -------------------------------------------------------------------------------

    def fork(self) -> tuple[int, str]:
        """Copy this process: 0 in the copy; else its id, or why a copy would not be the same."""
        pools = living_pools()
        others = busy_threads(pools)
        if others:
            return -1, f"{', '.join(others)[:500]} would be missing in a copy"
        self.outputs.flush()
        pid = os.fork()
        if pid == 0:
            passed.copies.clear()
            revive(pools)
        else:
            passed.copies.add(pid)
        return pid, ""
