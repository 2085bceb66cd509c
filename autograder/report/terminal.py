"""What the command line shows when a class has been graded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.grading.results import NotebookResult, walled
from autograder.grading.scores import Change
from autograder.plain import plain
from autograder.report.scores import Marks, is_judged, total, waiting

__all__ = ("Summary", "summary", "totals", "verdict", "walls")

_MARKS = {"graded": "✓", "partly graded": "◐", "failed": "✗", "missing": "○"}
_COLOURS = {"graded": "green", "partly graded": "yellow", "failed": "red", "missing": "dim"}
_SIGNS = {"passed": "✓", "failed": "✗", "not attempted": "○"}


Key = tuple[str, str]
"""A learner and an assignment."""


class Summary:
    """A table for each notebook, the totals, and what a regrade changed."""

    def __init__(
        self,
        results: Sequence[NotebookResult],
        changes: Sequence[Change] = (),
        penalties: Mapping[Key, float] | None = None,
        marks: Mapping[Key, Marks] | None = None,
        late: Collection[Key] = (),
    ) -> None:
        self._results = results
        self._changes = changes
        self._penalties = penalties or {}
        self._marks = marks or {}
        self._late = late

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the parts for rich."""
        for name, results in groupby(self._results, lambda result: result.notebook):
            yield self._table(name, list(results))
            yield Text()
        yield Text(totals(self._results))
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

    def _table(self, name: str, results: Sequence[NotebookResult]) -> Table:
        table = Table(box=None, pad_edge=False)
        for heading in (name, "state", "points", ""):
            table.add_column(heading, justify="right" if heading == "points" else "left")
        for result in results:
            marks = self._marks.get((result.student, result.assignment), {})
            points = f"{total(result, marks):g}" if is_judged(result, marks) else "–"
            table.add_row(
                _text(result.student),
                Text(f"{_MARKS[result.state]} {result.state}", style=_COLOURS[result.state]),
                Text(f"{points} of {result.possible:g}"),
                _text("\n".join(self._remarks(result, marks))),
            )
        return table

    def _remarks(self, result: NotebookResult, marks: Marks) -> list[str]:
        key = (result.student, result.assignment)
        remarks = [result.reason, *result.notes]
        if taken := self._penalties.get(key, 0.0):
            remarks.append(f"Late: {taken:g} points are taken off.")
        elif key in self._late:
            remarks.append("Late.")
        if left := [exercise.grade_id for exercise in waiting(result, marks)]:
            remarks.append(f"To be marked by hand: {', '.join(left)}.")
        return [remark for remark in remarks if remark]


def summary(
    results: Sequence[NotebookResult],
    changes: Sequence[Change] = (),
    penalties: Mapping[Key, float] | None = None,
    marks: Mapping[Key, Marks] | None = None,
    late: Collection[Key] = (),
) -> Summary:
    """Return the summary as something rich can print.

    By learner and assignment: `penalties` are the points lost for being late, `marks` is what
    people gave, `late` is who was late, whether or not that cost anything.
    """
    return Summary(results, changes, penalties, marks, late)


def walls(results: Iterable[NotebookResult]) -> list[str]:
    """Return one sentence for each wall that learners' code was behind."""
    names = sorted({result.jail for result in results if result.jail})
    return [
        f"Learners' code ran behind {name}."
        if walled(name)
        else f"Learners' code ran without a wall ({name.removeprefix('no jail: ')})."
        for name in names
    ]


def totals(results: Sequence[NotebookResult]) -> str:
    """Return one sentence: how many submissions ended in which state."""
    states = Counter(str(result.state) for result in results)
    parts = [f"{states[state]} {state}" for state in _MARKS if states[state]]
    noun = "submission" if len(results) == 1 else "submissions"
    return f"{len(results)} {noun}: {', '.join(parts) or 'none'}."


def _score(value: float | None) -> str:
    return "no score" if value is None else f"{value:g}"


def verdict(result: NotebookResult) -> Group:
    """Return one submission's result, check by check, as a learner reads it."""
    lines: list[RenderableType] = [
        _text(f"* {note}") for note in (*result.notes, result.reason) if note
    ]
    if result.state == "failed":
        return Group(*lines, Text("This cannot be graded, so it would have no points."))
    for exercise in result.exercises:
        score = f"{exercise.earned or 0:g} of {exercise.possible:g} points"
        title = exercise.title or exercise.grade_id
        lines.append(_text(f"\n{title}: {exercise.outcome}, {score}", style="bold"))
        if exercise.reason:
            lines.append(_indented(2, exercise.reason))
        for check in exercise.checks:
            lines.append(_indented(2, f"{_SIGNS.get(check.outcome, '?')} {check.check}"))
            if check.outcome == "failed":
                told = (("saw", check.saw), ("expected", check.expected), ("hint", check.hint))
                lines += [_indented(6, f"{word}: {text}") for word, text in told if text]
    lines.append(Text(f"\n{result.earned:g} of {result.possible:g} points"))
    return Group(*lines)


def _indented(by: int, text: str) -> RenderableType:
    """Return a text whose every line is indented, where it wraps, too."""
    return Padding(_text(text), (0, 0, 0, by), expand=False)


def _text(text: str, style: str = "") -> Text:
    """Return a text in which something may come from a learner."""
    return Text(plain(text), style=style)
