"""JupyterLab as a learner's hands and eyes: a thin layer over Playwright."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

__all__ = ("Lab",)

_PANEL = "window.jupyterapp.shell.currentWidget"


class Lab:
    """One notebook, open in JupyterLab."""

    def __init__(self, page: Page, shots: Path | None, name: str) -> None:
        self.page = page
        self._shots = shots
        self._name = name
        self._taken = 0

    def open(self, url: str) -> None:
        """Load the page and wait for an idle kernel."""
        self.page.goto(url)
        self.page.locator(".jp-Notebook").first.wait_for()
        self.page.wait_for_function(f"{_PANEL}?.sessionContext?.session?.kernel?.status === 'idle'")

    def run_all(self) -> None:
        """Choose *Run All Cells* in the menu and wait until the last cell has run."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.locator('[data-command="runmenu:run-all"]').click()
        self.wait_idle()

    def wait_idle(self) -> None:
        """Wait until no cell is running or waits to run."""
        self.page.wait_for_function(
            f"""() => {{
                const panel = {_PANEL};
                const kernel = panel.sessionContext.session.kernel;
                const busy = panel.content.widgets.some(
                    (cell) => cell.model.executionState && cell.model.executionState !== 'idle'
                );
                return kernel.status === 'idle' && !busy;
            }}"""
        )

    def write(self, cell_id: str, source: str) -> None:
        """Replace a cell's text and run the cell."""
        self.show(cell_id)
        self.page.evaluate(
            f"""([id, source]) => {{
                const notebook = {_PANEL}.content;
                const cell = notebook.widgets.find((one) => one.model.id === id);
                cell.model.sharedModel.setSource(source);
            }}""",
            [cell_id, source],
        )
        self.run(cell_id)

    def start(self, cell_id: str) -> None:
        """Run one cell without waiting for it."""
        self.show(cell_id)
        self.page.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-cell')")

    def run(self, cell_id: str) -> None:
        """Run one cell and wait for it."""
        self.start(cell_id)
        self.wait_idle()

    def add(self, source: str) -> str:
        """Put a new code cell at the end, with this text, and return its id."""
        return str(
            self.page.evaluate(
                f"""(source) => {{
                    const notebook = {_PANEL}.content;
                    const model = notebook.model.sharedModel;
                    const cell = model.addCell({{cell_type: 'code', source}});
                    return cell.id;
                }}""",
                source,
            )
        )

    def show(self, cell_id: str) -> Locator:
        """Make a cell the active one, scroll to it, and return it."""
        self.page.evaluate(
            f"""async (id) => {{
                const notebook = {_PANEL}.content;
                const index = notebook.widgets.findIndex((one) => one.model.id === id);
                if (index < 0) throw new Error('no cell ' + id);
                notebook.activeCellIndex = index;
                notebook.deselectAll();
                await notebook.scrollToItem(index, 'start');
            }}""",
            cell_id,
        )
        cell = self.page.locator(".jp-Notebook .jp-Cell.jp-mod-active")
        cell.wait_for()
        return cell

    def outputs(self, cell_id: str) -> list[dict[str, Any]]:
        """Return what a cell has put out, as nbformat outputs."""
        found = self.page.evaluate(
            f"""(id) => {{
                const cell = {_PANEL}.content.widgets.find((one) => one.model.id === id);
                return JSON.stringify(cell.model.outputs.toJSON());
            }}""",
            cell_id,
        )
        return list(json.loads(found))

    def code_cells(self) -> list[str]:
        """Return the ids of all code cells, in order."""
        found = self.page.evaluate(
            f"""() => {_PANEL}.content.widgets
                .filter((cell) => cell.model.type === 'code').map((cell) => cell.model.id)"""
        )
        return list(found)

    def source(self, cell_id: str) -> str:
        """Return a cell's text."""
        return str(
            self.page.evaluate(
                f"""(id) => {_PANEL}.content.widgets
                    .find((one) => one.model.id === id).model.sharedModel.getSource()""",
                cell_id,
            )
        )

    def problems(self) -> list[str]:
        """Return the ids of all cells that show an error."""
        found = self.page.evaluate(
            f"""() => {_PANEL}.content.widgets
                .filter((cell) => cell.model.type === 'code')
                .filter((cell) => cell.model.outputs.toJSON()
                    .some((one) => one.output_type === 'error'))
                .map((cell) => cell.model.id)"""
        )
        return list(found)

    def look(self) -> None:
        """Keep a screenshot, if `TOOLLAB_SCREENSHOTS` names a folder."""
        if self._shots is not None:
            self._shots.mkdir(parents=True, exist_ok=True)
            self._taken += 1
            self.page.screenshot(path=self._shots / f"{self._name}-{self._taken}.png")
