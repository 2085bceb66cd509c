"""What a learner sees: JupyterLab in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.lab import Lab

pytestmark = pytest.mark.browser

OVERVIEW = "01-overview/01-overview.ipynb"
PARALLEL = "03-parallel-execution/03-parallel-execution.ipynb"
REPORT = "application/vnd.toollab.report+json"

WRONG = """def count_round_trips(transcript):
    turns = len(transcript)
    calls = sum(len(message.get("calls", [])) for message in transcript)
    return turns, calls, calls / turns if turns else 0.0
"""
RIGHT = """def count_round_trips(transcript):
    sizes = [len(m.get("calls") or []) for m in transcript if m["role"] == "assistant"]
    busy = [size for size in sizes if size]
    return len(sizes), sum(sizes), sum(busy) / len(busy) if busy else 0.0
"""


def report(lab: Lab, check: str) -> dict[str, Any]:
    """Return the report that a check cell shows."""
    (shown,) = [o for o in lab.outputs(check) if REPORT in o.get("data", {})]
    return dict(shown["data"][REPORT])


def test_a_newcomer_runs_notebook_01_guesses_and_solves_an_exercise(
    opened: Callable[[str], Lab],
):
    """Run All reaches the end, a guess is kept, a wrong answer explained, a right one praised."""
    lab = opened(OVERVIEW)
    lab.run_all()
    assert lab.problems() == []
    check = report(lab, "count-round-trips-check")
    assert (check["earned"], check["outcome"]) == (0, "not attempted")
    lab.show("two-ways")
    lab.look()

    cell = lab.show("guess-products")
    cell.get_by_role("button", name="B", exact=True).click()
    lab.run("products-run")
    outcome = lab.show("products-run")
    expect(outcome).to_contain_text("2 times")
    expect(outcome).to_contain_text("3 times")
    lab.look()

    lab.write("count-round-trips", WRONG)
    lab.run("count-round-trips-check")
    check = report(lab, "count-round-trips-check")
    assert check["outcome"] == "failed"
    shown = lab.show("count-round-trips-check")
    expect(shown).to_contain_text("Hint:")
    lab.look()

    lab.write("count-round-trips", RIGHT)
    lab.run("count-round-trips-check")
    check = report(lab, "count-round-trips-check")
    assert check["earned"] == check["possible"] > 0
    lab.show("count-round-trips-check")
    lab.look()


def test_validate_names_the_exercises_that_are_still_open(opened: Callable[[str], Lab]):
    """The Validate button runs the notebook and lists what has not full marks yet."""
    lab = opened(OVERVIEW)
    lab.page.locator(".jp-NotebookPanel-toolbar").get_by_text("Validate").click()
    results = lab.page.get_by_text("Validation Results")
    results.wait_for()
    expect(lab.page.locator(".jp-Dialog")).to_contain_text("count_round_trips")
    lab.look()


def test_the_stop_button_stops_an_awaiting_cell(opened: Callable[[str], Lab]):
    """After the set-up cell, an interrupt ends `await asyncio.sleep(3600)` at once."""
    lab = opened(PARALLEL)
    lab.run("set-up")
    waiting = lab.add("print('waiting')\nawait asyncio.sleep(3600)")
    lab.start(waiting)
    lab.page.wait_for_function(
        """(id) => window.jupyterapp.shell.currentWidget.content.widgets
            .find((one) => one.model.id === id).model.outputs.length > 0""",
        arg=waiting,
    )
    lab.page.evaluate("window.jupyterapp.commands.execute('notebook:interrupt-kernel')")
    lab.wait_idle()
    (error,) = [o for o in lab.outputs(waiting) if o["output_type"] == "error"]
    assert error["ename"] in {"CancelledError", "KeyboardInterrupt"}


def test_an_exception_group_does_not_leave_a_cell_running(opened: Callable[[str], Lab]):
    """In a kernel that only ever awaited, a TaskGroup's error is shown, and the next cell runs."""
    lab = opened(PARALLEL)
    first = lab.add("import asyncio, toollab\ntoollab.setup()\nawait asyncio.sleep(0)")
    lab.run(first)
    failing = lab.add(
        "async def fail():\n    raise ValueError('boom')\n\n"
        "async with asyncio.TaskGroup() as group:\n    group.create_task(fail())"
    )
    lab.run(failing)
    assert "boom" in str(lab.outputs(failing))
    after = lab.add("print('still here')")
    lab.run(after)
    assert "still here" in str(lab.outputs(after))


def test_hints_open_one_by_one(opened: Callable[[str], Lab]):
    """A hint shows its question first; the sketch stays closed until it is asked for."""
    lab = opened(OVERVIEW)
    lab.run("set-up")
    lab.run("count-round-trips-hints")
    cell = lab.show("count-round-trips-hints")
    expect(cell).not_to_contain_text("number for each turn")
    cell.get_by_role("button", name="Hint 1 of 3").click()
    expect(cell).to_contain_text("Which messages does the model send?")
    lab.look()
