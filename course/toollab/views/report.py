"""Render what a check found: plain data in, HTML or text out.

Nothing here judges.  Every text may come from a learner's code: it is escaped, cleaned and cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from toollab.views._html import badge, box, cap, inline
from toollab.views._svg import number, one_line
from toollab.views.picture import Picture

__all__ = ("ReportView", "Row", "report_html", "report_text")

_MARKS = {"passed": "✓", "failed": "✗", "not attempted": "○", "could not judge": "?"}
_TONES = {"passed": "good", "failed": "bad", "not attempted": "idle", "could not judge": "doubt"}
_MOST = 600
"""How many characters of one explanation are shown."""


@dataclass(frozen=True, slots=True)
class Row:
    """One check: its title, its outcome, points earned and possible, and why.

    `outcome` is `passed`, `failed`, `not attempted` or `could not judge`.  `saw`, `expected` and
    `hint` explain any outcome but `passed`; those left empty are left out.
    """

    title: str
    outcome: str
    earned: float
    possible: float
    saw: str = ""
    expected: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ReportView:
    """All that a report shows: the exercise, its checks, notes for the learner, pictures."""

    title: str
    earned: float
    possible: float
    rows: Sequence[Row]
    notes: Sequence[str] = ()
    pictures: Sequence[Picture] = ()


def report_html(view: ReportView) -> str:
    """Return a report as one self-contained piece of HTML, the same bytes each time."""
    tone = _overall(view)
    head = (
        f'<p style="margin:0 0 6px"><strong style="font-size:1.1em">'
        f"{inline(one_line(view.title))}:</strong> "
        f"{badge(_points(view.earned, view.possible), tone)} {_tally(view)}</p>"
    )
    rows = "".join(_row_html(row) for row in view.rows)
    if rows:
        rows = f'<ul style="list-style:none;margin:0;padding:0">{rows}</ul>'
    notes = "".join(
        box(f"<strong>Note:</strong> {inline(cap(note, _MOST))}", "info") for note in view.notes
    )
    pictures = "".join(
        f'<div style="margin-top:10px">{picture.html}</div>' for picture in view.pictures
    )
    return (
        '<div style="max-width:760px;text-align:left;line-height:1.45">'
        f"{head}{rows}{notes}{pictures}</div>"
    )


def _row_html(row: Row) -> str:
    mark = badge(f"{_MARKS[row.outcome]} {row.outcome}", _TONES[row.outcome])
    line = (
        '<div style="display:flex;gap:10px;align-items:baseline">'
        f'{mark} <span style="flex:1">{inline(one_line(row.title))}</span> '
        '<span style="white-space:nowrap;opacity:.85">'
        f"{_points(row.earned, row.possible)}</span></div>"
    )
    why = "".join(
        f'<div style="margin:3px 0"><strong>{name}:</strong> {inline(cap(told, _MOST))}</div>'
        for name, told in _why(row)
    )
    return (
        '<li style="border-top:1px solid rgba(127,127,127,.35);padding:5px 0;margin:0;'
        f'list-style:none">{line}{box(why, _TONES[row.outcome]) if why else ""}</li>'
    )


def _why(row: Row) -> list[tuple[str, str]]:
    """Return what explains a row; a passed one needs no explaining."""
    if row.outcome == "passed":
        return []
    first = "We saw" if row.outcome == "failed" else "Why"  # where nothing was seen to be wrong
    told = [(first, row.saw), ("We expected", row.expected), ("Hint", row.hint)]
    return [(name, words) for name, words in told if words.strip()]


def report_text(view: ReportView) -> str:
    """Return the same report for a terminal."""
    lines = [f"{one_line(view.title)}: {_points(view.earned, view.possible)}"]
    for row in view.rows:
        points = _points(row.earned, row.possible)
        lines.append(f"{_MARKS[row.outcome]} {row.outcome}: {one_line(row.title)} ({points})")
        for name, told in _why(row):
            first, *rest = cap(told, _MOST).splitlines()
            lines += [f"    {name}: {first}", *(f"      {line}" for line in rest)]
    lines += [f"Note: {one_line(cap(note, _MOST), 2 * _MOST)}" for note in view.notes]
    return "\n".join([*lines, *(f"\n{picture.text}" for picture in view.pictures)])


def _points(earned: float, most: float) -> str:
    return f"{number(earned)} of {number(most)} {'point' if most == 1 else 'points'}"


def _tally(view: ReportView) -> str:
    counts = Counter(row.outcome for row in view.rows)
    return ", ".join(f"{counts[outcome]} {outcome}" for outcome in _MARKS if counts[outcome])


def _overall(view: ReportView) -> str:
    outcomes = {row.outcome for row in view.rows}
    for outcome in ("failed", "could not judge", "not attempted"):
        if outcome in outcomes:
            return _TONES[outcome]
    return "good" if outcomes else "idle"
