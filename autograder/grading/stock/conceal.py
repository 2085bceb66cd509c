"""Before feedback: a learner sees what a check found, never how the hidden tests ask."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import ClearHiddenTests
from nbgrader.utils import is_grade, is_solution

from autograder.grading.stock.hidden import split
from autograder.grading.stock.verdict import verdict

__all__ = ("ConcealHiddenTests", "conceal")

REDACTED = "[hidden test]"


def conceal(notebook: NotebookNode, begin: str, end: str) -> NotebookNode:
    """Take, in place, the hidden regions of check cells out of sources and outputs.

    An error in a check cell becomes a sentence, for its traceback would walk through the
    region.  A learner's code can read the cell it is called from: wherever an output repeats
    a hidden line, the line is blacked out.
    """
    hidden: set[str] = set()
    for cell in notebook.cells:
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
            cell.source, lines = split(cell.source, begin, end)
            hidden |= lines
            _tell_errors(cell)
    hidden -= {line.strip() for cell in notebook.cells for line in cell.source.splitlines()}
    forms = sorted({form for line in hidden for form in _forms(line)}, key=len, reverse=True)
    for cell in notebook.cells:
        if cell.cell_type == "code" and forms:
            cell.outputs = [_black_out(output, forms) for output in cell.outputs]
    return notebook


def _tell_errors(cell: NotebookNode) -> None:
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if not errors:
        return
    told = verdict(cell, float(cell.metadata.nbgrader.points)).reason
    page = f"<p><strong>0 points.</strong> {escape(told)}</p>"
    data = {"text/plain": told, "text/html": page}
    cell.outputs = [output for output in cell.outputs if output not in errors]
    cell.outputs.append(new_output("display_data", data=data))  # type: ignore[no-untyped-call]


def _forms(line: str) -> Iterable[str]:
    """Yield a line as it may be shown: plain, inside a repr or JSON, inside HTML."""
    quoted = (json.dumps(line)[1:-1], json.dumps(line, ensure_ascii=False)[1:-1], repr(line)[1:-1])
    for form in (line, *quoted):
        yield form
        yield escape(form)


def _black_out(value: Any, forms: list[str]) -> Any:
    """Return a JSON value with every form of a hidden line in its texts blacked out."""
    if isinstance(value, str):
        for form in forms:
            value = value.replace(form, REDACTED)
        return value
    if isinstance(value, dict):
        return type(value)({key: _black_out(item, forms) for key, item in value.items()})
    if isinstance(value, list):
        return [_black_out(item, forms) for item in value]
    return value


class ConcealHiddenTests(ClearHiddenTests):  # type: ignore[misc]  # nbgrader has no types
    """Run `conceal` on an autograded notebook on its way to feedback.

    The delimiters are those of `ClearHiddenTests`, whose configuration it shares.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Conceal one notebook."""
        return conceal(nb, self.begin_test_delimeter, self.end_test_delimeter), resources
