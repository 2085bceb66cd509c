"""Progress while a class is graded: how many, how fast, how long still.

On a terminal it is a bar; elsewhere a line for each submission that needs attention, and one at
each tenth of the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from autograder.grading.results import NotebookResult
from autograder.plain import plain

__all__ = ("show_progress",)

Told = Callable[[int, int, NotebookResult], None]


class _Rate(ProgressColumn):
    """Submissions a second."""

    def render(self, task: Task) -> Text:
        """Return the rate, as soon as there is one."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f}/s" if speed else "", style="progress.data.speed")


@contextmanager
def show_progress(console: Console) -> Iterator[Callable[[str], Told]]:
    """Give a function that, called with an assignment's name, gives its progress."""
    if not console.is_terminal:
        yield lambda name: _Lines(console, name)
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(compact=True, elapsed_when_finished=True),
        console=console,
    )
    with bar:

        def begin(name: str) -> Told:
            task = bar.add_task(name, total=None)

            def told(done: int, total: int, result: NotebookResult) -> None:
                if result.state != "graded":
                    bar.console.print(_line(result), style="yellow")
                bar.update(task, completed=done, total=total)

            return told

        yield begin


class _Lines:
    """Plain lines, for a log."""

    def __init__(self, console: Console, name: str) -> None:
        self._console = console
        self._name = name
        self._begun = monotonic()
        self._tenths = 0

    def __call__(self, done: int, total: int, result: NotebookResult) -> None:
        """Tell of a submission that needs attention, and of each tenth of the way."""
        if result.state != "graded":
            self._console.print(_line(result), soft_wrap=True)
        if done * 10 // total == self._tenths and done < total:
            return
        self._tenths = done * 10 // total
        seconds = max(monotonic() - self._begun, 1e-9)
        left = (total - done) * seconds / done
        self._console.print(
            Text(f"{self._name}: {done}/{total}, {done / seconds:.1f}/s, {left:.0f} s left"),
            soft_wrap=True,
        )


def _line(result: NotebookResult) -> Text:
    why = result.reason or next((e.reason for e in result.exercises if e.earned is None), "")
    return Text(plain(f"{result.student} {result.notebook}: {result.state}. {why}".rstrip()))
