"""Before execution: give every cell back the metadata it was handed out with.

Whoever edits a notebook by hand, or lets a tool do it, loses tags, points, types and whole
cells.  The gradebook knows them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor

from autograder.grading.stock.hidden import split

__all__ = ("Known", "RebuildMetadata", "rebuild")

_NOTICE = (
    "*The cell `{name}` was missing from the notebook handed in. It was put back for grading.*"
)
_PARTS_BEFORE_CHECK = ("-hints", "", "-card")


@dataclass(frozen=True, slots=True)
class Known:
    """One cell as it was handed out."""

    name: str
    cell_type: str
    source: str
    shown: str  # the source without hidden tests
    locked: bool
    grade: bool
    solution: bool
    task: bool
    points: float
    checksum: str | None

    def metadata(self) -> dict[str, Any]:
        """Return the cell's nbgrader metadata."""
        meta: dict[str, Any] = {
            "cell_type": self.cell_type,
            "checksum": self.checksum,
            "grade": self.grade,
            "grade_id": self.name,
            "locked": self.locked,
            "schema_version": 3,
            "solution": self.solution,
            "task": self.task,
        }
        if self.grade or self.task:
            meta["points"] = self.points
        return meta


def rebuild(
    notebook: NotebookNode, known: Mapping[str, Known], edited: Callable[[str], None]
) -> NotebookNode:
    """Restore, in place, what every cell that the gradebook knows was handed out with.

    Tags go: `skip-execution` would keep a check from being run.  Of several cells that claim
    to be the same one, the one whose own id says so counts, else the first.  A cell that lost
    its metadata is found by its id.  A missing cell that earns points is put back.  Locked
    cells get their text back, hidden tests included; `edited` is called with the name of each
    that was not as it was handed out.
    """
    places = _places(notebook, known)
    for index, cell in enumerate(notebook.cells):
        cell.metadata.pop("tags", None)
        cell.metadata.pop("nbgrader", None)
        if index in places:
            handed_out = known[places[index]]
            cell.metadata["nbgrader"] = handed_out.metadata()
            if handed_out.locked:
                if cell.source not in {handed_out.source, handed_out.shown}:
                    edited(handed_out.name)
                cell.source = handed_out.source
    for name in sorted(known.keys() - set(places.values())):
        if known[name].grade:
            _put_back(notebook, known[name])
    return notebook


def _places(notebook: NotebookNode, known: Mapping[str, Known]) -> dict[int, str]:
    """Return which cell, by its index, is which of the known ones."""
    claims: dict[str, list[int]] = {}
    for index, cell in enumerate(notebook.cells):
        meta = cell.metadata.get("nbgrader")
        name = meta.get("grade_id") if isinstance(meta, dict) else None
        if isinstance(name, str) and name in known:
            claims.setdefault(name, []).append(index)
    ids = {cell.get("id"): index for index, cell in reversed([*enumerate(notebook.cells)])}
    places = {}
    for name, indices in claims.items():
        places[ids[name] if ids.get(name) in indices else indices[0]] = name
    for name in known.keys() - claims.keys():
        if name in ids and ids[name] not in places:
            places[ids[name]] = name
    return places


def _put_back(notebook: NotebookNode, missing: Known) -> None:
    names = {
        cell.metadata.get("nbgrader", {}).get("grade_id"): index
        for index, cell in enumerate(notebook.cells)
    }
    names |= {cell.get("id"): index for index, cell in enumerate(notebook.cells)}
    stem = missing.name.removesuffix("-check")
    before = [names[name] for part in _PARTS_BEFORE_CHECK if (name := stem + part) in names]
    place = max(before) + 1 if before else len(notebook.cells)
    make = new_code_cell if missing.cell_type == "code" else new_markdown_cell
    metadata = {"nbgrader": missing.metadata()}
    notebook.cells[place:place] = [
        new_markdown_cell(_NOTICE.format(name=missing.name)),  # type: ignore[no-untyped-call]
        make(missing.source, metadata=metadata),  # type: ignore[no-untyped-call]
    ]


def known_cells(
    gradebook: Gradebook,
    notebook_id: str,
    assignment_id: str,
    without_hidden: Callable[[str], str],
) -> dict[str, Known]:
    """Read from nbgrader's gradebook what the cells of one notebook were handed out as."""
    notebook = gradebook.find_notebook(notebook_id, assignment_id)
    graded = {cell.name: cell for cell in notebook.grade_cells}
    tasks = {cell.name: cell for cell in notebook.task_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    return {
        cell.name: Known(
            name=cell.name,
            cell_type=cell.cell_type,
            source=cell.source,
            shown=without_hidden(cell.source),
            locked=cell.locked,
            grade=cell.name in graded,
            solution=cell.name in solutions,
            task=cell.name in tasks,
            points=float((graded | tasks)[cell.name].max_score)
            if cell.name in graded | tasks
            else 0.0,
            checksum=cell.checksum,
        )
        for cell in notebook.source_cells
    }


class RebuildMetadata(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Run `rebuild` on a submission, before any other step looks at it."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Rebuild one notebook from the gradebook that nbgrader names."""
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            known = known_cells(
                gradebook, about["notebook"], about["assignment"], self._without_hidden
            )
        return rebuild(nb, known, self._warn), resources

    def _without_hidden(self, source: str) -> str:
        regions = ClearHiddenTests(parent=self)
        return split(source, regions.begin_test_delimeter, regions.end_test_delimeter)[0]

    def _warn(self, name: str) -> None:
        self.log.warning("The text of the locked cell %s was changed; it is put back.", name)
