"""Cells that are run twice: in the jail, and in a real kernel (ipykernel, through nbclient)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any

import nbformat
from nbclient import NotebookClient

from autograder.grading.limits import Limits
from autograder.grading.wire.jobs import Cell, Job
from tests.walled import shared_grader

__all__ = ("Outputs", "in_a_kernel", "in_the_jail", "without_numbers")

Outputs = list[dict[str, Any]]

_MEASURED = re.compile(r"\d+(\.\d+)?(e[+-]\d+)?( [nμm]?s\b)?")
_ELSEWHERE = (  # what stands elsewhere in the two, or is another number in each run
    (re.compile(r"0x[0-9a-f]+"), "0x"),
    (re.compile(r"<ipython-input-[\w-]+>|(/tmp/ipykernel_\d+/)?\b\d{6,}\.py"), "<cell>"),
    (re.compile(r"\S*/(site-packages|site\d)/"), "site/"),
    (re.compile(r"\r\n"), "\n"),
)
_LIMITS = Limits(cell_seconds=20.0, notebook_seconds=300.0)


def in_a_kernel(cells: Sequence[str], folder: Path) -> list[Outputs]:
    """Return each cell's outputs from a real kernel that works in this folder."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(dedent(cell).strip()) for cell in cells]
    )
    NotebookClient(
        notebook,
        kernel_name="python3",
        allow_errors=True,
        timeout=60,
        iopub_timeout=60,
        resources={"metadata": {"path": str(folder)}},
    ).execute()
    return [_normal(cell["outputs"]) for cell in notebook["cells"]]


def in_the_jail(cells: Sequence[str], limits: Limits = _LIMITS) -> list[Outputs]:
    """Return each cell's outputs from the jail."""
    sources = [dedent(cell).strip() for cell in cells]
    job = Job(tuple(Cell(n, f"cell {n}", text) for n, text in enumerate(sources)), {}, limits)
    seen = shared_grader().grade(job)
    assert not seen.reason
    return [_normal(seen.outputs[n]) for n in range(len(cells))]


def _normal(outputs: Sequence[Mapping[str, Any]]) -> Outputs:
    """Return outputs without what differs from run to run, and without the traceback's text.

    Between displays a kernel may send its two streams in either order; here stdout comes first.
    """
    found: Outputs = []
    streams: dict[str, str] = {}

    def end_streams() -> None:
        for name in sorted(streams, reverse=True):
            found.append({"output_type": "stream", "name": name, "text": _plain(streams[name])})
        streams.clear()

    for output in outputs:
        kind = output["output_type"]
        if kind == "stream":
            streams[output["name"]] = streams.get(output["name"], "") + output["text"]
            continue
        end_streams()
        if kind == "error":
            value = _plain(output["evalue"])
            found.append({"output_type": kind, "ename": output["ename"], "evalue": value})
        else:
            data = {mime: _plain(value) for mime, value in output["data"].items()}
            found.append({"output_type": kind, "data": data, "metadata": dict(output["metadata"])})
            if kind == "execute_result":
                found[-1]["execution_count"] = output["execution_count"]
    end_streams()
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        for pattern, text in _ELSEWHERE:
            value = pattern.sub(text, value)
    return value


def without_numbers(outputs: Outputs) -> Outputs:
    """Return outputs in which every number is `#`, with its unit of time: for what measures."""
    return [
        {
            key: _MEASURED.sub("#", found) if isinstance(found, str) else found
            for key, found in o.items()
        }
        for o in outputs
    ]
