"""Rules about stored outputs: what a reader of the source sees without running it."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.release.canonical import canonical, shows_real_time
from autograder.release.course import to_bytes
from autograder.release.lint.model import Finding, Source, grading, is_check

__all__ = (
    "notebook_is_executed",
    "nothing_of_this_machine_is_stored",
    "solution_earns_every_point",
    "stored_form_is_canonical",
    "stub_earns_nothing",
)

REPORT = "application/vnd.toollab.report+json"
_ADDRESS = r"\bat 0x[0-9a-f]{6,}"
_SOMEBODYS_PATH = r"(?<![\w.:/])/(?:home|root|Users|tmp)/[^\s\"'<>]*"


def notebook_is_executed(source: Source) -> Iterator[Finding]:
    """Demand that every code cell was run once, in order, and none raised that should not."""
    refresh = f"python -m autograder refresh {source.name}"
    counts = [cell.execution_count for cell in source.code if cell.source.strip()]
    if counts != list(range(1, len(counts) + 1)):
        yield Finding("notebook", "It is not stored executed from top to bottom", refresh)
    for cell in source.code:
        kinds = {output.output_type for output in cell.outputs}
        if "error" in kinds and "raises-exception" not in cell.metadata.get("tags", ()):
            yield Finding(
                cell.id,
                "An error is stored with it",
                f"mend the cell, or tag it raises-exception; then {refresh}",
            )


def stored_form_is_canonical(source: Source) -> Iterator[Finding]:
    """Demand that the file has the one form that refresh writes: no widget state, no timings."""
    if to_bytes(source.notebook) != to_bytes(canonical(source.notebook)):
        yield Finding(
            "notebook",
            "It was saved by an editor and not refreshed since",
            f"python -m autograder refresh {source.name}",
        )


def nothing_of_this_machine_is_stored(source: Source) -> Iterator[Finding]:
    """Demand outputs without warnings, memory addresses and paths of the machine they ran on."""
    mine = {str(source.folder.parent), sys.prefix, str(Path.home()), tempfile.gettempdir()}
    paths = "|".join([_SOMEBODYS_PATH, *(re.escape(path) + r"\b" for path in sorted(mine))])
    for cell in source.code:
        if shows_real_time(cell):
            continue
        text = _text(cell)
        if any(output.get("name") == "stderr" for output in cell.outputs):
            yield Finding(cell.id, "It writes to stderr", "make it run without a warning")
        for what, pattern in (("an address in memory", _ADDRESS), ("a path", paths)):
            if found := re.search(pattern, text):
                yield Finding(
                    cell.id,
                    f"Its output shows {what}: {found.group()}",
                    "print what is the same on every machine",
                )


def _text(cell: NotebookNode) -> str:
    return json.dumps(cell.outputs, ensure_ascii=False)


def solution_earns_every_point(source: Source) -> Iterator[Finding]:
    """Demand that every stored report shows full marks: it judged the instructor's solution."""
    for cell in source.code:
        if is_check(cell):
            yield from _earned(cell, wanted=grading(cell).get("points"), who="solution")


def stub_earns_nothing(cell: NotebookNode) -> Iterator[Finding]:
    """Demand that the report of an executed check cell shows zero points for an untouched stub."""
    yield from _earned(cell, wanted=0, who="untouched stub")


def _earned(cell: NotebookNode, *, wanted: object, who: str) -> Iterator[Finding]:
    results = [output.data for output in cell.outputs if output.output_type == "execute_result"]
    data: dict[str, Any] = results[0] if results else {}
    report = data.get(REPORT, {})
    if not report:
        yield Finding(
            cell.id, f"With the {who} the check shows no report", "end the cell with report"
        )
        return
    shown, possible = data.get("text/plain"), report.get("possible")
    if shown != f"{wanted:g}" or report.get("earned") != wanted:
        yield Finding(
            cell.id,
            f"With the {who} the check earns {shown} points, not {wanted}",
            "look at the report of the cell",
        )
    if possible != grading(cell).get("points"):
        yield Finding(
            cell.id,
            f"Its report can award {possible} points, the cell {grading(cell).get('points')}",
            "make both the same",
        )
