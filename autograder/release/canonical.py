"""One form for a stored notebook, so that the same run always gives the same bytes."""

from __future__ import annotations

import copy
import re
from typing import Any

from nbformat import NotebookNode

__all__ = ("REAL_TIME", "canonical", "keep_real_time", "shows_real_time")

REAL_TIME = "nbval-ignore-output"
"""The tag of a cell whose output shows real time and so differs from run to run."""

_NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_OWN_METADATA = "toollab"
_DROPPED_CELL_METADATA = ("collapsed", "execution", "scrolled", "trusted")
_DROPPED_MIME = ("application/vnd.jupyter.widget-view+json",)
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def canonical(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook without what differs between two runs or two machines.

    Metadata is reduced to what the course uses, execution counts count from 1, live widget
    views give way to the HTML and text stored beside them, streams are joined.
    """
    result = copy.deepcopy(notebook)
    result.nbformat, result.nbformat_minor = 4, 5
    result.metadata = copy.deepcopy(_NOTEBOOK_METADATA)
    if _OWN_METADATA in notebook.metadata:
        result.metadata[_OWN_METADATA] = notebook.metadata[_OWN_METADATA]
    count = 0
    for cell in result.cells:
        for key in _DROPPED_CELL_METADATA:
            cell.metadata.pop(key, None)
        if cell.cell_type != "code":
            continue
        cell.outputs = _outputs(cell.outputs)
        if cell.execution_count is not None:
            count += 1
            cell.execution_count = count
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = cell.execution_count
    return result


def _outputs(outputs: list[NotebookNode]) -> list[NotebookNode]:
    kept: list[NotebookNode] = []
    for output in outputs:
        if output.output_type == "stream":
            before = kept[-1] if kept else None
            if before and before.output_type == "stream" and before.name == output.name:
                before.text += output.text
                continue
        elif output.output_type in {"display_data", "execute_result"}:
            for mime in _DROPPED_MIME:
                output.data.pop(mime, None)
                output.metadata.pop(mime, None)
            if not output.data:
                continue
        kept.append(output)
    return kept


def shows_real_time(cell: NotebookNode) -> bool:
    """Tell whether a cell is marked as showing real time."""
    return cell.cell_type == "code" and REAL_TIME in cell.metadata.get("tags", ())


def keep_real_time(
    fresh: NotebookNode, stored: NotebookNode, *, always: bool = False
) -> NotebookNode:
    """Return `fresh` with the stored outputs of the cells that show real time.

    A stored output is kept while it differs from the fresh one in nothing but numbers: a
    second run then gives the same bytes.  With `always` it is kept however it differs.
    """
    result = copy.deepcopy(fresh)
    before = {cell.id: cell for cell in stored.cells if shows_real_time(cell)}
    for cell in result.cells:
        if not shows_real_time(cell) or cell.id not in before:
            continue
        old = before[cell.id].outputs
        if old and (always or _shape(old) == _shape(cell.outputs)):
            cell.outputs = copy.deepcopy(old)
    return result


def _shape(value: Any) -> Any:
    """Return a JSON value with every number in it replaced, also inside text."""
    if isinstance(value, str):
        return _NUMBER.sub("#", value)
    if isinstance(value, dict):
        return {key: _shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shape(item) for item in value]
    return "#" if isinstance(value, int | float) and not isinstance(value, bool) else value
