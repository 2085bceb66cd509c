"""After execution: make nbgrader read the verdict, not the noise, off every check cell."""

from __future__ import annotations

from html import escape
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from autograder.grading.stock.verdict import verdict

__all__ = ("SettleGrades", "settle")


def settle(cell: NotebookNode) -> None:
    """Rewrite the outputs of one check cell so that `determine_grade` gives its verdict.

    What was written to stderr stays to be read, as plain output.  An error stays what it is,
    which is worth 0.  In any other case the cell's value becomes the number of points.
    """
    judged = verdict(cell, float(cell.metadata.nbgrader.points))
    for output in cell.outputs:
        if output.output_type == "stream":
            output.name = "stdout"
    results = [output for output in cell.outputs if output.output_type == "execute_result"]
    cell.outputs = [output for output in cell.outputs if output.output_type != "execute_result"]
    if any(output.output_type == "error" for output in cell.outputs):
        return
    if judged.reason:
        page = f"<p><strong>0 points.</strong> {escape(judged.reason)}</p>"
        result = new_output("execute_result", data={"text/html": page})  # type: ignore[no-untyped-call]
        result.execution_count = cell.execution_count
    else:
        result = results[-1]
    result.data["text/plain"] = f"{judged.points!r}"
    cell.outputs.append(result)


class SettleGrades(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Run `settle` on every check cell, between `Execute` and `SaveAutoGrades`."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Settle one cell, if it is a check."""
        del index
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
            settle(cell)
        return cell, resources
