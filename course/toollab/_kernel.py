"""What a notebook's first cell sets up in its kernel.

Two traps of today's Jupyter are cured here.  The stop button does not reach a cell that
awaits until its loop next wakes up: a task wakes it ten times a second.  And in a kernel that
only ever awaited, an uncaught ExceptionGroup leaves the cell running for ever, because IPython
looks for a traceback it has never stored: it gets an empty one.
"""

from __future__ import annotations

import asyncio
from typing import Any

__all__ = ("setup",)

_SECONDS_BETWEEN_WAKES = 0.1
_keepers: list[asyncio.Task[None]] = []


async def _keep_awake() -> None:
    while True:  # noqa: ASYNC110 - waking up is all it is for
        await asyncio.sleep(_SECONDS_BETWEEN_WAKES)


def setup() -> None:
    """Make the kernel fit for this course and say what the cells run on.

    Does nothing but print outside a kernel.  Calling it again changes nothing.
    """
    shell = _shell()
    if shell is not None and not hasattr(shell, "_last_traceback"):
        shell._last_traceback = None  # noqa: SLF001 - the attribute IPython forgets to make
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        loop = None
    if loop is not None and not any(not t.done() and t.get_loop() is loop for t in _keepers):
        _keepers[:] = [loop.create_task(_keep_awake(), name="toollab-stop-button")]
    print("Tools are simulated on this computer. No API key is needed.")  # noqa: T201 - the point


def _shell() -> Any:
    try:
        from IPython import get_ipython  # noqa: PLC0415 - not needed outside a notebook
    except ImportError:
        return None
    return get_ipython()
