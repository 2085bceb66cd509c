"""What a notebook's first cell sets up, without a kernel and with a stand-in for one."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from toollab import _kernel, setup


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """An IPython shell that has never seen an error."""
    shell = SimpleNamespace()
    monkeypatch.setattr(_kernel, "_shell", lambda: shell)
    monkeypatch.setattr(_kernel, "_keepers", [])
    return shell


def _keepers() -> list[asyncio.Task[Any]]:
    return [t for t in asyncio.all_tasks() if t.get_name() == "toollab-stop-button"]


def test_outside_a_kernel_it_only_speaks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No shell, no loop: one line that says what the cells run on."""
    monkeypatch.setattr(_kernel, "_shell", lambda: None)
    setup()
    (line,) = capsys.readouterr().out.splitlines()
    assert "simulated" in line


def test_a_shell_gets_the_traceback_it_will_look_for(shell: SimpleNamespace) -> None:
    """IPython reads an attribute that it makes only with the first traceback."""
    setup()
    assert shell._last_traceback is None


def test_a_traceback_that_is_there_is_left_alone(shell: SimpleNamespace) -> None:
    """Calling it later in the day loses nothing."""
    shell._last_traceback = ["Traceback"]
    setup()
    assert shell._last_traceback == ["Traceback"]


def test_a_running_loop_is_kept_awake_once(shell: SimpleNamespace) -> None:  # noqa: ARG001 - a fixture, for what it does
    """One task a loop wakes it, however often the cell is run; a new loop gets its own."""

    async def notebook() -> list[asyncio.Task[Any]]:
        setup()
        setup()
        return _keepers()

    for _ in range(2):
        (task,) = asyncio.run(notebook())
        assert task.cancelled()
