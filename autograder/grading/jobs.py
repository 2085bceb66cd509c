"""From notebooks to jobs: which cell is the learner's, which check replaces which.

The instructor's check cells are taken from the source, whatever stands in the submission.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from autograder.grading.epilogue import epilogue
from autograder.grading.limits import Limits
from autograder.grading.wire.jobs import Cell, Check, Job
from autograder.grading.witness.names import Given, needs

__all__ = ("Blueprint",)

Notebook = Mapping[str, Any]
_LIBRARY = re.compile(
    r"^from toollab\.checks import [a-z]|^(?:from|import) toollab\.checks\.", re.MULTILINE
)
"""How a notebook takes a module of exercises from the library, as they all do in this course."""
_HEADING = re.compile(r"^#{1,6}\s+(.+)$", re.MULTILINE)


class Blueprint:
    """What is the same for every submission of an assignment: its checks, and what they need.

    Notebooks are plain JSON (nbformat 4).  `files` lie beside every learner's notebook.
    """

    def __init__(
        self,
        source: Notebook,
        *,
        files: Mapping[str, bytes] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.checks: dict[str, Check] = {}
        self.modules: tuple[str, ...] = ()
        self._files = dict(files or {})
        self._limits = limits or Limits()
        self._own: dict[str, dict[str, Any]] = {}
        given: list[Given] = []
        heading = ""
        modules: dict[str, None] = {}
        for cell in source["cells"]:
            text = _text(cell)
            if cell["cell_type"] == "markdown":
                found = _HEADING.search(text)
                heading = found[1].strip() if found else heading
            if cell["cell_type"] != "code":
                continue
            rules = _rules(cell)
            if not rules.get("grade") or rules.get("solution"):
                given.append(Given(text, answer=bool(rules.get("solution"))))
                if not rules.get("solution") and "id" in cell:
                    self._own[cell["id"]] = {**cell, "source": text}
                continue
            need = needs(text, given)
            name = str(rules["grade_id"])
            points = float(rules.get("points", 0))
            own = not any(_LIBRARY.search(statement) for statement in need.statements)
            self.checks[name] = Check(
                name, heading, points, text, need.statements, need.learners, own
            )
            for statement in need.statements:
                for found in re.findall(r"^(?:from|import) ([\w.]+)", statement, re.MULTILINE):
                    modules[found] = None
        self.modules = tuple(name for name in modules if name.startswith("toollab"))

    def epilogue(self, notebook: Notebook) -> dict[int, list[dict[str, Any]]]:
        """Return the places of cells that need not run in this submission, and what they show."""
        cells = [{**cell, "source": _text(cell)} for cell in notebook["cells"]]
        return epilogue(cells, self._own, self.checks)

    def job(self, notebook: Notebook, without: Collection[int] = ()) -> Job:
        """Return the job of one submission, mended by intake or not; some cells may be left out."""
        cells = []
        seen: set[str] = set()
        for place, cell in enumerate(notebook["cells"]):
            if cell["cell_type"] != "code" or place in without:
                continue
            grade_id = str(_rules(cell).get("grade_id", ""))
            check = self.checks.get(grade_id) if grade_id not in seen else None
            seen.add(grade_id)
            name = grade_id or str(cell.get("id", f"cell {place + 1}"))
            cells.append(Cell(place, name, "" if check else _text(cell), check))
        return Job(tuple(cells), self._files, self._limits)


def _text(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _rules(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    rules = cell.get("metadata", {}).get("nbgrader", {})
    return rules if isinstance(rules, dict) else {}
