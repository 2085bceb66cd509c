"""What the command line shows when a class has been graded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.table import Table
from rich.text import Text

from autograder.grading.gradebook import Change
from autograder.grading.results import NotebookResult

__all__ = ("Summary", "summary")

_MARKS = {"graded": "✓", "partly graded": "◐", "failed": "✗", "missing": "○"}
_COLOURS = {"graded": "green", "partly graded": "yellow", "failed": "red", "missing": "dim"}


class Summary:
    """A table of all submissions, the totals, and what a regrade changed."""

    def __init__(self, results: Sequence[NotebookResult], changes: Sequence[Change] = ()) -> None:
        self._results = results
        self._changes = changes

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the parts for rich."""
        yield Group(self._table(), Text(totals(self._results)))
        for change in self._changes:
            yield Text(
                f"changed: {change.student} {change.notebook} {change.cell}: "
                f"{_score(change.before)} → {_score(change.after)}"
            )
        unjailed = sorted({r.jail for r in self._results if r.jail.startswith("no jail")})
        if unjailed:
            yield Text(
                "This run had no jail: learners' code could reach this computer. "
                "Trust these grades only if you trust everybody who handed in.",
                style="bold red",
            )

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False)
        for heading in ("learner", "notebook", "state", "points", ""):
            table.add_column(heading, justify="right" if heading == "points" else "left")
        for result in self._results:
            table.add_row(
                Text(result.student),
                Text(result.notebook),
                Text(f"{_MARKS[result.state]} {result.state}", style=_COLOURS[result.state]),
                Text(f"{result.earned:g} of {result.possible:g}"),
                Text(_remarks(result)),
            )
        return table


def summary(results: Sequence[NotebookResult], changes: Sequence[Change] = ()) -> Summary:
    """Return the summary as something rich can print."""
    return Summary(results, changes)


def totals(results: Sequence[NotebookResult]) -> str:
    """Return one sentence: how many submissions ended in which state."""
    states = Counter(str(result.state) for result in results)
    parts = [f"{states[state]} {state}" for state in _MARKS if states[state]]
    return f"{len(results)} submissions: {', '.join(parts) or 'none'}."


def _remarks(result: NotebookResult) -> str:
    remarks = [result.reason, *result.notes]
    if result.to_be_marked:
        remarks.append(f"to be marked by hand: {', '.join(result.to_be_marked)}")
    return " ".join(remark for remark in remarks if remark)


def _score(value: float | None) -> str:
    return "no score" if value is None else f"{value:g}"
