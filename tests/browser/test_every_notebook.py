"""Each notebook, from its first cell to its last, as a browser shows it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.lab import Lab
from tests.conftest import ROOT

pytestmark = pytest.mark.browser

REPORT = "application/vnd.toollab.report+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
NOTEBOOKS = [path.relative_to(ROOT / "course") for path in sorted(ROOT.glob("course/*/*.ipynb"))]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_shows_its_widgets_and_redraws_its_pictures(
    opened: Callable[[str], Lab], path: Path
):
    """Run All ends well, nothing is attempted, each widget is drawn and each explorer moves."""
    lab = opened(path.as_posix())
    lab.run_all()
    assert lab.problems() == []
    reports, widgets = [], []
    for cell in lab.code_cells():
        for output in lab.outputs(cell):
            data = output.get("data", {})
            if REPORT in data:
                reports.append((data[REPORT]["outcome"], data[REPORT]["earned"]))
            if WIDGET in data:
                widgets.append(cell)
    assert set(reports) == {("not attempted", 0)}
    for cell in widgets:
        area = lab.show(cell).locator(".jp-OutputArea")
        area.locator(".jupyter-widgets").first.wait_for()
        assert area.get_by_text("Error displaying widget").count() == 0, cell
        if "explore(" in lab.source(cell):
            turn_a_knob(lab, cell)
            lab.look()


def turn_a_knob(lab: Lab, cell: str) -> None:
    """Move the first slider by one step, or choose otherwise, and wait for another picture."""
    area = lab.show(cell).locator(".jp-OutputArea")
    before = area.inner_html()
    sliders = area.locator(".noUi-handle")
    if sliders.count():
        sliders.first.press("ArrowRight")
    elif area.locator("select").count():
        area.locator("select").first.select_option(index=1)
    else:
        area.locator("input, button").first.click()
    lab.page.wait_for_function(
        """(before) => document.querySelector(
            '.jp-Notebook .jp-Cell.jp-mod-active .jp-OutputArea').innerHTML !== before""",
        arg=before,
    )
    lab.wait_idle()
