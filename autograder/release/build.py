"""The learner's notebook, as a pure function of the instructor's one.

nbgrader's own preprocessors do the work, in nbgrader's order, so that
`nbgrader generate_assignment` writes the same bytes.
"""

from __future__ import annotations

import copy
import os
from functools import cache
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.errors import CourseError

__all__ = ("STEPS", "learner_notebook", "nbgrader_config")

STEPS = (
    LockCells,
    ClearSolutions,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    ClearHiddenTests,
    ClearMarkScheme,
    ComputeChecksums,
    CheckCellMetadata,
)
"""`GenerateAssignment.preprocessors` without those that need a gradebook, a header or a kernel."""

_CONFIG = Path(__file__).resolve().parents[1] / "nbgrader_config.py"


@cache
def nbgrader_config() -> Config:
    """Return what `nbgrader_config.py` says: the one place for stubs and delimiters.

    The file also sets environment variables, for the process of an nbgrader command that reads
    it; this process is not one, and keeps its own.
    """
    before = dict(os.environ)
    try:
        return PyFileConfigLoader(_CONFIG.name, str(_CONFIG.parent)).load_config()
    finally:
        for name in {name for name, _ in os.environ.items() ^ before.items()}:
            if name in before:
                os.environ[name] = before[name]
            else:
                del os.environ[name]


def learner_notebook(source: NotebookNode, *, config: Config | None = None) -> NotebookNode:
    """Return the notebook a learner receives.  `source` is left as it is.

    Solutions give way to stubs, hidden tests and outputs are gone, graded cells are locked.
    Raises `CourseError` if nbgrader refuses the source.
    """
    notebook = copy.deepcopy(source)
    resources: dict[str, Any] = {}
    config = nbgrader_config() if config is None else config
    for step in STEPS:
        try:
            notebook, resources = step(config=config).preprocess(notebook, resources)
        except Exception as error:
            raise CourseError(
                f"nbgrader cannot release the notebook: {error} ({step.__name__})."
                " Hint: look at the BEGIN and END lines and at the cells' nbgrader metadata."
            ) from error
    return notebook
