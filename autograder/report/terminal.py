"""What the command line shows when a class has been graded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.table import Table
from rich.text import Text

from autograder.grading.gradebook import Change
from autograder.grading.results import NotebookResult, walled

__all__ = ("Summary", "summary", "totals", "verdict", "walls")

_MARKS = {"graded": "✓", "partly graded": "◐", "failed": "✗", "missing": "○"}
_COLOURS = {"graded": "green", "partly graded": "yellow", "failed": "red", "missing": "dim"}
_SIGNS = {"passed": "✓", "failed": "✗", "not attempted": "○"}


class Summary:
    """A table of all submissions, the totals, and what a regrade changed."""

    def __init__(
        self,
        results: Sequence[NotebookResult],
        changes: Sequence[Change] = (),
        penalties: Mapping[tuple[str, str], float] | None = None,
    ) -> None:
        self._results = results
        self._changes = changes
        self._penalties = penalties or {}

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the parts for rich."""
        yield Group(self._table(), Text(totals(self._results)))
        for change in self._changes:
            why = f", because {change.why}" if change.why else ""
            yield Text(
                f"changed: {change.student} {change.notebook} {change.cell}: "
                f"{_score(change.before)} → {_score(change.after)}{why}"
            )
        yield from map(Text, walls(self._results))
        if any(not walled(result.jail) for result in self._results):
            yield Text(
                "Learners' code could reach this computer. "
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
                Text(_points(result)),
                Text(self._remarks(result)),
            )
        return table

    def _remarks(self, result: NotebookResult) -> str:
        remarks = [result.reason, *result.notes]
        taken = self._penalties.get((result.student, result.assignment), 0.0)
        if taken:
            remarks.append(f"late: {taken:g} points are taken off")
        if result.to_be_marked:
            remarks.append(f"to be marked by hand: {', '.join(result.to_be_marked)}")
        return " ".join(remark for remark in remarks if remark)


def _points(result: NotebookResult) -> str:
    """Return the score; a submission of which nothing was judged has none, not even 0."""
    judged = any(exercise.earned is not None for exercise in result.exercises)
    return f"{f'{result.earned:g}' if judged else '–'} of {result.possible:g}"


def summary(
    results: Sequence[NotebookResult],
    changes: Sequence[Change] = (),
    penalties: Mapping[tuple[str, str], float] | None = None,
) -> Summary:
    """Return the summary as something rich can print.

    `penalties` are the points lost for being late, by learner and assignment.
    """
    return Summary(results, changes, penalties)


def walls(results: Iterable[NotebookResult]) -> list[str]:
    """Return one sentence for each wall that learners' code was behind."""
    names = sorted({result.jail for result in results if result.jail})
    return [
        f"Learners' code ran behind {name}." if walled(name) else f"This run had {name}."
        for name in names
    ]


def totals(results: Sequence[NotebookResult]) -> str:
    """Return one sentence: how many submissions ended in which state."""
    states = Counter(str(result.state) for result in results)
    parts = [f"{states[state]} {state}" for state in _MARKS if states[state]]
    return f"{len(results)} submissions: {', '.join(parts) or 'none'}."


def _score(value: float | None) -> str:
    return "no score" if value is None else f"{value:g}"


def verdict(result: NotebookResult) -> Group:
    """Return one submission's result, check by check, as a learner reads it."""
    lines = [Text(f"* {note}") for note in (*result.notes, result.reason) if note]
    for exercise in result.exercises:
        score = f"{exercise.earned or 0:g} of {exercise.possible:g} points"
        title = exercise.title or exercise.grade_id
        lines.append(Text(f"\n{title}: {exercise.outcome}, {score}", style="bold"))
        if exercise.reason:
            lines.append(Text(f"  {exercise.reason}"))
        for check in exercise.checks:
            lines.append(Text(f"  {_SIGNS.get(check.outcome, '?')} {check.check}"))
            if check.outcome == "failed":
                told = (("saw", check.saw), ("expected", check.expected), ("hint", check.hint))
                lines += [Text(f"      {word}: {text}") for word, text in told if text]
    lines.append(Text(f"\n{result.earned:g} of {result.possible:g} points"))
    return Group(*lines)
