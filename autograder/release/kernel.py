"""Run every cell of a notebook in a fresh kernel, offline, and say which cell went wrong."""

from __future__ import annotations

import copy
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from traitlets.config import Config

__all__ = ("CellError", "run")

TIMEOUT = 120
"""Seconds that one cell may take: none of the course takes five."""

_KEYS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "OPENAI_API_KEY")


class CellError(Exception):
    """A cell raised, hung, or took the kernel with it."""

    def __init__(self, cell_id: str, what: str) -> None:
        super().__init__(what)
        self.cell_id = cell_id
        self.what = what


def run(notebook: NotebookNode, folder: Path, *, timeout: int = TIMEOUT) -> NotebookNode:
    """Return the notebook with the outputs of a run from top to bottom in `folder`.

    Raises `CellError` at the first cell that raises, unless it is tagged `raises-exception`.
    """
    result = copy.deepcopy(notebook)
    with tempfile.TemporaryDirectory(prefix="kernel-") as scratch:
        at = ""

        def started(*, cell: NotebookNode, cell_index: int) -> None:
            nonlocal at
            at = cell.get("id", f"cell {cell_index}")

        client = NotebookClient(
            result,
            kernel_name="python3",
            config=_sockets(scratch),
            resources={"metadata": {"path": str(folder)}},
            timeout=timeout,
            record_timing=False,
            store_widget_state=False,
            shutdown_kernel="immediate",
            on_cell_start=started,
        )
        try:
            client.execute(env=_environment(scratch))
        except CellTimeoutError as error:
            raise CellError(at, f"The cell was still running after {timeout} s") from error
        except CellExecutionError as error:
            raise CellError(at, f"The cell raised {error.ename}: {error.evalue}") from error
        except DeadKernelError as error:
            raise CellError(at, "The kernel died while the cell ran") from error
    return result


def _sockets(scratch: str) -> Config:
    """Return settings for sockets in a private folder: no port is taken, nobody can listen."""
    if sys.platform == "win32":
        return Config()
    return Config(KernelManager={"transport": "ipc", "ip": f"{scratch}/k"})


def _environment(scratch: str) -> Mapping[str, str]:
    """Return an environment in which a run depends on this installation alone."""
    kept = {key: value for key, value in os.environ.items() if key not in _KEYS}
    return kept | {
        "IPYTHONDIR": scratch,  # nobody's start-up files
        "PYTHONHASHSEED": "0",
        "PYTHONSAFEPATH": "1",
    }
